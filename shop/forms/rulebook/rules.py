"""A rule of earning as a form: each condition is a part of the sentence that can be switched on.

A field is named after its place in the document (``conditions`` by kind, ``effect`` by kind), so that a fault finds it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from shop.forms.numbers import WholeField
from shop.forms.rulebook.rule_parts import (
    CONDITION_PARTS,
    EFFECT_PARTS,
    AmountPart,
    BirthdayPart,
    ChannelPart,
    DetailPart,
    GoodsPart,
    MultiplyPart,
    PeriodPart,
    PointsPart,
    PurchaseNumberPart,
    RatePart,
    StepsPart,
    ThresholdPart,
    TierPart,
    TimesPart,
    WordsField,
)
from shop.forms.rulebook.section import PlainTextForm, leaves, plain
from shop.forms.rulebook.spending import PolicyRow, policy_document
from shop.rules.faults import Fault
from shop.rules.points.kinds import MAIN_KIND
from shop.web.rulebook_words.faults import sentence_of
from shop.web.rulebook_words.pieces import SOURCES
from shop.web.rulebook_words.rule_sentences import EVENTS

CONDITION_FAULT = re.compile(r"conditions\[(\d+)\]\.?(.*)")


class RuleForm(PlainTextForm):
    """One rule.  ``when`` fills the choices that the shop has: its categories and tiers."""

    name = StringField(_l("规则叫什么"), [Length(max=40)])
    event = SelectField(_l("什么时候"), choices=[SelectChoice(code, name) for code, name in EVENTS.items()])
    custom_event = StringField(_l("别的事件代号（小写字母，用接口报来的）"), [Length(max=40)])
    tier = FormField(TierPart)
    amount = FormField(AmountPart)
    goods = FormField(GoodsPart)
    period = FormField(PeriodPart)
    birthday = FormField(BirthdayPart)
    purchase_number = FormField(PurchaseNumberPart)
    channel = FormField(ChannelPart)
    detail = FormField(DetailPart)
    effect_kind = RadioField(
        _l("给什么"),
        choices=[SelectChoice(code, name) for code, (name, _part) in EFFECT_PARTS.items()],
        default="multiply",
    )
    multiply = FormField(MultiplyPart)
    points = FormField(PointsPart)
    threshold = FormField(ThresholdPart)
    rate = FormField(RatePart)
    steps = FormField(StepsPart)
    group = StringField(_l("叠加组（同组只算最好的一个，留空：单独算）"), [Length(max=30)])
    source_class = SelectField(
        _l("算哪一类来源（上限和有效期跟着它）"),
        choices=[SelectChoice(name, label) for name, label in SOURCES.items()],
    )
    credits = SelectField(_l("给哪种积分"), choices=[SelectChoice(MAIN_KIND, _l("积分"))], default=MAIN_KIND)
    own_expiry = BooleanField(_l("有效期和这一类不一样"))
    expiry = FormField(PolicyRow)
    times = FormField(TimesPart)
    budget_points = WholeField(_l("所有人一共最多多少分（留空：不限）"), optional=True)

    def offer(
        self,
        categories: Sequence[tuple[str, str]],
        tiers: Sequence[tuple[str, str]],
        kinds: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Fill in what can be chosen in this shop."""
        self.goods.form.categories.choices = [SelectChoice(code, name) for code, name in categories]
        self.credits.choices = [SelectChoice(code, name) for code, name in ((MAIN_KIND, _l("积分")), *kinds)]
        self.tier.form.tiers.choices = [SelectChoice(code, name) for code, name in tiers]

    def rule_document(self, code: str) -> dict[str, Any]:
        """The rule as JSON: only the conditions that are switched on, only the effect that is chosen."""
        kind = self.effect_kind.data
        return {
            "code": code,
            "name": (self.name.data or "").strip(),
            "event": (self.custom_event.data or "").strip() or self.event.data,
            "conditions": [
                {"kind": each, **_part_document(self[each].form)}
                for each in CONDITION_PARTS
                if self[each].form.on.data
            ],
            "effect": {"kind": kind, **_part_document(self[kind].form)},
            "group": (self.group.data or "").strip() or None,
            "source_class": self.source_class.data,
            "credits": self.credits.data or MAIN_KIND,
            "expiry": policy_document(plain(self.expiry.form.data)) if self.own_expiry.data else None,
            "times": plain(self.times.form.data) if self.times.form.count.data is not None else None,
            "budget_points": self.budget_points.data,
        }

    def show_faults(self, path: str, faults: Iterable[Fault]) -> bool:
        """Put each fault of the rule at ``path`` at its field; what belongs to none, at the form.  Whether there was one."""
        found = False
        for fault in faults:
            if not fault.path.startswith(f"{path}.") and fault.path != path:
                continue
            found = True
            name = self._field_name(fault.path.removeprefix(path).removeprefix("."))
            field = next((each for each in leaves(self) if each.name == name), None)
            if field is None:
                self.form_errors.append(sentence_of(fault))
            else:
                field.errors = [*field.errors, sentence_of(fault)]
        return found

    def _field_name(self, inside: str) -> str:
        """``conditions[1].hour_until`` is the second condition that is switched on; ``effect.points`` the chosen effect."""
        if match := CONDITION_FAULT.fullmatch(inside):
            switched_on = [kind for kind in CONDITION_PARTS if self[kind].form.on.data]
            kind = switched_on[int(match[1])]
            return f"{kind}-{match[2].partition('[')[0] or 'on'}"
        if inside.startswith("effect."):
            rest = re.sub(r"\[(\d+)\]", r"-\1", inside.removeprefix("effect.")).replace(".", "-")
            return "effect_kind" if rest == "kind" else f"{self.effect_kind.data}-{rest}"
        return {"event": "custom_event"}.get(inside, inside.replace(".", "-"))


def form_data(rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's document as the form's fields."""
    effect = dict(rule["effect"])
    kind = effect.pop("kind")
    data = {
        "name": rule["name"],
        "event": rule["event"] if rule["event"] in EVENTS else "purchase",
        "custom_event": "" if rule["event"] in EVENTS else rule["event"],
        "effect_kind": kind,
        kind: effect,
        "group": rule["group"] or "",
        "source_class": rule["source_class"],
        "credits": rule.get("credits", MAIN_KIND),
        "own_expiry": rule["expiry"] is not None,
        "expiry": rule["expiry"] or {},
        "times": rule["times"] or {},
        "budget_points": rule["budget_points"],
    }
    for condition in rule["conditions"]:
        data[condition["kind"]] = {**condition, "on": True}
    return data


def _part_document(form: Any) -> dict[str, Any]:
    """A condition or effect without what is empty: the document's own defaults stand for it."""
    document: dict[str, Any] = {}
    for field in form:
        if field.short_name == "on":
            continue
        if isinstance(field, WordsField):
            document[field.short_name] = _numbers(field) if field.short_name == "month_days" else field.words
        elif isinstance(field, FieldList):
            document[field.short_name] = [
                plain(row.data) for row in field.entries if any(v is not None for v in row.data.values())
            ]
        elif field.data is not None:
            document[field.short_name] = plain(field.data)
    return document


def _numbers(field: WordsField) -> list[Any]:
    """Days of the month; a word that is no number stays one, so that its fault is named."""
    return [
        int(word) if word.isascii() and word.isdigit() and len(word) < 6 else word for word in field.words
    ]
