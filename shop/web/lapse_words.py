"""What lapses when, prepared for the page: the bars of a year, and a ratio as points for a yuan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from flask_babel import gettext as _

from shop.rules.points.redeeming import OffsetRatio
from shop.web.filters import points, shop_month
from shop.web.numbers import plain_yuan


@dataclass(frozen=True)
class LapseChart:
    """The bars of twelve months, and the finding in words."""

    title: str
    labels: tuple[str, ...]
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.values)


def lapse_chart(months: Sequence[tuple[date, int]]) -> LapseChart:
    """Bars by month; the title says how much lapses in the coming year, and when most."""
    total = sum(value for _month, value in months)
    month, most = max(months, key=lambda each: each[1])
    title = _("往后一年没有积分到期")
    if total:
        values = {"total": points(total), "month": shop_month(month), "most": points(most)}
        title = _("往后一年有 %(total)s 积分到期，最多的是%(month)s，%(most)s 分", **values)
    return LapseChart(
        title, tuple(str(first.month) for first, _value in months), tuple(v for _m, v in months)
    )


def per_yuan(ratio: OffsetRatio) -> str:
    """How many points stand for one yuan, at most two decimals: 20, 33.33."""
    return plain_yuan(
        ratio.points * 100 * 100 // ratio.per_cents
    )  # hundredths of a point, written like cents


def init_lapse_words(app: Flask) -> None:
    app.jinja_env.filters["per_yuan"] = per_yuan
