"""A gift on top as the back office types it."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp, ValidationError

from shop.forms.merchant.draws import between
from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField
from shop.forms.texts import length, plain_text, tidy

REVISION = re.compile(r"[0-9]{1,9}", re.ASCII)
SKU = r"^[A-Za-z0-9._-]{1,40}$"
PIECES_MAX = 999
SCOPES = (
    SelectChoice("all", _l("换什么都送")),
    SelectChoice("category", _l("换某个分类")),
    SelectChoice("product", _l("换某件商品")),
)


class GiftForm(FlaskForm):
    """Everything about a gift but its state."""

    revision = HiddenField(default="0")
    name = StringField(_l("名称"), [length(1, 40, _l("写上名称，40 字以内。")), plain_text], filters=[tidy])
    scope = RadioField(_l("换什么才送"), choices=SCOPES, default="all")
    category = SelectField(_l("分类"), choices=[], coerce=str, validate_choice=False)
    sku = StringField(_l("商品编号"), [length(0, 40, _l("写一个商品编号。"))], filters=[tidy])
    quantity_min = WholeField(_l("每换几件"), validators=[between(1, PIECES_MAX)])
    gift_sku = StringField(
        _l("送哪件（商品编号）"), [Regexp(SKU, message=_l("写一个商品编号。"))], filters=[tidy]
    )
    quantity = WholeField(_l("送几件"), validators=[between(1, PIECES_MAX)])
    order_max = WholeField(_l("每单最多送几件"), validators=[between(1, PIECES_MAX)])
    member_max = WholeField(_l("每人一共最多送几件"), optional=True, validators=[between(1, PIECES_MAX)])
    starts_at = ShopMomentField(_l("开始"))
    ends_at = ShopMomentField(_l("结束"), optional=True)

    @property
    def revision_opened(self) -> int:
        """The revision as a number; one that nobody ever had when it is anything else."""
        text = self.revision.data or ""
        return int(text) if REVISION.fullmatch(text) else -1

    def validate_category(self, field: Any) -> None:
        """One of the shop's, where it is for a category."""
        known = {value for value, *_rest in field.choices}
        if self.scope.data == "category" and field.data not in known - {""}:
            raise ValidationError(_l("选一个分类。"))

    def validate_sku(self, field: Any) -> None:
        """A product, where it is for one."""
        if self.scope.data == "product" and not re.fullmatch(SKU, field.data or ""):
            raise ValidationError(_l("写一个商品编号。"))

    def validate_order_max(self, field: Any) -> None:
        """At least one round of gifts."""
        if field.data and self.quantity.data and field.data < self.quantity.data:
            raise ValidationError(_l("至少要能送一次，不能少于「送几件」。"))

    def validate_ends_at(self, field: Any) -> None:
        """It ends after it begins."""
        if field.data and self.starts_at.data and field.data <= self.starts_at.data:
            raise ValidationError(_l("结束要在开始以后。"))
