"""What sign-ins bring, in a few words."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import Milestone, MonthStep, SignInRule
from shop.web.filters import points

CYCLES: Mapping[str, object] = {
    "endless": _l("断签从头数"),
    "week": _l("每周一从头数，断签也从头数"),
    "month": _l("每月 1 日从头数，断签也从头数"),
}

CYCLE_DAYS: Mapping[str, int] = {"week": 7, "month": 31}
NO_END = 10**6


class Promised(Protocol):
    """What a sign-in will bring."""

    @property
    def points(self) -> int: ...
    @property
    def milestone_days(self) -> int | None: ...
    @property
    def milestone_points(self) -> int: ...
    @property
    def month_days(self) -> int | None: ...
    @property
    def month_points(self) -> int: ...
    @property
    def tickets(self) -> int: ...
    @property
    def coupons(self) -> int: ...


def step_words(step: Milestone | MonthStep) -> str:
    """What a milestone or a step brings: points, tickets, a coupon."""
    return brings_words(step.points, step.tickets, int(step.coupon_code is not None))


def brings_words(number: int, tickets: int, coupons: int) -> str:
    """Points, tickets and coupons, those that there are."""
    return _("、").join(_things(number, tickets, coupons))


def offer_words(offer: Promised) -> str:
    """What signing in will bring, for the button and for a day of the calendar."""
    parts = [_("+%(points)s 积分", points=points(offer.points))] if offer.points else []
    if offer.milestone_days and offer.milestone_points:
        parts.append(
            _("满 %(days)s 天再加 %(extra)s", days=offer.milestone_days, extra=points(offer.milestone_points))
        )
    if offer.month_days and offer.month_points:
        parts.append(
            _("本月第 %(days)s 天再加 %(extra)s", days=offer.month_days, extra=points(offer.month_points))
        )
    if offer.tickets or offer.coupons:
        parts.append(_("还有%(what)s", what=brings_words(0, offer.tickets, offer.coupons)))
    return _("，").join(parts) if parts else _("积分拿满了，照样算一天")


def cycle_words(cycle: str) -> str:
    """When a streak counts anew."""
    return str(CYCLES[cycle])


def after_table(rule: SignInRule) -> str:
    """What comes after the last day of the table; nothing when its cycle is over by then."""
    if len(rule.day_points) >= CYCLE_DAYS.get(rule.streak_cycle, NO_END):
        return ""
    if rule.cycle:
        return _("数完从头再来。")
    return _("之后每天都是 %(points)s 积分。", points=points(rule.day_points[-1]))


def signin_rules(rule: SignInRule) -> Iterator[str]:
    """Cycles, milestones and steps of the month, in sentences."""
    yield from _cycle_sentences(rule)
    for milestone in rule.milestones:
        yield _("连续满 %(days)s 天另加 %(what)s", days=milestone.days, what=step_words(milestone))
    if rule.milestones:
        yield {
            "endless": _("连续奖励每 %(days)s 天一轮，每轮各给一次。", days=rule.milestone_cycle_days),
            "week": _("连续奖励每周各给一次。"),
            "month": _("连续奖励每月各给一次。"),
        }[rule.streak_cycle]
    for step in rule.month_steps:
        yield _("一个月里签满 %(days)s 天（不用连着）另加 %(what)s", days=step.days, what=step_words(step))
    if rule.month_steps:
        yield _("累计奖励每月各给一次，补签的也算。")
    steps: tuple[Milestone | MonthStep, ...] = (*rule.milestones, *rule.month_steps)
    if any(step.tickets or step.coupon_code for step in steps):
        yield _("优惠券发完了、没有开着的抽奖时，券不补发，积分照给。")


def _cycle_sentences(rule: SignInRule) -> Iterator[str]:
    if rule.streak_cycle == "week":
        yield _("连续天数每周一从头数。")
    if rule.streak_cycle == "month":
        yield _("连续天数每月 1 日从头数。")


def _things(number: int, tickets: int, coupons: int) -> Iterator[str]:
    if number:
        yield _("%(points)s 积分", points=points(number))
    if tickets:
        yield _("%(count)s 张抽奖券", count=tickets)
    if coupons:
        yield _("%(count)s 张优惠券", count=coupons)
