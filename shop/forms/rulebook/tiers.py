"""Forms of the ladder of tiers and of the terms on which a tier is kept."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from shop.forms.numbers import MultiplierField, WholeField
from shop.forms.rulebook.coupons import CouponField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm

WHEN_EMPTY = {
    "signin_multiplier_permille": 1000,
    "birthday_points": 0,
    "birthday_days": 30,
    "monthly_tickets": 0,
    "monthly_coupons": 0,
    "price_months": 12,
}
"""What a field that was left empty means; it is told beside the field."""


class TierRow(Form):
    code = StringField(_l("代号"), [Length(max=30)])
    name = StringField(_l("名称"), [Length(max=20)])
    growth_from = WholeField(_l("从多少起（成长值、元、积分或单数）"))
    multiplier_permille = MultiplierField(_l("得分倍数"))
    signin_multiplier_permille = MultiplierField(_l("签到得分倍数（留空：1）"), optional=True)
    free_shipping = BooleanField(_l("包邮"))
    birthday_points = WholeField(_l("生日送多少积分（留空：不送）"), optional=True)
    birthday_days = WholeField(_l("生日积分几天内有效（留空：30）"), optional=True)
    monthly_tickets = WholeField(_l("每月几张抽奖券（留空：没有）"), optional=True)
    monthly_coupons = WholeField(_l("每月几张优惠券（留空：没有）"), optional=True)
    monthly_coupon_code = CouponField(_l("送哪种优惠券"))
    price_points = WholeField(_l("用多少积分升到这级（留空：不卖）"), optional=True)
    price_months = WholeField(_l("用积分升的管几个月（留空：12）"), optional=True)


class TiersForm(SectionForm):
    lists = ("tiers",)
    tiers = FieldList(FormField(TierRow), max_entries=ROWS_MAX)

    def section_document(self) -> Any:
        """Benefits that were left empty are none."""
        return [_filled(row) for row in super().section_document()]


class TierPolicyForm(SectionForm):
    measure = SelectField(
        _l("按什么升级"),
        choices=[
            SelectChoice("growth", _l("成长值（每实付 1 元得 1）")),
            SelectChoice("spend", _l("消费金额（元）")),
            SelectChoice("points", _l("获得的积分")),
            SelectChoice("orders", _l("完成的订单数")),
        ],
    )
    window = SelectField(
        _l("算哪段时间的"),
        choices=[
            SelectChoice("lifetime", _l("加入以来")),
            SelectChoice("calendar_year", _l("当年")),
            SelectChoice("rolling_12_months", _l("过去 12 个月")),
        ],
    )
    kept_months = WholeField(_l("升级后保几个月（留空：一直有效）"), optional=True)
    fall = SelectField(
        _l("到期不够"),
        choices=[
            SelectChoice("to_reached", _l("回到达到的那一级")),
            SelectChoice("one_step", _l("降一级")),
        ],
    )
    grace_days = WholeField(_l("到期后再等几天"))
    notice_days = WholeField(_l("到期前几天提醒（0：不提醒）"))


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    filled = {name: WHEN_EMPTY.get(name) if value is None else value for name, value in row.items()}
    return {**filled, "monthly_coupon_code": filled["monthly_coupon_code"] or None}
