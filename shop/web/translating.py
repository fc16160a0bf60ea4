"""Texts in the language of the page.  Simplified Chinese is the source: there is no catalogue to look it up in.

Templates ask for dozens of texts a page, so both ways, Python's and the templates', are kept short.
"""

from functools import lru_cache
from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from shop.extensions import babel

SOURCE_SCRIPT = "Hans"
TEXTS_KEPT = 4096


class SourceDomain(Domain):
    """Flask-Babel's domain, with the source language as a short cut."""

    def gettext(self, string: str, **variables: Any) -> str:
        """The text in the page's language."""
        if not _is_source():
            return str(super().gettext(string, **variables))  # type: ignore[no-untyped-call]
        return string % variables if variables else string


def init_translating(app: Flask) -> None:
    with app.app_context():
        babel.domain_instance = SourceDomain(domain=babel.domain)  # type: ignore[no-untyped-call]
    app.jinja_env.globals.update(gettext=in_template, _=in_template)


@pass_eval_context
def in_template(evaluation: EvalContext, text: str, /, **variables: Any) -> str:
    """A text for a template: always a format, as Jinja's new style has it, and safe where the template escapes."""
    translated = text if _is_source() else _translated(text)
    escapes = bool(evaluation.autoescape)
    if not variables:
        return _as_it_is(translated, escapes)
    return (Markup(translated) if escapes else translated) % variables  # noqa: S704  (our own texts)


@lru_cache(maxsize=TEXTS_KEPT)
def _as_it_is(text: str, escapes: bool) -> str:
    """A text without values: only its doubled percent signs become single."""
    return (Markup(text) if escapes else text) % {}  # noqa: S704  (our own texts)


def _translated(text: str) -> str:
    domain: Domain = babel.domain_instance
    return str(domain.get_translations().ugettext(text))


def _is_source() -> bool:
    """Whether the page speaks the language of the texts in the code; without a request it does."""
    if not has_app_context():
        return True
    chosen = getattr(
        g.get("_flask_babel"), "babel_locale", None
    )  # Flask-Babel's own note: asked for a hundred times
    locale = chosen or get_locale()
    return locale is None or locale.script == SOURCE_SCRIPT
