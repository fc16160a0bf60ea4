"""How migrations run: one transaction each; on SQLite with foreign keys off, so that rebuilding a table keeps its rows."""

from alembic import context
from flask import current_app
from sqlalchemy import MetaData

from shop.extensions import Moment

database = current_app.extensions["migrate"].db


def metadata() -> MetaData:
    return database.metadatas[None]


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our own column types as what they are in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run_migrations_offline() -> None:
    """Write the SQL instead of running it."""
    url = database.engine.url.render_as_string(hide_password=False)
    context.configure(url=url, target_metadata=metadata(), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online() -> None:
    """Migrate the application's database."""
    options = current_app.extensions["migrate"].configure_args
    with database.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=off")
        try:
            context.configure(
                connection=connection, target_metadata=metadata(), render_item=render_item, **options
            )
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if is_sqlite:
                connection.rollback()
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=on")


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
