"""Where pictures are kept."""

from flask import Flask, current_app

from shop.adapters.storage.base import Storage
from shop.adapters.storage.local import LocalStorage

__all__ = ["Storage", "init_storage", "storage"]


def init_storage(app: Flask) -> None:
    app.extensions["storage"] = LocalStorage(app.config["MEDIA_FOLDER"])


def storage() -> Storage:
    """The storage of this shop."""
    chosen: Storage = current_app.extensions["storage"]
    return chosen
