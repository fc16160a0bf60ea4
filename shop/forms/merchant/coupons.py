"""A coupon template as the back office types it."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp, ValidationError

from shop.forms.checkout import SKU
from shop.forms.merchant.draws import between
from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField, YuanField
from shop.forms.texts import length, plain_text, tidy

CODE = r"^[a-z0-9]+(-[a-z0-9]+)*$"
REVISION = re.compile(r"[0-9]{1,9}", re.ASCII)
CENTS_MAX = 10_000_000
POINTS_MAX = 10_000_000
COUPONS_MAX = 10_000_000
TARGETS_MAX = 100
KINDS = (
    SelectChoice("cents_off", _l("减固定金额")),
    SelectChoice("percent_off", _l("按比例减")),
)
SCOPES = (
    SelectChoice("all", _l("全场现金商品")),
    SelectChoice("categories", _l("指定分类")),
    SelectChoice("products", _l("指定商品")),
)
TIMES = (SelectChoice("days", _l("拿到后几天内")), SelectChoice("window", _l("固定的一段时间")))


class CouponTemplateForm(FlaskForm):
    """Everything about a template but its state."""

    revision = HiddenField(default="0")
    name = StringField(_l("名称"), [length(1, 40, _l("写上名称，40 字以内。")), plain_text], filters=[tidy])
    code = StringField(
        _l("编号"),
        [Regexp(CODE, message=_l("只用小写字母、数字和短横线。")), length(2, 40, _l("2 到 40 个字符。"))],
        filters=[tidy],
    )
    kind = RadioField(_l("怎么减"), choices=KINDS, default="cents_off")
    off_cents = YuanField(_l("减多少"), optional=True, validators=[between(0, CENTS_MAX)])
    off_percent = WholeField(_l("减百分之几"), optional=True, validators=[between(0, 100)])
    off_cents_max = YuanField(_l("最多减"), optional=True, validators=[between(1, CENTS_MAX)])
    spend_cents_min = YuanField(_l("满多少可用"), optional=True, validators=[between(0, CENTS_MAX)])
    scope = RadioField(_l("哪些商品能用"), choices=SCOPES, default="all")
    categories = SelectMultipleField(_l("分类"), choices=[], coerce=str)
    products = StringField(
        _l("商品编号"), [length(0, 2000, _l("商品编号太多了。")), plain_text], filters=[tidy]
    )
    price_points = WholeField(_l("用多少积分换"), optional=True, validators=[between(1, POINTS_MAX)])
    time = RadioField(_l("什么时候能用"), choices=TIMES, default="days")
    valid_days = WholeField(_l("有效天数"), optional=True, validators=[between(1, 3650)])
    valid_from_at = ShopMomentField(_l("开始"), optional=True)
    valid_until_at = ShopMomentField(_l("结束"), optional=True)
    total_limit = WholeField(_l("一共发多少张"), optional=True, validators=[between(1, COUPONS_MAX)])
    limit_per_member = WholeField(_l("每人最多几张"), optional=True, validators=[between(1, 9999)])
    is_refundable = BooleanField(_l("没用可以换回积分"))
    is_automatic = BooleanField(_l("会员可以打开自动换"))

    @property
    def revision_opened(self) -> int:
        """The revision as a number; one that nobody ever had when it is anything else."""
        text = self.revision.data or ""
        return int(text) if REVISION.fullmatch(text) else -1

    @property
    def skus(self) -> tuple[str, ...]:
        """The product codes that were typed, each once."""
        return (
            tuple(dict.fromkeys(re.split(r"[\s,，、]+", self.products.data or "")))
            if self.products.data
            else ()
        )

    def validate_off_cents(self, field: Any) -> None:
        """Something must come off."""
        if self.kind.data == "cents_off" and not field.errors and not field.data:
            raise ValidationError(_l("写上减多少钱。"))

    def validate_off_percent(self, field: Any) -> None:
        """Something must come off."""
        if self.kind.data == "percent_off" and not field.errors and not field.data:
            raise ValidationError(_l("写 1 到 100 的整数，比如 15。"))

    def validate_categories(self, field: Any) -> None:
        """A scope of nothing is a mistake."""
        if self.scope.data == "categories" and not field.data:
            raise ValidationError(_l("至少选一个分类。"))

    def validate_products(self, field: Any) -> None:
        """A scope of nothing is a mistake."""
        if self.scope.data != "products":
            return
        if not self.skus:
            raise ValidationError(_l("至少写一个商品编号。"))
        if len(self.skus) > TARGETS_MAX or not all(SKU.fullmatch(sku) for sku in self.skus):
            raise ValidationError(_l("编号之间用空格隔开，最多 100 个。"))

    def validate_valid_days(self, field: Any) -> None:
        """One of the two ways to say when."""
        if self.time.data == "days" and not field.errors and not field.data:
            raise ValidationError(_l("写上几天内有效。"))

    def validate_valid_from_at(self, field: Any) -> None:
        """One of the two ways to say when."""
        if self.time.data == "window" and not field.errors and field.data is None:
            raise ValidationError(_l("写上什么时候开始。"))

    def validate_valid_until_at(self, field: Any) -> None:
        """It ends after it begins."""
        if self.time.data != "window" or field.errors:
            return
        if field.data is None or (self.valid_from_at.data and field.data <= self.valid_from_at.data):
            raise ValidationError(_l("结束要在开始以后。"))

    def validate_is_automatic(self, field: Any) -> None:
        """What comes by itself is paid with points."""
        if field.data and not self.price_points.data and not self.price_points.errors:
            raise ValidationError(_l("先写上用多少积分换。"))
