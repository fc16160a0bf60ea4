"""The cookie by which a browser is known again: a random token that says nothing; the shop keeps a keyed hash of it."""

import re
from datetime import timedelta

from flask import Flask, Response, current_app, g, request

from shop.crypto import new_token

KEPT = timedelta(days=400)  # the longest that browsers keep one
TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


def init_device_cookie(app: Flask) -> None:
    app.after_request(_keep)


def device_token() -> str:
    """What this browser is known by; made at the first call, and kept by the browser from then on."""
    known = request.cookies.get(_name(), "")
    if not TOKEN.fullmatch(known):
        known = g.get("new_device_token") or new_token()
        g.new_device_token = known
    return known


def _keep(response: Response) -> Response:
    token = g.get("new_device_token")
    if token:
        response.set_cookie(
            _name(),
            token,
            max_age=KEPT,
            secure=current_app.config["IS_PRODUCTION"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _name() -> str:
    return "__Host-shifen_device" if current_app.config["IS_PRODUCTION"] else "shifen_device"
