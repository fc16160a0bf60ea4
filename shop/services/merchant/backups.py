"""A consistent copy of an SQLite shop in one file, while it serves; and the way back.

PostgreSQL has tools of its own for this (``docs/how-to/back-up.md``).
"""

import io
import sqlite3
import tarfile
import tempfile
from pathlib import Path

from shop.extensions import db

DATABASE, MEDIA = "shop.db", "media"


class BackupRefused(Exception):
    """Why no backup or restore was made, in one line."""


def back_up(target: Path, media_folder: Path) -> int:
    """Write the database and the pictures into one tar file; it appears whole or not at all.  Returns its bytes."""
    source = _database_file()
    unfinished = target.with_suffix(target.suffix + ".unfinished")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / DATABASE
        with sqlite3.connect(source) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        with tarfile.open(unfinished, "w") as archive:
            archive.add(copy, DATABASE)
            if media_folder.is_dir():
                archive.add(media_folder, MEDIA)
    unfinished.replace(target)
    return target.stat().st_size


def restore(source: Path, media_folder: Path, *, replace: bool) -> Path | None:
    """Put a backup in place of the shop, which must not be running.  Returns where the old database was kept.

    Raises BackupRefused when the file is no whole backup, or when the shop holds members and ``replace`` is not said.
    """
    database = _database_file()
    db.session.remove()
    db.engine.dispose()
    with tarfile.open(source) as archive:
        copy = _sound_copy(archive, database.parent)
        kept = _set_aside(database, replace=replace, unfinished=copy)
        copy.replace(database)
        _restore_pictures(archive, media_folder)
    return kept


def _restore_pictures(archive: tarfile.TarFile, media_folder: Path) -> None:
    media_folder.mkdir(parents=True, exist_ok=True)
    for member in archive.getmembers():
        content = archive.extractfile(member) if member.name.startswith(f"{MEDIA}/") else None
        if content is not None:  # only the last part of a name counts: an archive never writes elsewhere
            (media_folder / Path(member.name).name).write_bytes(content.read())


def _database_file() -> Path:
    url = db.engine.url
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupRefused("only SQLite shops are backed up this way; use pg_dump for PostgreSQL")
    return Path(url.database)


def _sound_copy(archive: tarfile.TarFile, folder: Path) -> Path:
    try:
        content = archive.extractfile(DATABASE)
    except KeyError:
        content = None
    if content is None:
        raise BackupRefused(f"there is no {DATABASE} in this file")
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / f".{DATABASE}.restoring"
    with copy.open("wb") as file:
        while chunk := content.read(io.DEFAULT_BUFFER_SIZE):
            file.write(chunk)
    with sqlite3.connect(copy) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            copy.unlink()
            raise BackupRefused("the database in this file is damaged")
    return copy


def _set_aside(database: Path, *, replace: bool, unfinished: Path) -> Path | None:
    if not database.exists():
        return None
    if not replace and _holds_members(database):
        unfinished.unlink()
        raise BackupRefused("this shop holds members; say --replace to put the backup in its place")
    kept = database.with_suffix(".replaced.db")
    with sqlite3.connect(
        database
    ) as connection:  # what the log still holds goes into the file before it is moved
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for ending in ("-wal", "-shm"):
        Path(f"{database}{ending}").unlink(missing_ok=True)
    database.replace(kept)
    return kept


def _holds_members(database: Path) -> bool:
    with sqlite3.connect(database) as connection:
        try:
            return bool(connection.execute("SELECT EXISTS (SELECT 1 FROM members)").fetchone()[0])
        except sqlite3.OperationalError:  # no tables yet
            return False
