"""Reasons in words: every code of ``rules/reasons.py`` has one sentence here, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "lot_expired": _l("%(credited_on)s 得到的 %(points)s 分到期了"),
}


def explain(reason: Mapping[str, Any]) -> str:
    """The sentence for a stored reason (``{"code", "params"}``).  An unknown code shows nothing rather than jargon."""
    sentence = SENTENCES.get(reason["code"])
    return str(sentence) % reason["params"] if sentence else ""


def init_explanations(app: Flask) -> None:
    app.jinja_env.filters["explain"] = explain
