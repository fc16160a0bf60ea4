"""Rules drawn at random: awards are whole, positive, split exactly, and decided by the shop's calendar."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.award_documents import award_documents, awards_from_documents
from shop.rules.points.earning import evaluate
from shop.rules.rulebook import (
    AmountCondition,
    BirthdayCondition,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    RateEffect,
    StackingRule,
    Step,
    StepsEffect,
    ThresholdEffect,
    TierCondition,
)
from tests.rules.points.rule_stories import DOUBLE, KNOWN, PLAIN, book, bought, points, rule
from tests.rules.rulebooks import SHANGHAI

CONDITIONS = st.lists(
    st.sampled_from(
        [
            GoodsCondition(skus=("S0", "S2")),
            GoodsCondition(skus=("S1",), excluded=True),
            AmountCondition(cents_min=20000),
            BirthdayCondition(),
            TierCondition(tiers=("gold", "diamond")),
        ]
    ),
    max_size=2,
)
EFFECTS = st.one_of(
    st.builds(MultiplyEffect, multiplier_permille=st.integers(1001, 5000)),
    st.builds(PointsEffect, points=st.integers(1, 500), per=st.sampled_from(["event", "piece"])),
    st.builds(RateEffect, points=st.integers(0, 20), per_cents=st.sampled_from([1, 7, 100, 1000])),
    st.builds(ThresholdEffect, cents=st.integers(1, 50000), points=st.integers(1, 99), every=st.booleans()),
    st.builds(
        StepsEffect,
        steps=st.just(
            (Step(from_cents=0, points=1, per_cents=700), Step(from_cents=9999, points=3, per_cents=1000))
        ),
        whole=st.booleans(),
    ),
)
RULES = st.lists(st.tuples(EFFECTS, CONDITIONS, st.sampled_from([None, "a", "b", "tier"])), max_size=6).map(
    lambda drawn: tuple(
        rule(f"r{number}", effect, *conditions, group=group)
        for number, (effect, conditions, group) in enumerate(drawn)
    )
)
PURCHASES = st.builds(
    lambda cents, tier, shipping: bought(
        *cents, member={"tier_code": tier, **KNOWN}, shipping_cents=shipping
    ),
    st.lists(st.integers(0, 10**7), min_size=1, max_size=5),
    st.sampled_from(["plain", "silver", "gold", "diamond"]),
    st.integers(0, 3000),
)


@given(purchase=PURCHASES, rules=RULES, multiply=st.booleans(), freight=st.booleans())
def test_every_award_is_whole_positive_and_split_exactly(purchase, rules, multiply, freight):
    rulebook = book(
        *rules,
        stacking=StackingRule(between_groups="multiply" if multiply else "add", order_points_max=90_000),
        earning=replace(PLAIN.earning, includes_shipping=freight),
    )

    awards = evaluate(purchase, rulebook)

    assert awards.total <= 90_000
    for award in awards.awards:
        assert award.points > 0
        assert sum(award.shares) == award.points
        assert len(award.shares) == len(purchase.lines) + 1
        assert min(award.shares) >= 0
    assert awards_from_documents(award_documents(awards)) == awards


@given(
    hours=st.integers(0, 24 * 365 * 3),
    day=st.integers(1, 31),
    weekday=st.integers(1, 7),
)
def test_a_member_day_is_exactly_that_day_of_the_shop(hours, day, weekday):
    moment = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(hours=hours)
    rulebook = book(rule("d", DOUBLE, PeriodCondition(month_days=(day,), weekdays=(weekday,))))

    doubled = len(points(bought(10000, at=moment), rulebook)) == 2

    assert doubled is (moment.day == day and moment.isoweekday() == weekday)
