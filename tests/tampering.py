"""Changing what nobody can change by the shop's own means: append-only rows, with their triggers out of the way."""

import sqlite3
from contextlib import closing

from sqlalchemy import text

from shop.extensions import db
from shop.transaction import transaction


def tamper(*statements: str) -> None:
    """Run statements as somebody with a key to the database would: no trigger and no foreign key stands in the way."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        _tamper_with_file(str(db.engine.url.database), statements)
        return
    with transaction() as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            session.execute(text(statement))


def _tamper_with_file(file: str, statements: tuple[str, ...]) -> None:
    """A connection of its own, that knows no foreign keys; the triggers are away for a moment."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        for name, _definition in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _name, definition in triggers:
            connection.execute(definition)
        connection.execute("COMMIT")


class Kept:
    """Tables as they were: ``bring_back()`` undoes what was done to them, for the books are proved after each test."""

    def __init__(self, *tables: str) -> None:
        self._tables = tables
        tamper(*(f"CREATE TABLE kept_{table} AS SELECT * FROM {table}" for table in tables))

    def bring_back(self) -> None:
        tamper(
            *(f"DELETE FROM {table}" for table in reversed(self._tables)),
            *(f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in self._tables),
            *(f"DROP TABLE kept_{table}" for table in self._tables),
        )
