"""The Flask application class: two session cookies, and the repeat of a unit of work that the database gave up."""

import random
import time

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

from shop.errors import Busy, TransactionLost

TRIES = 3
PAUSE_SECONDS = 0.05
BACK_OFFICE = "/merchant"
PROGRAMS = "/api/v1"
PROGRAMS_READ_BY_PEOPLE = "/api/v1/docs"


class TwoCookies(SecureCookieSessionInterface):
    """The back office has a session cookie of its own, so that neither login ever carries the other."""

    def get_cookie_name(self, app: Flask) -> str:
        secure = "__Secure-" if app.config["IS_PRODUCTION"] else ""
        if in_back_office():
            return f"{secure}shifen_staff"
        return "__Host-shifen" if secure else "shifen"

    def get_cookie_path(self, app: Flask) -> str:
        return BACK_OFFICE if in_back_office() else "/"


class ShopFlask(Flask):
    session_interface = TwoCookies()

    def dispatch_request(self) -> ResponseReturnValue:
        """Answer a request; when the database gave a transaction up, repeat the whole of it (invariants 3.5)."""
        for tried in range(1, TRIES + 1):
            try:
                return super().dispatch_request()
            except TransactionLost as error:
                if tried == TRIES:
                    raise Busy from error
                time.sleep(random.uniform(PAUSE_SECONDS / 2, PAUSE_SECONDS) * tried)  # noqa: S311
        raise AssertionError("unreachable")


def in_back_office() -> bool:
    """Whether this request is for the merchants' side."""
    return request.path == BACK_OFFICE or request.path.startswith(BACK_OFFICE + "/")


def is_for_programs() -> bool:
    """Whether this request is for the JSON interface; its docs page is for people."""
    return request.path.startswith(PROGRAMS + "/") and request.path != PROGRAMS_READ_BY_PEOPLE
