"""Where pictures and attached files are kept."""

from flask import Flask, current_app

from shop.adapters.storage.base import Storage
from shop.adapters.storage.local import ATTACHMENT, LocalStorage

__all__ = ["Storage", "attachments", "init_storage", "storage"]


def init_storage(app: Flask) -> None:
    app.extensions["storage"] = LocalStorage(app.config["MEDIA_FOLDER"])
    app.extensions["attachments"] = LocalStorage(app.config["MEDIA_FOLDER"], ATTACHMENT)


def storage() -> Storage:
    """The storage of this shop."""
    chosen: Storage = current_app.extensions["storage"]
    return chosen


def attachments() -> Storage:
    """The storage of what colleagues attach as proof; the application hands it out to colleagues alone."""
    chosen: Storage = current_app.extensions["attachments"]
    return chosen
