"""Uploaded pictures.  A name is never used twice, so browsers keep a file for ever."""

from pathlib import PurePosixPath

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from shop.errors import NotFound
from shop.queries.catalogue.pictures import picture_content

bp = Blueprint("media", __name__)

TYPES = {".webp": "image/webp", ".svg": "image/svg+xml"}
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/media/<name>")
def show(name: str) -> ResponseReturnValue:
    """One file, under the type that its own ending says: never the type that somebody claimed for it."""
    content = picture_content(name)
    if content is None:
        raise NotFound
    response = Response(content, mimetype=TYPES[PurePosixPath(name).suffix])
    response.headers["Cache-Control"] = FOR_EVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
