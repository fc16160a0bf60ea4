"""How connections behave: SQLite's pragmas and locking, PostgreSQL's time-outs."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, event

from shop.extensions import db
from shop.transaction import is_writing

SQLITE_PRAGMAS = ("journal_mode=wal", "busy_timeout=5000", "synchronous=full", "foreign_keys=on")
POSTGRES_OPTIONS = (
    "-c lock_timeout=3000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000"
)


def engine_options(url: str) -> dict[str, Any]:
    """Engine options for a database URL."""
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 5}}
    return {
        "pool_pre_ping": True,
        "pool_size": 8,
        "isolation_level": "READ COMMITTED",
        "connect_args": {"options": POSTGRES_OPTIONS},
    }


def write_lock(url: str) -> Path | None:
    """The file on which the writers of an SQLite shop queue; none on PostgreSQL."""
    prefix = "sqlite:///"
    if not url.startswith(prefix):
        return None
    return Path(url.removeprefix(prefix) + ".lock")


def prepare_engine(app: Flask) -> None:
    """Attach the connection rules to this application's engine."""
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            Path(str(engine.url.database)).parent.mkdir(parents=True, exist_ok=True)
            _prepare_sqlite(engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # sqlite3 must not open transactions by itself
        for pragma in SQLITE_PRAGMAS:
            connection.execute("pragma " + pragma)

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing() else "BEGIN")
