"""Kinds of points in templates: the word after a number, and sentences that a further kind needs of its own."""

from flask import Flask, g
from flask_babel import gettext as _

from shop.queries.points.kinds import further_kind
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import KindRule
from shop.web.filters import points


def init_kind_words(app: Flask) -> None:
    """Make the filters known to templates."""
    for function in (kind_name, kind_unit, in_kind, points_missing_text):
        app.jinja_env.filters[function.__name__] = function


def kind_name(code: object) -> str:
    """积分, or what the merchant calls this kind; asks the database only for a further kind, once for each request."""
    return _("积分") if _is_main(code) else _named(str(code)).name


def kind_unit(code: object) -> str:
    """分, or the unit of this kind."""
    return _("分") if _is_main(code) else _named(str(code)).unit


def in_kind(number: int, code: object) -> str:
    """So many points: 680 积分, or 3 朵花朵."""
    if _is_main(code):
        return _("%(points)s 积分", points=points(number))
    kind = _named(str(code))
    return _("%(points)s %(unit)s%(kind)s", points=points(number), unit=kind.unit, kind=kind.name)


def points_missing_text(number: int, code: object) -> str:
    """How many are missing."""
    if _is_main(code):
        return _("还差 %(points)s 积分", points=points(number))
    return _("还差 %(amount)s", amount=in_kind(number, code))


def _is_main(code: object) -> bool:
    """A template that knows of no kind means the main one."""
    return not code or code == MAIN_KIND


def _named(code: str) -> KindRule:
    kinds: dict[str, KindRule] = g.setdefault("points_kinds", {})
    if code not in kinds:
        kinds[code] = further_kind(code)
    return kinds[code]
