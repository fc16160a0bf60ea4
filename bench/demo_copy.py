"""A copy of the demo shop in memory.  The demo is loaded once for each version of its code, into bench/results."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from shop import create_app
from shop.config import read_settings
from shop.extensions import db

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
SOURCES = ("shop/demo/*.py", "shop/demo/products.csv", "migrations/versions/*.py")
MEMORY = Path("/dev/shm")
MEDIA = "media"


@contextmanager
def open_copy() -> Iterator[Flask]:
    """A shop on a fresh copy of the demo's database."""
    demo = _loaded_demo()
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    try:
        shutil.copyfile(demo / "shop.db", folder / "shop.db")
        settings = read_settings({**_environment(folder), "MEDIA_FOLDER": str(demo / MEDIA)})
        app = create_app(settings, TEMPLATES_AUTO_RELOAD=False)
        yield app
        with app.app_context():
            db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "SHOP_ENV": "development",
        "SECRET_KEY": "a secret for benchmarks, long enough for the check",
        "DATA_KEY": base64.urlsafe_b64encode(b"b" * 32).decode(),
        "INSTANCE_FOLDER": str(folder),
    }


def _loaded_demo() -> Path:
    """The folder with the demo of this code; other ones are thrown away."""
    folder = RESULTS / f"demo-{_fingerprint()}"
    if not (folder / "loaded").exists():
        shutil.rmtree(RESULTS, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in (("db", "upgrade"), ("demo", "load")):
            _run(folder, *command)
        (folder / "loaded").touch()
    return folder


def _run(folder: Path, *command: str) -> None:
    print("bench:", *command, flush=True)
    environment = {**os.environ, **_environment(folder), "DATABASE_URL": ""}
    program = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    subprocess.run(
        program, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in SOURCES:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
