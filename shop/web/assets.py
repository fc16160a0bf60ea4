"""Static files under names that carry a hash of what is in them: built once, kept by browsers for ever.

`asset(name)` in a template is a dictionary lookup.  Several workers may build at the same moment: each file is moved
into place whole, and the manifest last.
"""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from wsgiref.headers import Headers

import brotli
import click
from flask import Flask
from flask.cli import AppGroup
from whitenoise import WhiteNoise

from shop.web import bundles, offline

SOURCE = Path(__file__).parent.parent / "static"
TARGET = SOURCE / "dist"
PREFIX = "/static/"
MANIFEST = "manifest.json"
HASH_LENGTH = 12
HASHED_NAME = r"\.[0-9a-f]{12}\."
COPIED = ("icons.svg", "vendor/*.js", "fonts/*.woff2", "images/**/*.*")
COMPRESSED_SUFFIXES = (".css", ".js", ".svg")
UNHASHED_SECONDS = 60
SOURCE_URL = re.compile(r"url\(\"?\.\./([^\")]+)\"?\)")


@dataclass(frozen=True)
class Manifest:
    """Which file stands for which name, and from which state of the sources it was built."""

    fingerprint: str
    files: Mapping[str, str]

    def urls(self) -> dict[str, str]:
        return {name: PREFIX + hashed for name, hashed in self.files.items()}


def init_assets(app: Flask) -> None:
    """Build what is missing, serve it below /static/ and let templates look it up."""
    current = ready_assets(rebuild=not app.config["IS_PRODUCTION"])
    app.jinja_env.globals["asset"] = current.urls().__getitem__
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=TARGET,
        prefix=PREFIX,
        max_age=UNHASHED_SECONDS,
        allow_all_origins=False,
        immutable_file_test=HASHED_NAME,
        add_headers_function=add_asset_headers,
    )
    app.cli.add_command(commands)
    offline.init_offline(app, TARGET)


def add_asset_headers(headers: Headers, _path: str, _url: str) -> None:
    """No browser may take a static file for anything but its declared type."""
    headers["X-Content-Type-Options"] = "nosniff"


commands = AppGroup("assets", help="Stylesheets, scripts and pictures.")


@commands.command("build")
def build_command() -> None:
    """Build all static files under hashed names; a second run changes nothing."""
    built = build_assets()
    size = sum(path.stat().st_size for path in map(TARGET.joinpath, built.files.values()))
    click.echo(f"{len(built.files)} files, {size // 1024} KB, in {TARGET}")


def ready_assets(*, rebuild: bool, source: Path = SOURCE, target: Path = TARGET) -> Manifest:
    """The built files.  They are made when there are none and, if asked for, when a source has changed since."""
    manifest = _read_manifest(target)
    if manifest is None or (rebuild and manifest.fingerprint != fingerprint(source)):
        return build_assets(source, target)
    return manifest


def build_assets(source: Path = SOURCE, target: Path = TARGET) -> Manifest:
    """Write every file under its hashed name, with .br and .gz beside it.  A repeat writes the same."""
    previous = _read_manifest(target)
    state = fingerprint(source)
    files: dict[str, str] = {}
    for pattern in COPIED:
        for path in sorted(source.glob(pattern)):
            name = path.relative_to(source).as_posix()
            files[name] = _write(target, name, _shrunk(path))
    for name in bundles.STYLESHEETS:
        text = bundles.stylesheet(source / "css", name)
        linked = SOURCE_URL.sub(lambda match: f'url("{files[match.group(1)]}")', text)
        files[name] = _write(target, name, linked.encode())
    files["shop.js"] = _write(target, "shop.js", bundles.script(source / "js").encode())
    urls = Manifest(state, files).urls()
    _put(target / offline.WORKER, offline.worker(source / "js" / offline.WORKER, urls).encode())
    _put(target / MANIFEST, json.dumps({"fingerprint": state, "files": files}, indent=1).encode())
    _forget(target, set(files.values()), previous)
    return Manifest(state, files)


def fingerprint(source: Path = SOURCE) -> str:
    """A name for the state of all sources: their paths, sizes and times of change, and the code that builds them."""
    code = [Path(__file__), Path(bundles.__file__), Path(offline.__file__)]
    paths = sorted(path for path in source.rglob("*") if path.is_file() and "dist" not in path.parts)
    states = [(str(path), (state := path.stat()).st_size, state.st_mtime_ns) for path in [*code, *paths]]
    return hashlib.sha256(repr(states).encode()).hexdigest()[:HASH_LENGTH]


def _read_manifest(target: Path) -> Manifest | None:
    try:
        document = json.loads((target / MANIFEST).read_text())
    except FileNotFoundError:
        return None
    return Manifest(document["fingerprint"], document["files"])


def _shrunk(path: Path) -> bytes:
    """The content to send: comments in the sprite are for us."""
    if path.name == "icons.svg":
        return re.sub(r"<!--.*?-->\n?", "", path.read_text(), flags=re.DOTALL).encode()
    return path.read_bytes()


def _write(target: Path, name: str, content: bytes) -> str:
    """Put a file and its compressed forms in place; returns the hashed name."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122  (a name below a folder keeps its slash)
    hashed = f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_LENGTH]}{suffix}"
    path = target / hashed
    if path.exists():
        return hashed
    if suffix in COMPRESSED_SUFFIXES:
        _put(path.with_name(path.name + ".br"), brotli.compress(content))
        _put(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))
    _put(path, content)
    return hashed


def _put(path: Path, content: bytes) -> None:
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        draft.write(content)
    draft_path = Path(draft.name)
    draft_path.chmod(0o644)
    draft_path.replace(path)


def _forget(target: Path, current: set[str], previous: Manifest | None) -> None:
    """Remove what neither this build nor the one before it names: pages in flight still ask for the latter."""
    kept = current | set(previous.files.values() if previous else ())
    for path in target.rglob("*"):
        name = path.relative_to(target).as_posix()
        plain = name.removesuffix(".br").removesuffix(".gz")
        if path.is_file() and re.search(HASHED_NAME, name) and plain not in kept:
            path.unlink(missing_ok=True)
