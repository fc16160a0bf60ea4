"""The commands of ``flask --app wsgi``: one module per group, registered here."""

from importlib import import_module

from flask import Flask

GROUPS: tuple[str, ...] = (
    "ledger",
    "audit",
    "jobs",
    "worker",
    "backup",
    "restore",
    "members",
    "points",
    "purchases",
    "staff",
    "rulebook",
    "setup",
    "demo",
)


def register_commands(app: Flask) -> None:
    """Register every command group or command named ``command`` in the modules of this package."""
    for name in GROUPS:
        app.cli.add_command(import_module(f"shop.cli.{name}").command)
