"""The demo shop for the tests: loaded once for all processes of a run, after a load that was killed in the middle."""

import fcntl
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ROOT, run_command

PATIENCE_SECONDS = 120
KILLED_AT_MEMBERS = 20


@dataclass(frozen=True)
class Demo:
    """A loaded demo shop in a folder of its own, and how many members the shop had after the load that was killed."""

    environment: dict[str, str]
    database: Path
    printed: str
    members_after_kill: int


def demo_in(folder: Path, shared: Path, environment: Mapping[str, str]) -> Demo:
    """The demo in an SQLite file in ``folder``, copied from the one that the first who asks loads in ``shared``."""
    shared.mkdir(exist_ok=True)
    with (shared / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = shared / "told.json"
        if not told.exists():
            told.write_text(json.dumps(_load(shared / "shop", environment)))
    shutil.copytree(shared / "shop", folder, dirs_exist_ok=True)
    return Demo(_environment(folder, environment), folder / "shop.db", **json.loads(told.read_text()))


def _load(folder: Path, environment: Mapping[str, str]) -> dict[str, object]:
    shutil.rmtree(folder, ignore_errors=True)  # what a test run that was broken off has left
    folder.mkdir()
    environment = _environment(folder, environment)
    run_command("db", "upgrade", environment=environment)
    copy = folder / "shop.db.demo" / "shop.db"
    kill_load(environment, when=lambda: copy.exists() and count(copy, "members") >= KILLED_AT_MEMBERS)
    after_kill = count(folder / "shop.db", "members")
    printed = run_command("demo", "load", "--if-empty", environment=environment)
    return {"printed": printed, "members_after_kill": after_kill}


def _environment(folder: Path, environment: Mapping[str, str]) -> dict[str, str]:
    return {
        **environment,
        "INSTANCE_FOLDER": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'shop.db'}",
    }


def kill_load(environment: Mapping[str, str], *, when: Callable[[], bool]) -> None:
    """Start a load and kill -9 it at a moment in the middle."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "load"]
    load = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not when():
        assert load.poll() is None, "the load ended before it could be killed"
        assert time.monotonic() < deadline, "the load never came so far"
        with suppress(subprocess.TimeoutExpired):
            load.wait(0.05)
    load.send_signal(signal.SIGKILL)
    load.wait()


def count(database: Path, table: str) -> int:
    """Rows of a table, read past the shop; none while there is no such table yet."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
