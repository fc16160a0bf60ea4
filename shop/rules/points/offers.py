"""What purchases earn more of for a while: the offers that run at a moment, and until when (E09)."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from shop.rules.points.conditions import period_holds
from shop.rules.points.occurrences import PURCHASE
from shop.rules.rulebook import (
    AmountCondition,
    ChannelCondition,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    Rule,
    Rulebook,
    TierCondition,
)

HORIZON_DAYS = 62  # an offer that never stops within these is no news
CAN_BE_TOLD = (AmountCondition, ChannelCondition, GoodsCondition, PeriodCondition, TierCondition)


@dataclass(frozen=True, slots=True)
class Offer:
    """A rule that multiplies points or adds some until ``ends_at``, for purchases in the mall.

    Exactly one of ``multiplier_permille`` and ``points`` is set.  ``is_for_some``: it counts for some goods, or from an
    amount on, only.
    """

    rule_code: str
    name: str
    multiplier_permille: int | None
    points: int | None
    is_for_some: bool
    ends_at: datetime

    @property
    def last_day(self) -> date:
        """The last day on which it counts: an end at midnight belongs to the day before."""
        return (self.ends_at - timedelta(microseconds=1)).date()


def running_offers(
    rulebook: Rulebook, now: datetime, zone: tzinfo, *, tier_code: str | None, closed: Container[str] = ()
) -> tuple[Offer, ...]:
    """The offers that a purchase paid now would enjoy, the one that ends first at the front.

    A rule that asks for something of the member's own (a birthday, the first purchase) is none: it is told elsewhere.
    ``closed`` rules have used up their budget and promise nothing (E23).
    """
    offers = (
        _offer(rule, now.astimezone(zone), tier_code) for rule in rulebook.rules if rule.code not in closed
    )
    return tuple(
        sorted((offer for offer in offers if offer), key=lambda offer: (offer.ends_at, offer.rule_code))
    )


def _offer(rule: Rule, moment: datetime, tier_code: str | None) -> Offer | None:
    periods = [each for each in rule.conditions if isinstance(each, PeriodCondition)]
    if (
        rule.event != PURCHASE
        or not isinstance(rule.effect, MultiplyEffect | PointsEffect)
        or not all(isinstance(each, CAN_BE_TOLD) for each in rule.conditions)
        or not all(_is_open(each, tier_code) for each in rule.conditions)
        or not all(period_holds(each, moment) for each in periods)
    ):
        return None
    ends = [end for each in periods if (end := end_of_period(each, moment))]
    if not ends:
        return None
    effect = rule.effect
    return Offer(
        rule_code=rule.code,
        name=rule.name,
        multiplier_permille=effect.multiplier_permille if isinstance(effect, MultiplyEffect) else None,
        points=effect.points if isinstance(effect, PointsEffect) else None,
        is_for_some=any(isinstance(each, GoodsCondition | AmountCondition) for each in rule.conditions),
        ends_at=min(ends),
    )


def _is_open(condition: object, tier_code: str | None) -> bool:
    if isinstance(condition, TierCondition):
        return tier_code in condition.tiers
    return not isinstance(condition, ChannelCondition) or "mall" in condition.channels


def end_of_period(period: PeriodCondition, moment: datetime) -> datetime | None:
    """The first moment after ``moment``, at which the period holds, when it no longer does; None beyond the horizon.

    ``moment`` is of the shop's zone: days and hours are the shop's, and half open.
    """
    return next((end for end in _ends(period, moment)), None)


def _ends(period: PeriodCondition, moment: datetime) -> Iterator[datetime]:
    for days in range(HORIZON_DAYS):
        midnight = _midnight(moment, days + 1)
        end = midnight
        if period.hour_until < 24:
            end = datetime.combine(
                midnight.date() - timedelta(days=1), time(period.hour_until), tzinfo=moment.tzinfo
            )
        if period.ends_at is not None and period.ends_at <= end:
            yield period.ends_at.astimezone(moment.tzinfo)
        elif end != midnight or not period_holds(period, midnight):
            yield end


def _midnight(moment: datetime, days: int) -> datetime:
    return datetime.combine(moment.date() + timedelta(days=days), time(), tzinfo=moment.tzinfo)
