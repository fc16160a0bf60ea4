"""What a checkout may say.  Prices, points and sums are never among it (invariant O5)."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from shop.forms.numbers import QuantityField, WholeField
from shop.forms.texts import plain_text, tidy
from shop.queries.orders.quote import Ask

ID_MAX = 2**31 - 1
POINTS_MAX = 100_000_000
NOTE_MAX = 100
ITEMS_MAX = 50
SKU = re.compile(r"[A-Za-z0-9._-]{1,40}")
KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
DIGEST = re.compile(r"[0-9a-f]{16}")
CODE = re.compile(r"[0-9]{6}", re.ASCII)
COUPON = re.compile(r"[2-9A-Z]{10}")


class ChosenField(SelectMultipleField):
    """SKUs chosen in the cart, in any number up to what a cart holds."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, validate_choice=False, **options)

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """Refuse what cannot be a SKU."""
        chosen = self.data or []
        if len(chosen) > ITEMS_MAX or not all(SKU.fullmatch(sku) for sku in chosen):
            raise ValidationError(_l("购物车刚刚变了，请回去再选一次。"))


def one_of_ours(pattern: re.Pattern[str], message: Any) -> Any:
    """Sent at most once and, if not empty, in the form that our own pages give it."""

    def check(_form: Any, field: Field) -> None:
        if len(field.raw_data or []) > 1 or (field.data and not pattern.fullmatch(field.data)):
            raise ValidationError(message)

    return check


def note_fits(_form: Any, field: Field) -> None:
    """A short note."""
    if len(field.data or "") > NOTE_MAX:
        raise ValidationError(_l("留言最多 100 个字。"))


class QuoteForm(FlaskForm):
    """What changes a quote."""

    sku = StringField(validators=[one_of_ours(SKU, _l("没有找到这件商品。"))])
    qty = QuantityField(default=1)
    item = ChosenField("")
    way = StringField(
        _l("怎么拿到"),
        validators=[one_of_ours(re.compile("shipping|pickup|none"), _l("选一种拿到的方式。"))],
    )
    address_id = WholeField(_l("送到哪"), low=1, high=ID_MAX, message=_l("选一个收货地址。"), optional=True)
    store_id = WholeField(_l("哪家店"), low=1, high=ID_MAX, message=_l("选一家门店。"), optional=True)
    points = WholeField(
        _l("用积分抵现"), low=0, high=POINTS_MAX, message=_l("抵多少积分，填整数就好。"), optional=True
    )
    coupon = StringField(_l("优惠券"), validators=[one_of_ours(COUPON, _l("没有找到这张券，换一张再试。"))])
    note = StringField(_l("留言"), validators=[note_fits, plain_text], filters=[tidy])
    code = StringField(
        _l("验证码"), validators=[one_of_ours(CODE, _l("验证码是 6 位数字。"))], filters=[tidy]
    )

    def ask(self) -> Ask:
        """What the form says; a field with an error counts as left out."""

        def said(field: Field) -> Any:
            return None if field.errors else field.data

        return Ask(
            sku=said(self.sku) or None,
            quantity=said(self.qty) or 1,
            items=tuple(said(self.item) or ()),
            way=said(self.way) or None,
            address_id=said(self.address_id),
            store_id=said(self.store_id),
            points_wanted=said(self.points),
            note=said(self.note) or "",
            coupon_code=said(self.coupon) if self.coupon.raw_data else None,
        )


class OrderForm(QuoteForm):
    """A quote that the member agrees to: ``digest`` says which; the key makes a repeat harmless."""

    digest = StringField(validators=[one_of_ours(DIGEST, _l("页面放得太久了，请看过明细再确认。"))])
    idempotency_key = StringField(validators=[one_of_ours(KEY, _l("页面放得太久了，请看过明细再确认。"))])

    def validate_idempotency_key(self, field: Field) -> None:
        """Our page always sends one."""
        if not field.data:
            raise ValidationError(_l("页面放得太久了，请看过明细再确认。"))
