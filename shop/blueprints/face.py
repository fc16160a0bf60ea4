"""The shop's colours as a stylesheet, and its name as the manifest of an app."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from shop.errors import NotFound
from shop.web.face import shop_face, theme_styles

bp = Blueprint("face", __name__)

HUES = re.compile(r"(\d{1,3})-(\d{1,3})", re.ASCII)
FOR_EVER = "public, max-age=31536000, immutable"


@bp.get("/theme.css")
def theme() -> ResponseReturnValue:
    """The stylesheet of two hues, which the address names; without them that of this shop."""
    asked = request.args.get("v")
    if asked is None:
        face = shop_face()
        return _styles(face.brand_hue, face.spark_hue, "no-cache")
    found = HUES.fullmatch(asked)
    if not found or any(int(hue) > 359 for hue in found.groups()):
        raise NotFound
    return _styles(int(found[1]), int(found[2]), FOR_EVER)


@bp.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """What a phone needs to keep the shop among its apps."""
    face = shop_face()
    asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    answer = jsonify(
        name=face.name,
        short_name=face.name,
        description=face.slogan,
        lang=str(get_locale()).replace("_", "-"),
        start_url="/",
        display="standalone",
        background_color="#f8f9f5",
        theme_color="#f8f9f5",
        icons=[
            {"src": asset("images/app/icon-180.png"), "sizes": "180x180", "type": "image/png"},
            {"src": asset("images/app/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        ],
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _styles(brand_hue: int, spark_hue: int, cache: str) -> Response:
    answer = Response(theme_styles(brand_hue, spark_hue), mimetype="text/css")
    answer.headers["Cache-Control"] = cache
    return answer
