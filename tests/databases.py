"""Two real databases for the tests: an SQLite file and a PostgreSQL cluster of our own.

Each is migrated once, by the real migrations.  ``restore()`` then brings it back to that first state before every test:
whatever rows the migrations wrote are there again, everything else is gone, sequences count from their start.
"""

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine

Migrate = Callable[[str], None]
APPLICATION = "shop-at-rest"
END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = 'shop' AND pid <> pg_backend_pid() AND (application_name <> %s OR state <> 'idle')
"""


class Database(Protocol):
    """A migrated database that can forget what a test did to it."""

    url: str
    shared_url: str

    def restore(self, engine: Engine) -> None:
        """Bring back the state right after the migrations.  Ends whatever still uses the database.

        ``engine`` belongs to the shop of the tests, which is at rest now; its URL is ``shared_url``.
        """


class SqliteDatabase:
    """A file in memory-backed storage where the machine has it; restored by copying the migrated file over it."""

    def __init__(self, folder: Path, migrate: Migrate) -> None:
        self._file, self._pristine = folder / "shop.db", folder / "pristine.db"
        self.url = self.shared_url = f"sqlite:///{self._file}"
        migrate(self.url)
        with sqlite3.connect(self._file) as connection:
            connection.execute("pragma wal_checkpoint(truncate)")
        connection.close()
        shutil.copyfile(self._file, self._pristine)

    def restore(self, engine: Engine) -> None:
        engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        # A new file, not new contents: a process that a test left behind keeps the old one and disturbs nobody.
        fresh = self._file.with_suffix(".fresh")
        shutil.copyfile(self._pristine, fresh)
        fresh.replace(self._file)

    def restore_in_place(self, engine: Engine) -> None:
        """Bring back the first state under processes that are at work: they see it at their next statement."""
        engine.dispose()
        with closing(sqlite3.connect(self._pristine)) as pristine, closing(self._live()) as live:
            pristine.backup(live)

    def _live(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=30)


class PostgresDatabase:
    """A database in our own cluster; restored by one server-side function that is written after the migrations.

    Connections at rest stay open from test to test: a new one first has to learn all tables and statements again.
    """

    def __init__(self, socket_folder: Path, migrate: Migrate) -> None:
        self.url = f"postgresql://postgres@/shop?host={socket_folder}"
        self.shared_url = f"{self.url}&application_name={APPLICATION}"
        self._admin_url = f"postgresql://postgres@/postgres?host={socket_folder}"
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE shop")
        migrate(self.url)
        self._connection = psycopg.connect(self.url, autocommit=True)
        _keep_pristine(self._connection)

    def restore(self, engine: Engine) -> None:
        self._connection.execute(END_OTHERS, (APPLICATION,))
        self._connection.execute("SELECT pristine.restore()")

    def close(self) -> None:
        """Let go of the connection; the cluster ends after it."""
        self._connection.close()


def _keep_pristine(connection: psycopg.Connection) -> None:
    """Copy the rows that the migrations wrote, and write the function that brings exactly them back.

    DELETE is far quicker than TRUNCATE on many small tables.  The replica role keeps foreign keys and the triggers that
    guard the ledger out of it.
    """
    connection.execute("CREATE SCHEMA pristine")
    steps = []
    for (table,) in connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    ).fetchall():
        name = sql.Identifier("public", table)
        steps.append(sql.SQL("DELETE FROM {};").format(name))
        if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
            kept = sql.Identifier("pristine", table)
            connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, name))
            steps.append(
                sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM {};").format(name, kept)
            )
    sequences = connection.execute(
        "SELECT sequencename, coalesce(last_value, start_value), last_value IS NOT NULL "
        "FROM pg_sequences WHERE schemaname = 'public'"
    )
    for sequence, value, is_called in sequences.fetchall():
        qualified = sql.Literal(f'public."{sequence}"')
        steps.append(sql.SQL("PERFORM setval({}, {}, {});").format(qualified, value, is_called))
    body = sql.SQL("BEGIN SET LOCAL session_replication_role = replica; {} END").format(
        sql.SQL(" ").join(steps)
    )
    connection.execute(
        sql.SQL("CREATE FUNCTION pristine.restore() RETURNS void LANGUAGE plpgsql AS {}").format(
            sql.Literal(body.as_string(connection))
        )
    )


def quick_folder() -> Path:
    """A new folder, in memory where the machine has such a place: tests wait for no disk."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="shifen-", dir=memory if os.access(memory, os.W_OK) else None))


@contextmanager
def sqlite_database(migrate: Migrate) -> Iterator[SqliteDatabase]:
    """An SQLite database for one test session."""
    folder = quick_folder()
    try:
        yield SqliteDatabase(folder, migrate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_database(migrate: Migrate) -> Iterator[PostgresDatabase]:
    """A PostgreSQL cluster for one test session: socket only, nothing synced, gone afterwards."""
    with postgres_cluster() as cluster, closing(PostgresDatabase(cluster.folder, migrate)) as database:
        yield database


class PostgresCluster:
    """A running server.  It can be killed and started again, for tests of bad luck."""

    def __init__(self, folder: Path, account: dict[str, object]) -> None:
        self.folder = folder
        self._account = account
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [str(postgres_program("postgres")), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for setting in (
            "listen_addresses=",
            "fsync=off",
            "full_page_writes=off",
            "synchronous_commit=off",
            "max_connections=120",
            "shared_buffers=64MB",
        ):
            command += ["-c", setting]
        log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, **self._account)  # type: ignore[call-overload]
        log.close()
        ready = [str(postgres_program("pg_isready")), "-q", "-h", str(self.folder), "-t", "1"]
        for _ in range(600):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            if self._process.poll() is not None:
                break
        raise RuntimeError("PostgreSQL did not start:\n" + (self.folder / "log").read_text())

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the server; ``at_once`` pulls the plug (kill -9 of the postmaster)."""
        if self._process is None:
            return
        if at_once:
            self._process.kill()
        else:
            self._process.send_signal(2)  # fast shutdown
        self._process.wait(30)
        self._process = None


@contextmanager
def postgres_cluster() -> Iterator[PostgresCluster]:
    """A new cluster with its socket in its folder.  As root it runs as the user postgres: initdb refuses root."""
    account = _unprivileged_account()
    folder = quick_folder()
    try:
        if account:
            os.chown(folder, account["user"], account["group"])  # type: ignore[arg-type]
        initdb = [
            str(postgres_program("initdb")),
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
        ]
        initdb += ["-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        done = subprocess.run(initdb, check=False, capture_output=True, text=True, cwd=folder, **account)  # type: ignore[call-overload]
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
        cluster = PostgresCluster(folder, account)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged_account() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def postgres_program(name: str) -> Path:
    """The newest installed server program of this name."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: float(path.parts[-3]),
        reverse=True,
    )
    on_path = shutil.which(name)
    if found:
        return found[0]
    if on_path:
        return Path(on_path)
    raise RuntimeError(f"PostgreSQL's {name} is not installed: run scripts/install.sh test")
