"""Printed codes in words: how one is printed, and how a batch stands."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from shop.rules.points.codes import grouped

STATES: Mapping[str, tuple[Any, str]] = {
    "new": (_l("还没下载"), "honey"),
    "open": (_l("在用"), "leaf"),
    "stopped": (_l("停掉了"), "rose"),
    "over": (_l("过期了"), ""),
}


def printed(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return grouped(code)


def batch_state_text(state: str) -> str:
    """How a batch stands."""
    return str(STATES[state][0])


def batch_state_tint(state: str) -> str:
    """The colour of that."""
    return STATES[state][1]


def init_code_words(app: Flask) -> None:
    app.jinja_env.filters["batch_state_text"] = batch_state_text
    app.jinja_env.filters["batch_state_tint"] = batch_state_tint
