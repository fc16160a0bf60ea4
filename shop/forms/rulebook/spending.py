"""Forms of what points buy and how long they last."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from shop.forms.moments import ShopDayField, ShopMomentField
from shop.forms.numbers import WholeField, YuanField
from shop.forms.rulebook.coupons import choices_of
from shop.forms.rulebook.rule_parts import ManyField
from shop.forms.rulebook.section import ROWS_MAX, SectionForm
from shop.rules.rulebook.sections.expiry import COUNTED_IN_DAYS, PERIOD_ENDS
from shop.web.rulebook_words.pieces import SOURCES


class WindowRow(Form):
    name = StringField(_l("活动名"), [Length(max=30)])
    starts_at = ShopMomentField(_l("开始"))
    ends_at = ShopMomentField(_l("结束"))
    points = WholeField(_l("多少积分"))
    per_cents = YuanField(_l("抵多少元"))
    tiers = ManyField(_l("只给哪些等级（都不勾：都给）"), choices=[])
    categories = ManyField(_l("只算哪些分类（都不勾：都算）"), choices=[])


class OffsetForm(SectionForm):
    lists = ("windows",)
    points = WholeField(_l("多少积分"))
    per_cents = YuanField(_l("抵多少元"))
    step_points = WholeField(_l("按多少分的整数倍"))
    points_min = WholeField(_l("每单至少用多少分"))
    points_max = WholeField(_l("每单最多用多少分（留空：不限）"), optional=True)
    share_percent_max = WholeField(_l("最多抵现金部分的百分之几"))
    cash_cents_min = YuanField(_l("每单至少付多少元"))
    pays_shipping = BooleanField(_l("运费也能用积分抵"))
    windows = FieldList(FormField(WindowRow), max_entries=ROWS_MAX)

    def offer(self, categories: Mapping[str, str], tiers: Mapping[str, str]) -> None:
        """What can be ticked in each window, by code.  What the draft names and the shop no longer has stays."""
        for entry in self.windows:
            for field, known in ((entry.form.tiers, tiers), (entry.form.categories, categories)):
                field.choices = choices_of(known, field.object_data or ())


class PolicyRow(Form):
    kind = SelectField(
        _l("怎么算"),
        choices=[
            SelectChoice("days", _l("到账后若干天")),
            SelectChoice("month_end", _l("月底")),
            SelectChoice("quarter_end", _l("季度末")),
            SelectChoice("year_end", _l("年底")),
            SelectChoice("fixed", _l("固定的一天，过了算下一年的")),
            SelectChoice("rolling", _l("每次得分或用分后，再算若干天")),
            SelectChoice("renewing", _l("到账后若干天，没用过就再延")),
            SelectChoice("never", _l("长期有效")),
        ],
    )
    days = WholeField(_l("天数"), optional=True)
    periods_after = WholeField(_l("再往后几个月、几季或几年（0 是当月、当季、当年）"), optional=True)
    on = ShopDayField(_l("哪一天"))
    times = WholeField(_l("最多延几次"), optional=True)


class RemindersForm(SectionForm):
    lists = ("days",)
    days = FieldList(WholeField(), max_entries=6)
    notice_days_min = WholeField(_l("至少提前几天提醒过，积分才会到期"))


class WorthForm(SectionForm):
    points_per_yuan = WholeField(_l("多少积分算 1 元（留空：按积分抵现）"), optional=True)


class ExpiryForm(SectionForm):
    purchase = FormField(PolicyRow, SOURCES["purchase"])
    interaction = FormField(PolicyRow, SOURCES["interaction"])
    referral = FormField(PolicyRow, SOURCES["referral"])
    draw = FormField(PolicyRow, SOURCES["draw"])
    grant = FormField(PolicyRow, SOURCES["grant"])

    def section_document(self) -> Any:
        """What a policy does not use is nothing, whatever was typed there."""
        return {source: policy_document(policy) for source, policy in super().section_document().items()}


def policy_document(policy: Mapping[str, Any]) -> dict[str, Any]:
    """A policy as JSON; what its kind does not use is nothing, whatever was typed there."""
    kind = policy["kind"]
    return {
        "kind": kind,
        "days": (policy["days"] or 0) if kind in COUNTED_IN_DAYS else 0,
        "periods_after": (policy["periods_after"] or 0) if kind in PERIOD_ENDS else 0,
        "on": policy["on"] if kind == "fixed" else None,
        "times": (policy["times"] or 0) if kind == "renewing" else 0,
    }
