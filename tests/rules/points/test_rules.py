"""Rules with conditions and effects: the figures of each kind, to the point."""

from dataclasses import replace
from datetime import date

import pytest

from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, CountAsked, Occurrence
from shop.rules.rulebook import (
    AmountCondition,
    BirthdayCondition,
    ChannelCondition,
    DetailCondition,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    PurchaseNumberCondition,
    RateEffect,
    StackingRule,
    Step,
    StepsEffect,
    ThresholdEffect,
    TierCondition,
)
from tests.rules.points.rule_stories import DOUBLE, KNOWN, MAY_20, PLAIN, book, bought, points, rule
from tests.rules.rulebooks import SHANGHAI, at


@pytest.mark.parametrize(
    ("tier", "total"), [("plain", 333), ("silver", 399), ("gold", 499), ("diamond", 666)]
)
def test_tiers_multiply_the_base_of_333(tier, total):
    assert evaluate(bought(33300, member={"tier_code": tier}), PLAIN).total == total


@pytest.mark.parametrize(("per_cents", "earned"), [(100, 268), (1000, 26)])
def test_the_two_usual_rates_round_down_once_an_order(per_cents, earned):
    assert points(bought(26850), replace(PLAIN, earning=replace(PLAIN.earning, per_cents=per_cents))) == [
        earned
    ]


@pytest.mark.parametrize(
    ("stacking", "group", "total"),
    [
        (StackingRule(), None, 250),
        (StackingRule(between_groups="multiply"), None, 300),
        (StackingRule(), "tier", 200),
        (StackingRule(between_groups="multiply"), "tier", 200),
    ],
)
def test_gold_in_the_birthday_month_by_the_shops_choice(stacking, group, total):
    """E10: base 100, gold 1.5, birthday 2."""
    birthday = rule("birthday", DOUBLE, BirthdayCondition(), group=group)
    gold = bought(10000, member={"tier_code": "gold", **KNOWN})

    awards = evaluate(gold, book(birthday, stacking=stacking))

    assert awards.total == total
    if group:
        assert awards.awards[1].reasons[-1].code == "best_of_group"
        assert awards.awards[1].reasons[-1].params["others"] == "金卡"


def test_multiplying_groups_rounds_the_product_once():
    both = book(
        rule("a", MultiplyEffect(multiplier_permille=1200)),
        rule("b", MultiplyEffect(multiplier_permille=1500)),
        stacking=StackingRule(between_groups="multiply"),
    )

    assert evaluate(bought(33300), both).total == 599  # 333 x 1.8 = 599.4


def test_category_has_its_own_rate_on_its_share_of_the_order():
    """E02: 249 at 2 a yuan, 150 at 1, summed and floored once; each line keeps its share."""
    skin = rule("skin", RateEffect(points=2, per_cents=100), GoodsCondition(categories=("skin",)))
    lines = (BoughtLine(cents=24950, category="skin"), BoughtLine(cents=15050, category="hair"))

    (award,) = evaluate(bought(lines=lines), book(skin)).awards

    assert (award.points, award.shares) == (649, (499, 150, 0))
    assert [reason.code for reason in award.reasons] == ["rate_of_goods", "rate_of_the_rest", "rates_summed"]


def test_excluded_goods_earn_nothing():
    cards = rule("cards", RateEffect(points=0, per_cents=100), GoodsCondition(skus=("S1",)))

    assert points(bought(10000, 5000), book(cards)) == [100]
    assert points(bought(lines=(BoughtLine(cents=5000, sku="S1"),)), book(cards)) == []


def test_goods_may_be_all_but_some():
    most = rule("most", DOUBLE, GoodsCondition(skus=("S1",), excluded=True))

    assert points(bought(10000, 5000), book(most)) == [150, 100]


