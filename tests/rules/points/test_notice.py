"""What needs notice, and from when a version may count."""

from dataclasses import replace
from datetime import UTC

import pytest

from shop.rules.points.notice import earliest_start, worsening
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    CapRule,
    ExpiryPolicy,
    Milestone,
    MultiplyEffect,
    OffsetWindow,
    PeriodCondition,
    PointsEffect,
    PublishingRule,
    RateEffect,
    Rule,
    Rulebook,
    TierCondition,
    TierRule,
)
from tests.rules.rulebooks import SHANGHAI, at, rulebook_with

D = DEFAULT_RULEBOOK
MARCH = at("2026-03-02T12:00")
FESTIVAL = OffsetWindow(
    name="节", starts_at=at("2026-06-01"), ends_at=at("2026-06-08"), points=50, per_cents=100
)
WEEKEND = PeriodCondition(starts_at=at("2026-02-01"), ends_at=at("2026-02-03"))
TWICE = Rule(code="twice", name="双倍", effect=MultiplyEffect(multiplier_permille=2000))


def offset(**values) -> Rulebook:
    return rulebook_with(offset=replace(D.offset, **values))


def signin(**values) -> Rulebook:
    return rulebook_with(signin=replace(D.signin, **values))


def expiring(**values) -> Rulebook:
    return rulebook_with(
        expiry=replace(D.expiry, purchase=ExpiryPolicy(**{"days": 0, "periods_after": 0, **values}))
    )


def rules(*which: Rule) -> Rulebook:
    return rulebook_with(rules=which)


def tiers(*which: TierRule) -> Rulebook:
    return rulebook_with(tiers=tuple(sorted((*D.tiers, *which), key=lambda tier: tier.growth_from)))


def tier(growth_from: int, multiplier_permille: int) -> TierRule:
    return TierRule(code="new", name="新", growth_from=growth_from, multiplier_permille=multiplier_permille)


IMPROVEMENTS = [
    (D, rulebook_with(earning=replace(D.earning, points=2))),
    (D, rulebook_with(earning=replace(D.earning, points=2, per_cents=200))),  # the same rate, told otherwise
    (D, rulebook_with(earning=replace(D.earning, points=3, per_cents=200))),
    (D, offset(points=20, per_cents=50)),  # 40 for a yuan
    (D, rulebook_with(tiers=(replace(D.tiers[0], name="芽"), *D.tiers[1:]))),
    (D, tiers(tier(1000, 1300))),
    (D, rulebook_with(publishing=PublishingRule(second_person=True, adjustments_second_person_above=5))),
    (D, rulebook_with(publishing=PublishingRule(notice_days=60))),
    (D, offset(windows=(FESTIVAL,))),
    (offset(windows=(FESTIVAL,)), offset(windows=(replace(FESTIVAL, ends_at=at("2026-06-09")),))),
    (offset(windows=(replace(FESTIVAL, starts_at=at("2026-01-01"), ends_at=at("2026-02-01")),)), D),
    (D, expiring(kind="never")),
    (expiring(kind="days", days=365), expiring(kind="year_end", periods_after=1)),
    (D, signin(day_points=(20,))),
    (signin(day_points=(5,)), signin(day_points=(5, 6, 7), cycle=True)),
    (D, signin(milestones=(*D.signin.milestones[:1], Milestone(days=6, points=1), *D.signin.milestones[1:]))),
    (D, rulebook_with(caps=())),
    (D, rulebook_with(caps=(replace(D.caps[0], per="day"),))),
    (D, rules(TWICE)),
    (rules(replace(TWICE, conditions=(TierCondition(tiers=("crown",)),))), rules(TWICE)),
    (rules(replace(TWICE, conditions=(WEEKEND,))), D),
    (D, rulebook_with(returns=replace(D.returns, shortage="waive"))),
]  # fmt: skip
WORSE = [
    (D, rulebook_with(earning=replace(D.earning, per_cents=200)), "earning.per_cents"),
    (D, rulebook_with(earning=replace(D.earning, points=2, per_cents=300)), "earning.points"),
    (D, rulebook_with(earning=replace(D.earning, points=2, wait_days=8)), "earning.wait_days"),  # mixed is worse
    (D, offset(points=150), "offset.points"),
    (D, offset(points=200, per_cents=150), "offset.points"),
    (D, rulebook_with(tiers=D.tiers[:-1]), "tiers[fruit]"),
    (D, tiers(tier(3000, 1200)), "tiers[new]"),
    (D, rulebook_with(publishing=PublishingRule(notice_days=7)), "publishing.notice_days"),
    (D, offset(windows=(replace(FESTIVAL, points=120),)), "offset.windows[节]"),
    (offset(windows=(FESTIVAL,)), D, "offset.windows[节]"),
    (
        offset(windows=(FESTIVAL,)),
        offset(windows=(replace(FESTIVAL, ends_at=at("2026-06-07")),)),
        "offset.windows[节].ends_at",
    ),
    (D, expiring(kind="month_end", periods_after=3), "expiry.purchase"),
    (expiring(kind="days", days=500), expiring(kind="year_end", periods_after=1), "expiry.purchase"),
    (D, signin(day_points=(10,)), "signin.day_points"),
    (D, signin(milestone_cycle_days=60), "signin.milestone_cycle_days"),
    (D, rulebook_with(caps=(*D.caps, CapRule(name="新", classes=("draw",), points=9, per="day"))), "caps[新]"),
    (D, rulebook_with(caps=(replace(D.caps[0], classes=("interaction", "draw")),)), "caps[互动积分].classes"),
    (rules(TWICE), D, "rules[twice]"),
    (rules(TWICE), rules(replace(TWICE, conditions=(TierCondition(tiers=("crown",)),))), "rules[twice].conditions"),
    (rules(TWICE), rules(replace(TWICE, effect=PointsEffect(points=1))), "rules[twice].effect"),
    (D, rules(replace(TWICE, effect=RateEffect(points=0, per_cents=100))), "rules[twice]"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), IMPROVEMENTS)
