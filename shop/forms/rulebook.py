"""The rulebook's sections as plain forms.  Fields are named like the document, so that a fault finds its field."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop.forms.exact import MultiplierField, ShopMomentField, WholeField, YuanField
from shop.rules.faults import Fault
from shop.web.rulebook_words.faults import sentence_of
from shop.web.rulebook_words.pieces import SOURCES

ROWS_MAX = 60
SOURCE_CHOICES = [SelectChoice(name, label) for name, label in SOURCES.items()]
INDEX = re.compile(r"\[(\d+)\]")
LIST_SECTIONS = frozenset({"tiers", "caps"})


class SectionForm(FlaskForm):
    """A section of the rulebook.  ``lists`` names the fields whose rows can be added and removed."""

    lists: tuple[str, ...] = ()

    def section_document(self) -> Any:
        """The section as JSON."""
        document = _plain({name: field.data for name, field in self._fields.items() if name != "csrf_token"})
        return next(iter(document.values())) if self.is_list else document

    @property
    def is_list(self) -> bool:
        """Whether the whole section is one list."""
        return any(name in LIST_SECTIONS for name in self.lists)

    def show_faults(self, section: str, faults: Iterable[Fault]) -> bool:
        """Put each fault of the section at its field; what belongs to no field, at the form.  Whether there was one."""
        has_faults = False
        for fault in faults:
            if fault.path.partition(".")[0].partition("[")[0] != section:
                continue
            has_faults = True
            name = field_name(section, fault.path)
            field = next(
                (each for each in leaves(self) if each.name == name or each.name.startswith(f"{name}-")), None
            )
            if field is None:
                self.form_errors.append(sentence_of(fault))
            else:
                field.errors = [*field.errors, sentence_of(fault)]
        return has_faults

    def change_rows(self, add: str, remove: str) -> None:
        """Add an empty row to a list, or take one away: ``tiers``, or ``tiers-2``."""
        if add in self.lists and len(self[add]) < ROWS_MAX:
            self[add].append_entry()
        name, _dash, number = remove.rpartition("-")
        if name in self.lists and number.isdecimal() and int(number) < len(self[name]):
            self[name].entries.pop(int(number))


class EarningForm(SectionForm):
    points = WholeField(_l("给多少积分"))
    per_cents = YuanField(_l("每满多少元"))
    includes_shipping = BooleanField(_l("运费也算"))
    wait_days = WholeField(_l("收货几天后到账"))


class TierRow(Form):
    code = StringField(_l("代号"), [Length(max=30)])
    name = StringField(_l("名称"), [Length(max=20)])
    growth_from = WholeField(_l("成长值从"))
    multiplier_permille = MultiplierField(_l("得分倍数"))


class TiersForm(SectionForm):
    lists = ("tiers",)
    tiers = FieldList(FormField(TierRow), max_entries=ROWS_MAX)


class WindowRow(Form):
    name = StringField(_l("活动名"), [Length(max=30)])
    starts_at = ShopMomentField(_l("开始"))
    ends_at = ShopMomentField(_l("结束"))
    points = WholeField(_l("多少积分"))
    per_cents = YuanField(_l("抵多少元"))


class OffsetForm(SectionForm):
    lists = ("windows",)
    points = WholeField(_l("多少积分"))
    per_cents = YuanField(_l("抵多少元"))
    step_points = WholeField(_l("按多少分的整数倍"))
    points_min = WholeField(_l("每单至少用多少分"))
    points_max = WholeField(_l("每单最多用多少分（留空：不限）"), optional=True)
    share_percent_max = WholeField(_l("最多抵现金部分的百分之几"))
    cash_cents_min = YuanField(_l("每单至少付多少元"))
    windows = FieldList(FormField(WindowRow), max_entries=ROWS_MAX)


class PolicyRow(Form):
    kind = SelectField(
        _l("怎么算"),
        choices=[
            SelectChoice("days", _l("到账后若干天")),
            SelectChoice("month_end", _l("月底")),
            SelectChoice("year_end", _l("年底")),
            SelectChoice("never", _l("长期有效")),
        ],
    )
    days = WholeField(_l("天数"), optional=True)
    periods_after = WholeField(_l("再往后几个月或几年（0 是当月、当年）"), optional=True)


class ExpiryForm(SectionForm):
    purchase = FormField(PolicyRow, SOURCES["purchase"])
    interaction = FormField(PolicyRow, SOURCES["interaction"])
    referral = FormField(PolicyRow, SOURCES["referral"])
    draw = FormField(PolicyRow, SOURCES["draw"])
    grant = FormField(PolicyRow, SOURCES["grant"])

    def section_document(self) -> Any:
        """What a policy does not use is nothing, whatever was typed there."""
        document = super().section_document()
        return {
            source: {
                "kind": policy["kind"],
                "days": (policy["days"] or 0) if policy["kind"] == "days" else 0,
                "periods_after": (policy["periods_after"] or 0) if policy["kind"].endswith("_end") else 0,
            }
            for source, policy in document.items()
        }


class CapRow(Form):
    name = StringField(_l("名称"), [Length(max=30)])
    classes = SelectMultipleField(
        _l("管哪些来源"),
        choices=SOURCE_CHOICES,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    points = WholeField(_l("最多多少分"))
    per = SelectField(_l("按"), choices=[SelectChoice("day", _l("每天")), SelectChoice("month", _l("每月"))])


class CapsForm(SectionForm):
    lists = ("caps",)
    caps = FieldList(FormField(CapRow), max_entries=ROWS_MAX)


class MilestoneRow(Form):
    days = WholeField(_l("连续满几天"))
    points = WholeField(_l("另加多少分"))


class MakeUpRow(Form):
    per_month = WholeField(_l("每月可以补几次"))
    within_days = WholeField(_l("最近几天内"))
    cost_points = WholeField(_l("每次用多少分"))


class SignInForm(SectionForm):
    lists = ("day_points", "milestones")
    day_points = FieldList(WholeField(), max_entries=366)
    cycle = BooleanField(_l("走完一轮从头再来（不勾：之后每天按最后一天算）"))
    milestones = FieldList(FormField(MilestoneRow), max_entries=ROWS_MAX)
    milestone_cycle_days = WholeField(_l("连续奖励几天一轮"))
    makeup = FormField(MakeUpRow, _l("补签"))


class ReturnsForm(SectionForm):
    shortage = SelectField(
        _l("收回积分时余额不够"),
        choices=[
            SelectChoice("debt", _l("记作欠分，下次得分先抵")),
            SelectChoice("waive", _l("不够的部分不用还")),
        ],
    )
    grace_days = WholeField(_l("退回的积分已经过期，再给几天"))


class OrdersForm(SectionForm):
    hold_minutes = WholeField(_l("未付款的订单留多少分钟"))
    receive_after_days = WholeField(_l("发货几天后自动收货"))


class ShippingForm(SectionForm):
    fee_cents = YuanField(_l("每单运费（元）"))
    free_from_cents = YuanField(_l("现金部分满多少元包邮（留空：从不）"), optional=True)
    free_for_points_only = BooleanField(_l("只用积分换的包邮"))


SECTION_FORMS: Mapping[str, type[SectionForm]] = {
    "earning": EarningForm,
    "tiers": TiersForm,
    "offset": OffsetForm,
    "expiry": ExpiryForm,
    "signin": SignInForm,
    "caps": CapsForm,
    "returns": ReturnsForm,
    "orders": OrdersForm,
    "shipping": ShippingForm,
}


class PublicationForm(FlaskForm):
    """When the draft takes effect (empty: at once), and a sentence for members."""

    effective_at = ShopMomentField(_l("从什么时候起（留空：马上）"), optional=True)
    note = TextAreaField(_l("给会员看的一句话"), [Length(max=200)])


def section_form(section: str, document: Mapping[str, Any]) -> SectionForm:
    """The form of a section, filled from the request or else from the document."""
    data = _shown_policies(document[section]) if section == "expiry" else document[section]
    return SECTION_FORMS[section](data={section: data} if section in LIST_SECTIONS else data)


def _shown_policies(policies: Mapping[str, Any]) -> dict[str, Any]:
    """Expiry policies without the numbers that they do not use."""
    return {
        source: {
            "kind": policy["kind"],
            "days": policy["days"] if policy["kind"] == "days" else None,
            "periods_after": policy["periods_after"] if policy["kind"].endswith("_end") else None,
        }
        for source, policy in policies.items()
    }


def field_name(section: str, path: str) -> str:
    """The name of the field that a fault's path means: ``tiers[2].growth_from`` is ``tiers-2-growth_from``."""
    inside = path if section in LIST_SECTIONS else path.removeprefix(section).removeprefix(".")
    return INDEX.sub(r"-\1", inside).replace(".", "-")


def leaves(form: Any) -> Iterator[Field]:
    """Every input of a form, rows of lists included."""
    for field in form:
        if isinstance(field, FormField):
            yield from leaves(field.form)
        elif isinstance(field, FieldList):
            for entry in field.entries:
                yield from leaves(entry.form) if isinstance(entry, FormField) else (entry,)
        else:
            yield field


def _plain(value: Any) -> Any:
    """JSON of form data: moments as ISO 8601, no tokens."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if name != "csrf_token"}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
