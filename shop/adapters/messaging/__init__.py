"""Text messages to phones."""

from flask import Flask, current_app

from shop.adapters.messaging.base import Messenger
from shop.adapters.messaging.sandbox import SandboxMessenger

__all__ = ["Messenger", "init_messaging", "messenger"]


def init_messaging(app: Flask) -> None:
    app.extensions["messenger"] = SandboxMessenger()


def messenger() -> Messenger:
    """The messenger of this shop."""
    chosen: Messenger = current_app.extensions["messenger"]
    return chosen
