"""What a value of the rulebook is called, and how it is written."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from shop.rules.rulebook import SOURCE_CLASSES, ExpiryPolicy, TierRule
from shop.rules.rulebook.shapes import shape_of
from shop.web.filters import points, shop_datetime, yuan
from shop.web.numbers import plain_permille
from shop.web.rulebook_words.labels import EXPIRY_FIELDS, LABELS, WORDS
from shop.web.rulebook_words.pieces import SOURCES, expiry_words, sources_words
from shop.web.rulebook_words.rule_values import rule_part_words
from shop.web.rulebook_words.sections.tiers import benefits_of
from shop.web.signin_words import brings_words

COUNTED = frozenset({"signin.day_points[]", "reminders.days[]"})
STEPS = frozenset({"signin.milestones[]", "signin.month_steps[]"})
POLICY = shape_of(ExpiryPolicy)
ITEM = re.compile(r"\[([^\]]*)\]")


def label_of(path: str) -> str:
    """What the value at a path is called; a path that nobody named is shown as it is."""
    items = ITEM.findall(path)
    shape = ITEM.sub("[]", path)
    if path.startswith("expiry."):
        _section, source, *field = path.split(".")
        name = str(EXPIRY_FIELDS.get(field[0] if field else "", path))
        return _("%(source)s得的积分：%(what)s", source=SOURCES.get(source, source), what=name)
    if path.startswith("rules["):
        return _rule_label(shape, items[0])
    if shape not in LABELS:
        return path
    item = items[-1] if items else ""
    return str(LABELS[shape]) % {"item": _counted(item) if shape in COUNTED else item}


def _rule_label(shape: str, item: str) -> str:
    """Everything inside a condition or an effect goes by the name of that part."""
    known = next(
        (name for name in sorted(LABELS, key=len, reverse=True) if shape.startswith(name)), "rules[]"
    )
    return str(LABELS[known]) % {"item": _counted(item)}


def _counted(item: str) -> str:
    """Positions count from 1 for people."""
    return str(int(item) + 1) if item.isdigit() else item


def value_words(path: str, value: Any) -> str:
    """A value as a person reads it."""
    field = path.rpartition(".")[2].partition("[")[0]
    if value is None:
        return _("没有")
    if path.startswith("rules[") and (words := rule_part_words(ITEM.sub("[]", path), value)):
        return words
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, dict):
        return _record_words(path, value)
    if isinstance(value, list | tuple):
        return _list_words(field, value)
    if isinstance(value, str):
        return _text_words(field, value)
    return _number_words(field, value)


def _number_words(field: str, value: int) -> str:
    if "cents" in field:
        return yuan(value)
    if field.endswith("multiplier_permille"):
        return _("%(times)s 倍", times=plain_permille(value))
    return f"{value}%" if field == "share_percent_max" else points(value)


def _text_words(field: str, value: str) -> str:
    if field.endswith("_at"):
        return shop_datetime(datetime.fromisoformat(value))
    return str(WORDS.get((field, value), value))


def _list_words(field: str, values: list[Any] | tuple[Any, ...]) -> str:
    if values and all(value in SOURCE_CLASSES for value in values):
        return sources_words(tuple(values))
    return " / ".join(value_words(field, value) for value in values) or _("没有")


def _record_words(path: str, record: Mapping[str, Any]) -> str:
    """A whole tier, window, cap, milestone or policy in a few words."""
    if path.startswith("expiry.") or ITEM.sub("[]", path) == "kinds[].expiry":
        return expiry_words(POLICY.read(record, path, []))
    if ITEM.sub("[]", path) == "tiers[]":
        return _tier_words(TierRule(**record))
    if ITEM.sub("[]", path) in STEPS:
        return brings_words(record["points"], record["tickets"], int(record["coupon_code"] is not None))
    values = [value_words(f"{path}.{name}", value) for name, value in record.items() if name != "code"]
    return _("，").join(value for value in values if value)


def _tier_words(tier: TierRule) -> str:
    times = value_words("tiers[].multiplier_permille", tier.multiplier_permille)
    return _("，").join((tier.name, points(tier.growth_from), times, *benefits_of(tier)))
