"""Loading the demo whole or not at all, also when somebody pulls the plug in the middle.

On SQLite the story is told in a copy of the shop's file and written back in one step.  On PostgreSQL it is told in
place, under a marker: a load that finds the marker of an interrupted one empties the tables and starts again.
"""

import fcntl
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import delete, event, insert, select, text

from shop.books.points.chain import FIRST_HASH
from shop.config import Settings
from shop.crypto import blind_index
from shop.demo.people import DEMO_PHONES
from shop.demo.story import Told, tell
from shop.extensions import Model, db
from shop.models import ChainHead, JobRun, Member, ShelfState
from shop.transaction import transaction

MARKER = "demo_loading"
PATIENCE_SECONDS = 5
QUIET = {"synchronize_session": False}


class LoadRefused(Exception):
    """The demo is not loaded here.  The message says why."""


@dataclass(frozen=True)
class Standing:
    """What is in the shop: nobody, the demo, or members of its own."""

    is_empty: bool
    is_demo: bool


def standing() -> Standing:
    """Look who is in the shop.  A load that was interrupted counts as an empty shop."""
    if _is_marked():
        return Standing(is_empty=True, is_demo=False)
    is_empty = db.session.scalar(select(Member.id).limit(1)) is None
    first = select(Member.id).where(Member.phone_index == blind_index(DEMO_PHONES[0]))
    is_demo = db.session.scalar(first) is not None
    db.session.rollback()
    return Standing(is_empty, is_demo)


def load(present: datetime) -> Told:
    """Tell the whole story up to ``present`` in this shop, which has no members yet.

    Raises LoadRefused in production, when the shop has members, while another load is running, and when somebody used
    the shop during the load; then nothing has changed.
    """
    if current_app.config["IS_PRODUCTION"]:
        raise LoadRefused("the demo is not for production: it brings made-up members with a known password")
    settings: Settings = current_app.config["SETTINGS"]
    with _alone(settings.instance_folder):
        if not standing().is_empty:
            raise LoadRefused("this shop has members already; nothing was loaded")
        if settings.database_url.startswith("sqlite"):
            return _load_beside(Path(str(db.engine.url.database)), settings, present)
        return _load_in_place(present)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One load at a time on this machine; the lock ends with the process, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "demo.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LoadRefused("another load of the demo is running") from error
        yield


# SQLite: beside the shop


def _load_beside(shop_file: Path, settings: Settings, present: datetime) -> Told:
    workplace = shop_file.with_name(f"{shop_file.name}.demo")
    shutil.rmtree(workplace, ignore_errors=True)  # what an interrupted load left
    workplace.mkdir()
    copy = workplace / "shop.db"
    try:
        with closing(sqlite3.connect(shop_file, timeout=PATIENCE_SECONDS)) as shop:
            version = _data_version(shop)
            with closing(sqlite3.connect(copy)) as target:
                shop.backup(target)
            told = _tell_in(copy, workplace / "media", settings, present)
            _move_in(copy, workplace / "media", shop, version)
    finally:
        shutil.rmtree(workplace, ignore_errors=True)
    return told


def _tell_in(copy: Path, media: Path, settings: Settings, present: datetime) -> Told:
    from shop import create_app

    beside = create_app(replace(settings, database_url=f"sqlite:///{copy}", media_folder=media))
    with beside.app_context():
        event.listen(db.engine, "connect", _do_not_wait_for_the_disk)
        db.engine.dispose()
        try:
            return tell(present)
        finally:
            db.session.remove()
            db.engine.dispose()


def _do_not_wait_for_the_disk(connection: sqlite3.Connection, _record: object) -> None:
    """The copy is thrown away when the power fails."""
    connection.execute("pragma synchronous=off")


def _move_in(copy: Path, media: Path, shop: sqlite3.Connection, version: int) -> None:
    """Write the told story into the shop's file: one transaction of SQLite, in front of which all writers wait."""
    folder = Path(current_app.config["MEDIA_FOLDER"])
    folder.mkdir(parents=True, exist_ok=True)
    with Path(current_app.config["WRITE_LOCK"]).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if _data_version(shop) != version:
            raise LoadRefused("somebody used the shop during the load; close it and load again")
        for picture in media.iterdir():
            shutil.move(picture, folder / picture.name)
        with closing(sqlite3.connect(copy)) as told:
            told.backup(shop)


def _data_version(connection: sqlite3.Connection) -> int:
    """Changes whenever another connection has written to the file."""
    return int(connection.execute("pragma data_version").fetchone()[0])


# PostgreSQL: in place


def _load_in_place(present: datetime) -> Told:
    if _is_marked():
        _forget_everything()
    with transaction() as session:
        session.execute(insert(JobRun).values(name=MARKER, next_run_at=present))
    told = tell(present)
    with transaction() as session:
        session.execute(delete(JobRun).where(JobRun.name == MARKER), execution_options=QUIET)
    return told


def _is_marked() -> bool:
    marked = db.session.scalar(select(JobRun.name).where(JobRun.name == MARKER)) is not None
    db.session.rollback()
    return marked


def _forget_everything() -> None:
    """Empty every table; the guards of the append-only ones look at rows, not at this."""
    names = ", ".join(f'"{table.name}"' for table in Model.metadata.sorted_tables)
    with transaction() as session:
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        session.execute(insert(ShelfState).values(id=1, name=0))  # what migrations lay down comes back
        session.execute(insert(ChainHead).values(id=1, hash=FIRST_HASH))
