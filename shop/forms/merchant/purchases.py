"""A purchase at the counter, and its refund."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from shop.forms.merchant.member_points import reason_field
from shop.forms.merchant.members import made_by_us
from shop.forms.merchant.products import NumberedList
from shop.forms.moments import ShopDayField
from shop.forms.numbers import YuanField
from shop.forms.texts import tidy
from shop.rules.merchant.importing import RECEIPT

NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)
CENTS_MAX = 100_000_000
PARTS = 3


def number_of(text: str | None) -> int | None:
    """A row's number as an address or a hidden field has it."""
    return int(text) if text and NUMBER.fullmatch(text) else None


def paid(_form: Any, field: Any) -> None:
    """An amount above nothing that a till can take."""
    if not 0 < (field.data or 0) <= CENTS_MAX:
        raise ValidationError(_l("写实付多少元，比如 126.90，最多 1,000,000 元。"))


class PartRow(Form):
    """Goods of one category within the purchase.  An empty row says nothing."""

    category = SelectField(_l("分类"), choices=[], default="")
    cents = YuanField(_l("其中多少元"), optional=True)

    def validate_cents(self, field: Any) -> None:
        """A category and its amount belong together."""
        if bool(self.category.data) != bool(field.data):
            raise ValidationError(_l("分类和金额要一起写，不分类就都空着。"))


class PurchaseForm(FlaskForm):
    """What the receipt says.  ``day`` is the shop-day on which the page was made: part of the receipt's name."""

    member = HiddenField()
    day = ShopDayField(widget=HiddenInput())
    store = SelectField(_l("门店"), choices=[], default="")
    amount = YuanField(_l("实付多少元"), optional=True, validators=[paid])
    receipt = StringField(_l("小票号"), filters=[tidy])
    parts = NumberedList(FormField(PartRow), min_entries=PARTS, max_entries=PARTS)
    idempotency_key = HiddenField(validators=[made_by_us])

    def validate_receipt(self, field: Any) -> None:
        """What a till prints."""
        if not RECEIPT.fullmatch(field.data or ""):
            raise ValidationError(_l("照着小票写，只用字母、数字和 . _ / -，最多 40 个。"))

    def validate_parts(self, _field: Any) -> None:
        """No more than was paid."""
        if sum(cents for _category, cents in self.categories) > (self.amount.data or 0):
            raise ValidationError(_l("各分类加起来比实付的还多。"))

    def is_of_late(self, today: date) -> bool:
        """Whether the page is of today, or of yesterday and sent across midnight."""
        if self.day.data is not None and 0 <= (today - self.day.data).days <= 1:
            return True
        self.receipt.errors = [_("页面放得太久了，刷新一下再试。")]
        return False

    @property
    def categories(self) -> list[tuple[str, int]]:
        """The categories that were written with their cents."""
        rows = [entry.form for entry in self.parts]
        return [(row.category.data, row.cents.data) for row in rows if row.category.data and row.cents.data]

    @property
    def lines(self) -> list[tuple[str | None, int]]:
        """Category and cents of every line: what belongs to no category comes last."""
        rest = (self.amount.data or 0) - sum(cents for _category, cents in self.categories)
        return [*self.categories, *([(None, rest)] if rest else [])]


class PurchaseRefundForm(FlaskForm):
    """How much goes back, and why."""

    amount = YuanField(_l("退多少元"), optional=True, validators=[paid])
    reason = reason_field(_l("为什么退"))
    idempotency_key = HiddenField(validators=[made_by_us])
