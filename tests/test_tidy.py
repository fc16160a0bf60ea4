"""What no linter knows about this house: sizes, and one place for the commit, the clock, the environment, the texts."""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeGuard

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "shop"
MODULE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
CLOCK_CALLS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "func.now",
    "time.time",
    "time.time_ns",
}
GETTEXT = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext", "lazy_pgettext"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CALENDAR_PARTS = re.compile(r"[年月日\s]+")
PROPER_NAMES = (  # languages and carriers are called by their own names
    SHOP / "web" / "languages.py",
    SHOP / "forms" / "merchant" / "carriers.py",
)
SPEAKING_MODULES = ("blueprints", "forms", "web", "services", "queries", "errors")


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def templates() -> list[Path]:
    return sorted((SHOP / "templates").rglob("*.html"))


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def attribute_uses(path: Path) -> Iterator[tuple[str, int]]:
    """Every ``name.attribute`` in a module, with its line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}", node.lineno


def lines_matching(pattern: str, paths: list[Path]) -> list[str]:
    compiled = re.compile(pattern)
    return [
        f"{place(path, number)}: {line.strip()}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if compiled.search(line)
    ]


def test_modules_are_short():
    long = [
        f"{place(path)} has {count} lines"
        for path in python_files("shop", "tests", "bench", "scripts")
        if (count := len(path.read_text().splitlines())) > MODULE_LINES_MAX
    ]

    assert not long, "\n".join(long)


def test_functions_fit_a_screen():
    long = [
        f"{place(path, node.lineno)} {node.name} has {count} lines"
        for path in python_files("shop", "tests", "bench", "scripts")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES_MAX
    ]

    assert not long, "\n".join(long)


def test_modules_are_named_after_what_they_hold():
    vague = [
        place(path)
        for path in python_files("shop", "tests", "bench", "scripts")
        if path.stem in {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc"}
    ]

    assert not vague, "\n".join(vague)


def test_only_transaction_commits():
    others = [path for path in python_files("shop", "scripts", "bench") if path != SHOP / "transaction.py"]

    assert not (found := lines_matching(r"\.commit\(", others)), "\n".join(found)


def test_only_the_clock_asks_the_time():
    asking = [
        f"{place(path, line)} uses {use}"
        for path in python_files("shop", "tests", "bench")
        if path != SHOP / "clock.py"
        for use, line in attribute_uses(path)
        if use in CLOCK_CALLS
    ]

    assert not asking, "\n".join(asking)


def test_templates_are_told_the_time():
    assert not (found := lines_matching(r"\bnow\(|\btoday\(", templates())), "\n".join(found)


def test_only_config_reads_the_environment():
    reading = [
        f"{place(path, line)} uses {use}"
        for path in python_files("shop")
        if path != SHOP / "config.py"
        for use, line in attribute_uses(path)
        if use in {"os.environ", "os.getenv", "os.environb"}
    ]

    assert not reading, "\n".join(reading)


def test_only_rendering_asks_htmx():
    others = [path for path in python_files("shop") if path != SHOP / "web" / "rendering.py"]
    found = lines_matching(r"\brequest\.htmx\b|HX-Request['\"]\]", others + templates())

    assert not found, "\n".join(found)


def test_templates_obey_the_content_security_policy():
    inline = lines_matching(
        r"\sstyle=|<style\b|<script(?![^>]*\b(src=|type=\"application/(ld\+)?json\"))|\son[a-z]+=\"|hx-on|javascript:|[\"'=]js:",
        templates(),
    )

    assert not inline, "\n".join(inline)


def test_templates_speak_through_the_catalogues():
    silent = [
        f"{place(path, number)}: {line.strip()}"
        for path in templates()
        for number, line in enumerate(without_jinja(path.read_text()).splitlines(), 1)
        if CHINESE.search(line)
    ]

    assert not silent, "texts outside the catalogues:\n" + "\n".join(silent)


def without_jinja(text: str) -> str:
    """The template without comments, expressions, statements and translated blocks; lines keep their numbers."""
    pattern = r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{\{.*?\}\}|\{%.*?%\}"
    return re.sub(pattern, lambda found: "\n" * found.group().count("\n"), text, flags=re.DOTALL)


def test_modules_speak_through_the_catalogues():
    silent = [
        f"{place(path, line)}: {text}"
        for name in SPEAKING_MODULES
        for path in ([SHOP / name] if name.endswith(".py") else python_files(f"shop/{name}"))
        if path not in PROPER_NAMES
        for text, line in untranslated_texts(tree_of(path))
    ]

    assert not silent, "texts outside the catalogues:\n" + "\n".join(silent)


def untranslated_texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Chinese string constants that are neither docstrings nor arguments of gettext nor parts of a date."""
    allowed = {id(part) for node in ast.walk(tree) if is_gettext(node) for part in ast.walk(node)}
    allowed |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not is_plain_text(node) or id(node) in allowed or CALENDAR_PARTS.fullmatch(node.value):
            continue
        if CHINESE.search(node.value):
            yield node.value, node.lineno


def test_gettext_gets_whole_sentences():
    glued = [
        place(path, node.lineno)
        for path in python_files("shop")
        for node in ast.walk(tree_of(path))
        if is_gettext(node) and node.args and not is_plain_text(node.args[0])
    ]

    assert not glued, "gettext needs one literal text, with %(name)s for what varies:\n" + "\n".join(glued)


def is_gettext(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT


def is_plain_text(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_rules_import_the_standard_library_only():
    foreign = [
        f"{place(path, node.lineno)} imports {name}"
        for path in python_files("shop/rules")
        for node in ast.walk(tree_of(path))
        for name in imported_names(node)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("shop.rules")
    ]

    assert not foreign, "\n".join(foreign)


def imported_names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [node.module or ""]
    return []


def test_layers_import_what_they_may(capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)

    assert status == 0, capsys.readouterr().out


def test_lock_files_name_no_address():
    locks = sorted((ROOT / "requirements").glob("*.txt"))

    assert locks
    assert not (found := lines_matching("://", locks)), "\n".join(found)


def test_readme_tells_every_setting():
    settings = re.findall(r"source(?:\.get\(|, )\"([A-Z][A-Z0-9_]+)\"", (SHOP / "config.py").read_text())
    readme = (ROOT / "README.md").read_text()

    assert settings
    assert not (missing := sorted({name for name in settings if f"`{name}`" not in readme})), missing


def test_open_points_have_an_issue():
    sources = python_files("shop", "tests", "bench", "scripts", "migrations") + templates()
    sources += [*SHOP.glob("static/js/*.js"), *SHOP.glob("static/css/**/*.css")]
    marker = "TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK"

    assert not (found := lines_matching(rf"\b({marker})\b(?!\(#\d+\))", sources)), "\n".join(found)


def test_tests_neither_sleep_nor_pretend():
    tests = [path for path in python_files("tests") if path != Path(__file__)]
    found = lines_matching(r"\btime\.sleep\(|unittest\.mock|\bmonkeypatch\.setattr\(.shop", tests)

    assert not found, "\n".join(found)