@pytest.mark.parametrize(("whole", "earned"), [(False, 76), (True, 126)])
def test_steps_pay_by_slice_or_for_the_whole_amount(whole, earned):
    """E03: 630 yuan at 1 for 10 below 500 and 2 for 10 above."""
    steps = StepsEffect(
        steps=(
            Step(from_cents=0, points=1, per_cents=1000),
            Step(from_cents=50000, points=2, per_cents=1000),
        ),
        whole=whole,
    )

    assert points(bought(63000), book(rule("steps", steps))) == [earned]


def test_steps_of_the_month_go_on_where_the_month_stands():
    steps = StepsEffect(
        steps=(
            Step(from_cents=0, points=1, per_cents=1000),
            Step(from_cents=50000, points=2, per_cents=1000),
        ),
        of="month",
    )

    assert points(bought(20000, member={"month_cents": 40000}), book(rule("steps", steps))) == [10 + 20]


@pytest.mark.parametrize(
    ("cents", "every", "bonus"),
    [(9999, False, []), (10000, False, [30]), (25000, False, [30]), (25000, True, [60])],
)
def test_reaching_a_sum_brings_points_once_or_each_time(cents, every, bonus):
    """E04."""
    full = rule("full", ThresholdEffect(cents=10000, points=30, every=every))

    assert points(bought(cents), book(full))[1:] == bonus


def test_a_sum_of_the_month_is_reached_by_the_order_that_crosses_it():
    full = book(rule("full", ThresholdEffect(cents=10000, points=30, of="month")))

    assert points(bought(6000, member={"month_cents": 3000}), full) == [60]
    assert points(bought(6000, member={"month_cents": 6000}), full) == [60, 30]
    assert points(bought(6000, member={"month_cents": 10000}), full) == [60]


@pytest.mark.parametrize(("before", "extra"), [(0, []), (8, []), (9, [50]), (10, []), (19, [50])])
def test_each_tenth_order_of_the_month_brings_more(before, extra):
    """E05; the count leaves out orders below the least amount, and such an order itself."""
    tenth = PurchaseNumberCondition(number=10, span="month", every=True, cents_min=5000)
    facts = {"purchases_before": {CountAsked("month", 5000, False): before}}
    rulebook = book(rule("tenth", PointsEffect(points=50), tenth))

    assert points(bought(5000, member=facts), rulebook)[1:] == extra
    assert points(bought(4999, member=facts), rulebook)[1:] == []


@pytest.mark.parametrize(
    ("birthday", "known_on", "moment", "doubled"),
    [
        (date(1990, 5, 18), date(2026, 4, 30), "2026-05-01T00:00:00", True),
        (date(1990, 5, 18), date(2026, 5, 1), "2026-05-20T00:00:00", False),
        (date(1990, 5, 18), None, "2026-05-31T23:59:59", True),
        (date(1990, 5, 18), None, "2026-06-01T00:00:00", False),
        (date(1992, 2, 29), None, "2026-02-01T00:00:00", True),
        (None, None, "2026-05-20T00:00:00", False),
    ],
)
def test_birthday_must_have_been_known_before_its_month(birthday, known_on, moment, doubled):
    """E07."""
    member = {"birthday": birthday, "birthday_known_on": known_on}

    earned = points(bought(10000, at=at(moment), member=member), book(rule("b", DOUBLE, BirthdayCondition())))

    assert earned == ([100, 100] if doubled else [100])


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        ("2026-02-27T12:00:00", False),
        ("2026-02-28T00:00:00", True),
        ("2028-02-28T12:00:00", False),
        ("2028-02-29T12:00:00", True),
    ],
)
def test_birthday_of_29_february_is_the_28th_in_common_years(moment, counts):
    day = book(rule("b", DOUBLE, BirthdayCondition(span="day")))

    earned = points(bought(10000, at=at(moment), member={"birthday": date(1992, 2, 29)}), day)

    assert (len(earned) == 2) is counts