def test_what_is_no_loss_needs_no_notice(old, new):
    assert worsening(old, new, MARCH) == ()


@pytest.mark.parametrize(("old", "new", "path"), WORSE)
def test_what_is_worse_or_not_provable_is_named(old, new, path):
    assert path in {change.path for change in worsening(old, new, MARCH)}


def test_the_same_again_needs_no_notice():
    assert worsening(D, D, MARCH) == ()


@pytest.mark.parametrize(
    ("now", "days", "proposed"),
    [
        ("2026-03-02T12:00", 30, "2026-04-01T00:00"),
        ("2026-03-02T00:00", 30, "2026-04-01T00:00"),
        ("2026-03-02T23:59", 7, "2026-03-09T00:00"),
        ("2028-01-30T08:00", 30, "2028-02-29T00:00"),
    ],
)
def test_the_proposed_day_is_so_many_days_after_today(now, days, proposed):
    day = earliest_start(at(now), days, SHANGHAI)

    assert day == at(proposed)
    assert day.tzinfo is UTC


def test_a_window_that_takes_in_fewer_members_or_goods_asks_for_notice():
    all_of_us = offset(windows=(FESTIVAL,))
    of_tier = offset(windows=(replace(FESTIVAL, tiers=("branch",)),))
    of_goods = offset(windows=(replace(FESTIVAL, categories=("skin", "hair")),))
    of_less = offset(windows=(replace(FESTIVAL, categories=("skin",)),))

    assert not worsening(offset(), of_tier, MARCH)
    assert not worsening(of_tier, all_of_us, MARCH)
    assert not worsening(of_less, of_goods, MARCH)
    assert worsening(all_of_us, of_tier, MARCH)
    assert worsening(of_tier, offset(windows=(replace(FESTIVAL, tiers=("crown",)),)), MARCH)
    assert worsening(of_goods, of_less, MARCH)
    assert worsening(of_tier, of_goods, MARCH)
