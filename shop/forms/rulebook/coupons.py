"""The field that names one of the shop's coupons."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

NO_COUPON = _l("不送优惠券")


class CouponField(SelectField):
    """A coupon by its code; empty for none.  ``offer_coupons`` fills the choices that the shop has."""

    def __init__(self, label: Any, none: Any = NO_COUPON, **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice("", none)], **kwargs)
        self._none = none

    def offer(self, coupons: Iterable[SelectChoice]) -> None:
        """What can be chosen beside none."""
        self.choices = [SelectChoice("", self._none), *coupons]


def offer_coupons(fields: Iterable[CouponField], names: Mapping[str, str]) -> None:
    """Name the coupons of the shop by their codes in each field.

    What the draft names and the shop does not have stays, in whatever row: rows move when one is taken away.
    """
    fields = list(fields)
    coupons = choices_of(
        {code: f"{name} · {code}" for code, name in names.items()},
        [field.object_data for field in fields if field.object_data],
    )
    for field in fields:
        field.offer(coupons)


def choices_of(known: Mapping[str, str], named: Iterable[str]) -> list[SelectChoice]:
    """Choices by code; a code that is named and not known stands for itself."""
    gone = {code: code for code in named if code not in known}
    return [SelectChoice(code, name) for code, name in {**known, **gone}.items()]