@pytest.mark.parametrize(
    ("period", "moment", "holds"),
    [
        ({"starts_at": at("2026-05-01"), "ends_at": at("2026-06-01")}, "2026-05-31T23:59:59", True),
        ({"starts_at": at("2026-05-01"), "ends_at": at("2026-06-01")}, "2026-06-01T00:00:00", False),
        ({"weekdays": (3,)}, "2026-05-20T12:00:00", True),
        ({"weekdays": (4,)}, "2026-05-20T12:00:00", False),
        ({"month_days": (8, 20)}, "2026-05-20T00:00:00", True),
        ({"hour_from": 10, "hour_until": 12}, "2026-05-20T11:59:59", True),
        ({"hour_from": 10, "hour_until": 12}, "2026-05-20T12:00:00", False),
    ],
)
def test_a_calendar_decides_by_the_shops_clock(period, moment, holds):
    """E09."""
    rulebook = book(rule("p", DOUBLE, PeriodCondition(**period)))

    assert (len(points(bought(10000, at=at(moment)), rulebook)) == 2) is holds


def test_a_period_is_decided_by_payment_or_by_the_order():
    window = {"starts_at": at("2026-05-20"), "ends_at": at("2026-05-21")}
    late = bought(10000, at=at("2026-05-21T00:05:00"), placed_at=at("2026-05-20T23:55:00"))

    assert points(late, book(rule("p", DOUBLE, PeriodCondition(**window)))) == [100]
    assert points(late, book(rule("p", DOUBLE, PeriodCondition(**window, decided_by="placed")))) == [100, 100]


@pytest.mark.parametrize(
    ("condition", "other", "values"),
    [
        (TierCondition(tiers=("gold",)), TierCondition(tiers=("silver",)), {"member": {"tier_code": "gold"}}),
        (AmountCondition(cents_min=10000), AmountCondition(cents_min=10001), {}),
        (ChannelCondition(channels=("store",)), ChannelCondition(channels=("mall",)), {"channel": "store"}),
    ],
)
def test_conditions_hold_or_do_not(condition, other, values):
    usual = len(points(bought(10000, **values), book()))

    assert (
        len(points(bought(10000, **values), book(rule("c", PointsEffect(points=7), condition)))) == usual + 1
    )
    assert len(points(bought(10000, **values), book(rule("c", PointsEffect(points=7), other)))) == usual


def test_other_events_pay_by_their_own_rules_and_classes():
    text, photo = (
        rule(f"review_{grade}", PointsEffect(points=reward), DetailCondition(values=(grade,)),
             event="review_published", source_class="interaction")
        for grade, reward in (("text", 5), ("photo", 20))
    )  # fmt: skip
    review = Occurrence(event="review_published", at=MAY_20, zone=SHANGHAI, detail="photo")

    (award,) = evaluate(review, book(text, photo)).awards

    assert (award.points, award.source_class, award.rule) == (20, "interaction", "review_photo")


def test_a_sign_in_may_be_multiplied():
    """S06."""
    day = rule(
        "day8", DOUBLE, PeriodCondition(month_days=(20,)), event="signed_in", source_class="interaction"
    )
    signed = Occurrence(event="signed_in", at=MAY_20, zone=SHANGHAI, base_points=10)

    assert [award.points for award in evaluate(signed, book(day)).awards] == [10]


def test_points_by_the_piece_and_closed_rules():
    mug = rule("mug", PointsEffect(points=5, per="piece"), GoodsCondition(skus=("MUG",)))
    lines = (BoughtLine(cents=3000, quantity=3, sku="MUG"), BoughtLine(cents=1000, sku="TEA"))

    assert points(bought(lines=lines), book(mug)) == [40, 15]
    assert points(bought(lines=lines, member={"closed_rules": frozenset({"mug"})}), book(mug)) == [40]


def test_an_order_cap_cuts_the_last_bonus_first():
    capped = book(
        rule("a", PointsEffect(points=50)), rule("b", PointsEffect(points=50)),
        stacking=StackingRule(order_points_max=160),
    )  # fmt: skip

    awards = evaluate(bought(10000), capped).awards

    assert [award.points for award in awards] == [100, 50, 10]
    assert awards[-1].reasons[-1].to_document() == {
        "code": "cut_by_order_cap",
        "params": {"cap_points": 160, "offered_points": 50, "cut_points": 40},
    }
