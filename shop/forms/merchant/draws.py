"""A draw as the back office types it.  Shares are typed in percent and kept as whole parts per million."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, Regexp, ValidationError

from shop.forms.exact import ExactField
from shop.forms.merchant.products import NumberedList
from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField, YuanField
from shop.forms.texts import length, plain_text, tidy
from shop.rules.engagement.draw import MARKET_CENTS_MAX, PRIZES_MAX
from shop.rules.engagement.prizes import PrizeCost
from shop.web.find_names import PRIZE_NAMES

KINDS = (("nothing", _l("没有")), ("points", _l("积分")), ("product", _l("商品")))
PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?", re.ASCII)
PPM_DIGITS = 4
PPM_OF_A_PERCENT = 10_000
POINTS_MAX = 10_000_000
TIMES_MAX = 1000
STOCK_MAX = 1_000_000


def between(low: int, high: int) -> Any:
    """Whole numbers in these bounds; a field that may be empty may stay so."""

    def check(_form: Any, field: Any) -> None:
        if field.data is not None and not low <= field.data <= high:
            raise ValidationError(_("要在 %(low)s 到 %(high)s 之间。", low=low, high=high))

    return check


class PercentField(ExactField):
    """A share such as 12.5, kept in parts per million."""

    inputmode = "decimal"

    def read(self, text: str) -> int:
        match = PERCENT.fullmatch(text)
        if match is None:
            raise ValueError(text)
        return int(match[1]) * PPM_OF_A_PERCENT + int((match[2] or "").ljust(PPM_DIGITS, "0"))

    def write(self, value: int) -> str:
        whole, rest = divmod(value, PPM_OF_A_PERCENT)
        decimals = f"{rest:04d}"
        return f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}"

    def complaint(self) -> str:
        return _("要填百分数，最多四位小数，比如 2.50")


class PrizeRow(Form):
    """One cell of the board.  A row without a title is no prize."""

    title = StringField(_l("奖品"), [length(0, 40, _l("最多 40 字。")), plain_text], filters=[tidy])
    kind = SelectField(_l("给什么"), choices=[SelectChoice(kind, label) for kind, label in KINDS])
    points = WholeField(_l("多少积分"), optional=True, validators=[between(1, POINTS_MAX)])
    sku = StringField(_l("商品编号"), [length(0, 40, _l("最多 40 字。")), plain_text], filters=[tidy])
    weight_ppm = PercentField(_l("概率"), optional=True, validators=[between(0, 1_000_000)])
    stock = WholeField(_l("数量"), optional=True, validators=[between(0, STOCK_MAX)])
    market_price_cents = YuanField(_l("市场价"), optional=True)
    picture = SelectField(
        _l("图"), choices=[SelectChoice(name, label) for name, label in PRIZE_NAMES.items()]
    )

    def validate_points(self, field: Any) -> None:
        if self.title.data and self.kind.data == "points" and not field.data:
            raise ValidationError(_l("写上给多少积分。"))

    def validate_sku(self, field: Any) -> None:
        if self.title.data and self.kind.data == "product" and not field.data:
            raise ValidationError(_l("写上商品编号。"))

    def validate_stock(self, field: Any) -> None:
        if self.title.data and self.kind.data == "product" and field.data is None:
            raise ValidationError(_l("商品要写数量。"))

    def validate_market_price_cents(self, field: Any) -> None:
        if (field.data or 0) > MARKET_CENTS_MAX:
            raise ValidationError(_l("按规定，单件奖品的市场价不能超过 5 万元。"))


class DrawForm(FlaskForm):
    """The whole draw: times and limits in the shop's zone, and eight rows of prizes."""

    title = StringField(_l("名称"), [length(1, 40, _l("写上名称，40 字以内。")), plain_text], filters=[tidy])
    slug = StringField(
        _l("网址"),
        [Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("只用小写字母、数字和短横线。")),
         length(2, 60, _l("2 到 60 个字符。"))],
        filters=[tidy],
    )  # fmt: skip
    organiser = StringField(_l("主办方"), [length(0, 120, _l("最多 120 字。")), plain_text], filters=[tidy])
    rules_text = TextAreaField(
        _l("补充规则"), [length(0, 600, _l("最多 600 字。")), plain_text], filters=[tidy]
    )
    starts_at = ShopMomentField(_l("开始"))
    ends_at = ShopMomentField(_l("结束"))
    price_points = WholeField(_l("一次多少积分"), validators=[between(0, POINTS_MAX)])
    free_per_day = WholeField(_l("每天免费几次"), validators=[between(0, TIMES_MAX)])
    attempts_per_day = WholeField(_l("每人每天最多几次"), validators=[between(1, TIMES_MAX)])
    budget_points_per_day = WholeField(
        _l("每天最多发多少积分"), optional=True, validators=[between(0, 10**9)]
    )
    claim_days = WholeField(_l("几天内领取"), validators=[between(1, 365)])
    revision = IntegerField(default=1, validators=[Optional(), between(1, 10**9)])
    consolation = RadioField(
        _l("安慰奖"), choices=[SelectChoice(str(place)) for place in range(PRIZES_MAX)], validate_choice=False
    )
    prizes = NumberedList(FormField(PrizeRow), min_entries=PRIZES_MAX, max_entries=PRIZES_MAX)

    def validate_ends_at(self, field: Any) -> None:
        if self.starts_at.data and field.data and field.data <= self.starts_at.data:
            raise ValidationError(_l("结束要在开始之后。"))

    def typed_rows(self) -> list[tuple[int, PrizeRow]]:
        """The rows that are prizes, with their places."""
        return [(place, row.form) for place, row in enumerate(self.prizes.entries) if row.form.title.data]

    def costs(self) -> list[PrizeCost]:
        """What is typed so far, for the expected cost; a field that says nothing counts as none."""
        return [
            PrizeCost(
                weight_ppm=row.weight_ppm.data or 0,
                kind=row.kind.data if row.kind.data in ("nothing", "points", "product") else "nothing",
                points=row.points.data or 0,
                market_cents=row.market_price_cents.data or 0,
            )
            for _place, row in self.typed_rows()
        ]
