"""Whether a rule's conditions hold, and for which goods: one pure function for each kind."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from shop.rules.points.occurrences import BoughtLine, Occurrence, question_of
from shop.rules.rulebook import (
    AmountCondition,
    BirthdayCondition,
    ChannelCondition,
    Condition,
    DetailCondition,
    GoodsCondition,
    PeriodCondition,
    PurchaseNumberCondition,
    Rule,
    TierCondition,
)

FEBRUARY_29 = (2, 29)


def lines_of(rule: Rule, occurrence: Occurrence) -> tuple[int, ...] | None:
    """The places of the lines that a rule speaks of; None when it does not apply.

    All lines without a condition on goods.  A rule on goods of which none was bought does not apply.
    """
    chosen = [place for place, line in enumerate(occurrence.lines) if not line.is_gift]
    for condition in rule.conditions:
        if isinstance(condition, GoodsCondition):
            chosen = [place for place in chosen if is_meant(occurrence.lines[place], condition)]
            if not chosen:
                return None
        elif not holds(condition, occurrence):
            return None
    return tuple(chosen)


def holds(condition: Condition, occurrence: Occurrence) -> bool:
    """Whether a condition on the event or the member holds."""
    return HOLDS[condition.kind](condition, occurrence)


def is_meant(line: BoughtLine, condition: GoodsCondition) -> bool:
    """Whether a condition on goods means this line."""
    named = (
        line.sku in condition.skus
        or line.category in condition.categories
        or any(tag in condition.tags for tag in line.tags)
    )
    return named != condition.excluded


def _tier(condition: TierCondition, occurrence: Occurrence) -> bool:
    return occurrence.member.tier_code in condition.tiers


def _amount(condition: AmountCondition, occurrence: Occurrence) -> bool:
    return occurrence.cents >= condition.cents_min


def _period(condition: PeriodCondition, occurrence: Occurrence) -> bool:
    return period_holds(condition, occurrence.moment(condition.decided_by))


def period_holds(condition: PeriodCondition, moment: datetime) -> bool:
    """Whether a moment of the shop's zone lies in the period, on one of its days and within its hours."""
    return (
        (condition.starts_at is None or condition.starts_at <= moment)
        and (condition.ends_at is None or moment < condition.ends_at)
        and (not condition.weekdays or moment.isoweekday() in condition.weekdays)
        and (not condition.month_days or moment.day in condition.month_days)
        and condition.hour_from <= moment.hour < condition.hour_until
    )


def _birthday(condition: BirthdayCondition, occurrence: Occurrence) -> bool:
    birthday, known_on = occurrence.member.birthday, occurrence.member.birthday_known_on
    today = occurrence.moment("paid").date()
    if birthday is None or (known_on is not None and known_on >= today.replace(day=1)):
        return False
    if condition.span == "month":
        return birthday.month == today.month
    return birthday_in(birthday, today.year) == today


def birthday_in(birthday: date, year: int) -> date:
    """The birthday in a year; of 29 February, 28 February in common years."""
    is_common = year % 4 != 0 or (year % 100 == 0 and year % 400 != 0)
    if (birthday.month, birthday.day) == FEBRUARY_29 and is_common:
        return date(year, 2, 28)
    return birthday.replace(year=year)


def _purchase_number(condition: PurchaseNumberCondition, occurrence: Occurrence) -> bool:
    if occurrence.cents < condition.cents_min:
        return False
    number = occurrence.member.purchases_before.get(question_of(condition), 0) + 1
    return number % condition.number == 0 if condition.every else number == condition.number


def _channel(condition: ChannelCondition, occurrence: Occurrence) -> bool:
    return occurrence.channel in condition.channels


def _detail(condition: DetailCondition, occurrence: Occurrence) -> bool:
    return occurrence.detail in condition.values


HOLDS: Mapping[str, Callable[[Any, Occurrence], bool]] = {
    "tier": _tier,
    "amount": _amount,
    "period": _period,
    "birthday": _birthday,
    "purchase_number": _purchase_number,
    "channel": _channel,
    "detail": _detail,
}
