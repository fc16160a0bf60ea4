"""What a profile asks, in words; what a merchant added is shown as it was written."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from shop.queries.members.profile import Asked
from shop.web.rulebook_words.sections.people import profile_name

ANSWERS: Mapping[tuple[str, str], Any] = {
    ("gender", "female"): _l("女"),
    ("gender", "male"): _l("男"),
    ("gender", "other"): _l("其他"),
    ("skin_type", "dry"): _l("干性"),
    ("skin_type", "oily"): _l("油性"),
    ("skin_type", "combination"): _l("混合"),
    ("skin_type", "normal"): _l("中性"),
    ("skin_type", "sensitive"): _l("敏感"),
}


def asked_name(asked: Asked) -> str:
    """What is asked for."""
    return asked.name if asked.name is not None else profile_name(asked.code)


def answer_name(asked: Asked, answer: str) -> str:
    """One of the answers to choose from."""
    return str(ANSWERS[asked.code, answer]) if asked.name is None else answer


def init_profile_words(app: Flask) -> None:
    app.jinja_env.filters["asked_name"] = asked_name
