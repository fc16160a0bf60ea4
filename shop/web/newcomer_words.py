"""The pack of a newcomer in words."""

from collections.abc import Sequence

from flask import Flask
from flask_babel import gettext as _

from shop.web.filters import points as points_words


def pack_words(points: int, coupons: Sequence[Sequence[object]], tickets: int) -> list[str]:
    """What a pack holds, part by part; ``coupons`` are names with their numbers."""
    return [
        *([_("%(points)s 积分", points=points_words(points))] if points else ()),
        *(_("%(count)s 张「%(coupon)s」", count=count, coupon=name) for name, count in coupons),
        *([_("%(count)s 张抽奖券", count=tickets)] if tickets else ()),
    ]


def missing_words(coupons: Sequence[str], tickets: bool) -> list[str]:
    """What had run out."""
    return [
        *(_("「%(coupon)s」", coupon=name) for name in coupons),
        *([_("抽奖券")] if tickets else ()),
    ]


def init_newcomer_words(app: Flask) -> None:
    app.jinja_env.globals["missing_words"] = missing_words
