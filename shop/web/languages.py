"""Which language a page speaks: the member's choice, else the browser's, else Simplified Chinese."""

from flask import Flask, request, session
from flask_babel import get_locale
from flask_login import current_user

from shop.web.application import is_for_programs

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh_Hans", "zh_Hant", "en"
LANGUAGES = {SIMPLIFIED: "简体中文", TRADITIONAL: "繁體中文", ENGLISH: "English"}
HTML_TAGS = {SIMPLIFIED: "zh-CN", TRADITIONAL: "zh-Hant", ENGLISH: "en"}
TRADITIONAL_TAGS = ("zh-tw", "zh-hk", "zh-mo", "zh-hant")


def choose_locale() -> str:
    """The locale of this request; without a request (worker, command line) the shop's own."""
    if not request:
        return SIMPLIFIED
    if is_for_programs():
        return _from_browser()
    for choice in (session.get("locale"), getattr(current_user, "locale", None)):
        if choice in LANGUAGES:
            return str(choice)
    return _from_browser()


def locale_of_tag(tag: str) -> str | None:
    """Our locale for a browser's language tag, or None.  Werkzeug's own matching knows nothing of zh-CN or zh-TW."""
    low = tag.lower().replace("_", "-")
    if low.startswith(TRADITIONAL_TAGS):
        return TRADITIONAL
    if low == "zh" or low.startswith("zh-"):
        return SIMPLIFIED
    return ENGLISH if low == "en" or low.startswith("en-") else None


def _from_browser() -> str:
    for tag, _quality in request.accept_languages:
        if locale := locale_of_tag(tag):
            return locale
    return SIMPLIFIED


def html_language() -> str:
    """The value of ``<html lang>``."""
    return HTML_TAGS.get(str(get_locale()), "zh-CN")


def init_languages(app: Flask) -> None:
    app.jinja_env.globals.update(html_language=html_language, LANGUAGES=LANGUAGES)
