"""Static files: hashed names, compressed forms, repeatable builds, and what the first view weighs."""

import gzip
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest

from shop.web import assets, bundles, offline
from shop.web.assets import MANIFEST, PREFIX, SOURCE, build_assets, ready_assets
from tests.web.stage import make_stage

TEMPLATES = Path(assets.__file__).parents[1] / "templates"
FIRST_VIEW_BYTES_MAX = {
    "storefront.css": 14_000,
    "vendor/htmx.js": 17_000,
    "shop.js": 3_000,
    "icons.svg": 4_096,
    "fonts/shifen-num.woff2": 6_000,
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A build in a folder of its own."""
    target = tmp_path_factory.mktemp("dist")
    return target, build_assets(SOURCE, target)


@pytest.fixture
def sources(tmp_path):
    """A copy of the sources that a test may change."""
    shutil.copytree(SOURCE, tmp_path / "static", ignore=shutil.ignore_patterns("dist", "finds"))
    finds = tmp_path / "static" / "images" / "finds"
    finds.mkdir(parents=True)
    shutil.copy(SOURCE / "images" / "finds" / "cloud.webp", finds)
    return tmp_path / "static"


def test_each_name_carries_the_hash_of_its_content(built):
    target, manifest = built

    for name, hashed in manifest.files.items():
        assert re.fullmatch(r".+\.[0-9a-f]{12}\.\w+", hashed), hashed
        assert Path(hashed).suffix == Path(name).suffix
        assert (target / hashed).is_file()


def test_text_stands_compressed_beside_itself(built):
    target, manifest = built

    for name in ("storefront.css", "merchant.css", "shop.js", "vendor/htmx.js", "icons.svg"):
        path = target / manifest.files[name]
        assert brotli.decompress(path.with_name(path.name + ".br").read_bytes()) == path.read_bytes()
        assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()


def test_stylesheet_asks_for_the_hashed_font(built):
    target, manifest = built

    linked = re.findall(r'url\("([^"]+)"\)', (target / manifest.files["storefront.css"]).read_text())

    assert linked == [manifest.files["fonts/shifen-num.woff2"]]


def test_phone_does_not_load_the_back_office(built):
    target, manifest = built
    storefront = (target / manifest.files["storefront.css"]).read_text()
    merchant = (target / manifest.files["merchant.css"]).read_text()

    assert ".kpis{" not in storefront
    assert ".plate-top{" not in merchant
    assert all(
        ".btn{" in text and ".hue-355{" in text and ".v-100{" in text for text in (storefront, merchant)
    )


def test_small_stylesheet_keeps_what_matters():
    source = (
        '/* away */ a > b:hover {\n  content: "a;  /* {} */ b";\n  margin: calc(1px + 2px);\n  --dark: ;\n}\n'
    )

    assert bundles.small_css(source) == 'a>b:hover{content:"a;  /* {} */ b";margin:calc(1px + 2px);--dark: }'


def test_first_view_is_light(built):
    target, manifest = built

    heavy = {}
    for name, bytes_max in FIRST_VIEW_BYTES_MAX.items():
        path = target / manifest.files[name]
        compressed = path.with_name(path.name + ".br")
        size = (compressed if compressed.exists() else path).stat().st_size
        if size > bytes_max:
            heavy[name] = size

    assert heavy == {}


def test_second_build_changes_nothing(sources, tmp_path):
    target = tmp_path / "dist"
    first = build_assets(sources, target)
    before = {path: path.stat().st_mtime_ns for path in target.rglob("*.*") if path.name != MANIFEST}

    second = build_assets(sources, target)

    assert second == first
    assert {path for path, changed in before.items() if path.stat().st_mtime_ns != changed} <= {
        target / "sw.js"
    }


def test_changed_source_is_built_again_in_development_only(sources, tmp_path):
    target = tmp_path / "dist"
    first = ready_assets(rebuild=True, source=sources, target=target)
    (sources / "css" / "components" / "btn.css").write_text(
        "@layer components {\n  .btn {\n    color: inherit;\n  }\n}\n"
    )

    kept = ready_assets(rebuild=False, source=sources, target=target)
    rebuilt = ready_assets(rebuild=True, source=sources, target=target)

    assert kept == first
    assert rebuilt.files["storefront.css"] != first.files["storefront.css"]
    assert rebuilt.files["icons.svg"] == first.files["icons.svg"]
    assert (target / first.files["storefront.css"]).is_file(), "pages in flight still ask for the one before"


def test_only_the_build_before_is_kept(sources, tmp_path):
    target = tmp_path / "dist"
    builds = []
    for colour in ("inherit", "currentColor", "transparent"):
        (sources / "css" / "components" / "btn.css").write_text(
            f"@layer components {{\n  .btn {{\n    color: {colour};\n  }}\n}}\n"
        )
        builds.append(build_assets(sources, target).files["storefront.css"])

    assert [(target / name).exists() for name in builds] == [False, True, True]


def test_workers_may_build_at_the_same_moment(sources, tmp_path):
    target = tmp_path / "dist"

    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda _: build_assets(sources, target), range(4)))

    assert all(manifest == built[0] for manifest in built)
    assert not list(target.rglob(".*")), "no draft is left behind"
    assert ready_assets(rebuild=True, source=sources, target=target) == built[0]


def test_static_files_are_kept_for_ever_and_served_compressed():
    app = make_stage()
    address = app.jinja_env.globals["asset"]("storefront.css")

    answer = app.test_client().get(address, headers={"Accept-Encoding": "gzip, br"}, buffered=True)

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert address.startswith(PREFIX)


def test_unknown_asset_is_our_own_mistake():
    app = make_stage()

    with pytest.raises(KeyError):
        app.jinja_env.globals["asset"]("no-such-file.css")


def test_worker_keeps_nothing_of_a_member():
    client = make_stage().test_client()

    worker = client.get("/sw.js", buffered=True)
    page = client.get("/offline")

    assert worker.headers["Cache-Control"] == "no-cache"
    kept = re.search(r"const KEPT = \[(.*?)\];", worker.text).group(1)
    assert kept.count('"') == 2 * (1 + len(offline.KEPT))
    assert "网络走丢了" in page.text
    assert "csrf" not in page.text
    assert "Set-Cookie" not in page.headers


def test_script_is_one_module_without_imports():
    text = bundles.script(SOURCE / "js")
    modules = [(SOURCE / "js" / f"{name}.js").read_text() for name in bundles.SCRIPTS]
    names = re.findall(r"^(?:export )?const (\w+) =", "\n".join(modules), re.MULTILINE)

    assert not re.search(r"^(import|export) ", text, re.MULTILINE)
    assert len(names) == len(set(names)), "two modules use the same name"
    sources = {path.stem for path in (SOURCE / "js").glob("*.js")} - {Path(offline.WORKER).stem}
    assert sources == set(bundles.SCRIPTS)


def test_every_icon_of_the_templates_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="i-([a-z0-9-]+)"', (SOURCE / "icons.svg").read_text()))
    pattern = re.compile(r"""\bicon\(['"]([a-z0-9-]+)['"]|icon_name=['"]([a-z0-9-]+)['"]""")

    asked = {
        (name, path.relative_to(TEMPLATES).as_posix())
        for path in TEMPLATES.rglob("*.html")
        for found in pattern.findall(path.read_text())
        for name in found
        if name
    }

    assert {place for place in asked if place[0] not in drawn} == set()


def test_every_value_class_of_the_templates_exists():
    known = set(re.findall(r"\.([a-z][\w-]*) \{", bundles.value_utilities()))
    known |= {
        name
        for path in (SOURCE / "css").rglob("*.css")
        for name in re.findall(r"\.([a-z][\w-]*)", path.read_text())
    }
    value_class = re.compile(r"(?:hue|v|gap|w|fs|tint|lot|n|col)-[a-z0-9]+")

    missing = {
        (name, path.relative_to(TEMPLATES).as_posix())
        for path in TEMPLATES.rglob("*.html")
        for classes in re.findall(r'class="([^"{}]*)"', path.read_text())
        for name in classes.split()
        if value_class.fullmatch(name) and name not in known
    }

    assert missing == set()
