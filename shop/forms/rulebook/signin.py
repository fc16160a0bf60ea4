"""The form of signing in."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField
from wtforms.fields.choices import SelectChoice

from shop.forms.numbers import WholeField
from shop.forms.rulebook.coupons import CouponField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm


class MilestoneRow(Form):
    days = WholeField(_l("连续满几天"))
    points = WholeField(_l("另加多少分（留空：不加）"), optional=True)
    tickets = WholeField(_l("送几张抽奖券（留空：不送）"), optional=True)
    coupon_code = CouponField(_l("送哪种优惠券"))


class MonthStepRow(Form):
    days = WholeField(_l("一个月里签满几天"))
    points = WholeField(_l("另加多少分（留空：不加）"), optional=True)
    tickets = WholeField(_l("送几张抽奖券（留空：不送）"), optional=True)
    coupon_code = CouponField(_l("送哪种优惠券"))


class MakeUpRow(Form):
    per_month = WholeField(_l("每月可以补几次"))
    within_days = WholeField(_l("最近几天内"))
    cost_points = WholeField(_l("每次用多少分"))


class SignInForm(SectionForm):
    lists = ("day_points", "milestones", "month_steps")
    streak_cycle = SelectField(
        _l("连续天数多久从头数"),
        choices=[
            SelectChoice("endless", _l("一直数下去，断签才从头数")),
            SelectChoice("week", _l("每周一从头数")),
            SelectChoice("month", _l("每月 1 日从头数")),
        ],
    )
    cycle = BooleanField(_l("每天得分走完一遍从头再来（不勾：之后每天按最后一天算）"))
    milestone_cycle_days = WholeField(_l("连续奖励几天一轮（只在一直数下去时用）"))
    day_points = FieldList(WholeField(), max_entries=366)
    milestones = FieldList(FormField(MilestoneRow), max_entries=ROWS_MAX)
    month_steps = FieldList(FormField(MonthStepRow), max_entries=ROWS_MAX)
    makeup = FormField(MakeUpRow, _l("补签"))

    def section_document(self) -> Any:
        """What a milestone or a step does not bring was left empty."""
        document = super().section_document()
        for name in ("milestones", "month_steps"):
            document[name] = [_filled(row) for row in document[name]]
        return document


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    numbers = {name: row[name] or 0 for name in ("points", "tickets")}
    return {**row, **numbers, "coupon_code": row["coupon_code"] or None}
