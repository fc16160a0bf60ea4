"""Purchases made elsewhere: the same rules, each reported once, taken back exactly."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.crypto import seal
from shop.errors import InvalidInput, KeyReused, MemberSuspended, NotFound
from shop.extensions import db
from shop.models import Member, Message, Purchase, Variant
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import (
    BirthdayCondition,
    ExpiryPolicy,
    GoodsCondition,
    MultiplyEffect,
    PointsEffect,
    PurchaseNumberCondition,
    RateEffect,
    Times,
)
from shop.services.points.purchases import (
    ReportedLine,
    record_purchase,
)
from tests.factories import (
    AT_ONCE,
    MONDAY,
    make_category,
    make_member,
    make_product,
    make_rulebook,
)
from tests.races import results_of, run_together
from tests.services.points.tills import (
    FIRST_OF_MONTH,
    available,
    buys,
    gives_back,
    points_of,
    reported,
    rule,
    rules,
)


def test_receipt_earns_what_an_order_would(app):
    member_id = make_member()

    done = buys(member_id, "R-1", 26850)

    assert points_of(done) == [268]
    assert done.awards[0].reasons[0].code == "earned_on_amount"
    assert available(member_id) == 268


def test_same_receipt_again_gets_the_first_answer(app):
    member_id = make_member()
    first = buys(member_id, "R-1", 10000)

    second = record_purchase(member_id, reported("R-1", 10000), MONDAY + timedelta(days=3))

    assert (second.purchase_id, second.awards, second.is_repeat) == (first.purchase_id, first.awards, True)
    assert available(member_id) == 100


def test_same_receipt_with_another_sum_is_refused(app):
    member_id = make_member()
    buys(member_id, "R-1", 10000)

    with pytest.raises(KeyReused):
        buys(member_id, "R-1", 10001)

    assert available(member_id) == 100


def test_twenty_tills_report_one_receipt_once(app):
    member_id = make_member()

    outcomes = run_together([lambda: buys(member_id, "R-1", 10000)] * 20)

    assert len({done.purchase_id for done in results_of(outcomes)}) == 1
    assert available(member_id) == 100


def test_waiting_days_run_from_the_purchase(app):
    make_rulebook(replace(AT_ONCE, earning=replace(AT_ONCE.earning, wait_days=7)))
    member_id = make_member()

    done = record_purchase(member_id, reported("R-1", 10000, at=MONDAY - timedelta(days=5)), MONDAY)

    assert done.awards[0].available_at == MONDAY + timedelta(days=2)
    assert available(member_id) == 0


def test_points_that_wait_past_their_end_can_be_spent_all_the_same(app):
    until_the_month_ends = ExpiryPolicy(kind="month_end", days=0, periods_after=0)
    make_rulebook(
        replace(
            AT_ONCE,
            earning=replace(AT_ONCE.earning, wait_days=40),
            expiry=replace(AT_ONCE.expiry, purchase=until_the_month_ends),
        )
    )
    member_id = make_member()

    buys(member_id, "R-1", 10000)

    usable_from = MONDAY + timedelta(days=40)
    assert balance_of(member_id, usable_from).available == 100
    assert balance_of(member_id, usable_from + timedelta(days=31)).available == 0


def test_rules_in_force_at_the_purchase_decide(app):
    make_rulebook(AT_ONCE)
    make_rulebook(replace(AT_ONCE, earning=replace(AT_ONCE.earning, points=5)), effective_at=MONDAY)
    member_id = make_member()

    before = record_purchase(member_id, reported("R-1", 10000, at=MONDAY - timedelta(hours=1)), MONDAY)
    after = buys(member_id, "R-2", 10000)

    assert (points_of(before), points_of(after)) == ([100], [500])


def test_own_skus_bring_their_category(app):
    make_product(cents=5000, category_id=make_category(slug="skin"))
    sku = db.session.scalars(select(Variant.sku)).one()
    rules(rule("own", RateEffect(points=3, per_cents=100), GoodsCondition(categories=("skin",))))

    done = buys(make_member(), "R-1", lines=(ReportedLine(cents=5000, sku=sku), ReportedLine(cents=1000)))

    assert points_of(done) == [160]


def test_first_order_of_the_birthday_month_counts_double_once(app):
    rules(rule("birthday", MultiplyEffect(multiplier_permille=2000), BirthdayCondition(), FIRST_OF_MONTH))
    member_id = make_member(birthday_sealed=seal("1990-03-18"), birthday_changed_on=date(2026, 1, 10))

    first, second = buys(member_id, "C", 39900), buys(member_id, "D", 10000)

    assert (points_of(first), points_of(second)) == ([399, 399], [100])


def test_two_first_orders_at_one_moment_are_doubled_once(app):
    rules(rule("first", MultiplyEffect(multiplier_permille=2000), PurchaseNumberCondition(number=1)))
    member_id = make_member()

    outcomes = run_together([lambda n=n: buys(member_id, f"R-{n}", 10000) for n in range(8)])

    assert sorted(len(done.awards) for done in results_of(outcomes)) == [1] * 7 + [2]


def test_budget_is_never_overdrawn_by_many_at_once(app):
    rules(rule("gift", PointsEffect(points=30), budget_points=100))
    members = [make_member() for _ in range(8)]

    outcomes = run_together([lambda m=m, n=n: buys(m, f"R-{n}", 100) for n, m in enumerate(members)])

    bonuses = sorted(sum(points_of(done)) - 1 for done in results_of(outcomes))
    assert bonuses == [0, 0, 0, 0, 10, 30, 30, 30]


def test_times_for_one_member_end(app):
    rules(rule("gift", PointsEffect(points=30), times=Times(count=2, per="month")))
    member_id = make_member()

    bonuses = [sum(points_of(buys(member_id, f"R-{n}", 100))) - 1 for n in range(3)]
    april = buys(member_id, "R-9", 100, now=MONDAY + timedelta(days=31))

    assert bonuses == [30, 30, 0]
    assert sum(points_of(april)) == 31


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines": ()},
        {"lines": (ReportedLine(cents=-1),)},
        {"lines": (ReportedLine(cents=1, quantity=0),)},
        {"at": MONDAY + timedelta(minutes=6)},
        {"at": MONDAY - timedelta(days=401)},
    ],
)
def test_nonsense_is_refused_and_nothing_is_written(app, wrong):
    member_id = make_member()

    with pytest.raises(InvalidInput):
        record_purchase(member_id, reported("R-1", **wrong), MONDAY)

    assert db.session.scalar(select(func.count()).select_from(Purchase)) == 0


def test_strangers_and_suspended_members_earn_nothing(app):
    member_id = make_member(state="suspended")

    with pytest.raises(MemberSuspended):
        buys(member_id, "R-1", 100)
    with pytest.raises(NotFound):
        buys(member_id + 99, "R-1", 100)
    with pytest.raises(NotFound):
        gives_back("R-77", "B-1", cents=1)


def test_growth_follows_the_cash_and_its_return(app):
    member_id = make_member()

    buys(member_id, "R-1", 10050)
    assert db.session.get_one(Member, member_id).growth == 100
    gives_back("R-1", "B-1", cents=5000)

    db.session.expire_all()
    assert db.session.get_one(Member, member_id).growth == 50


def test_member_reads_what_a_receipt_brought_and_what_went_back(app):
    member_id = make_member(growth=450)
    buys(member_id, "R-1", 10000)
    gives_back("R-1", "B-1", cents=4000)

    work_off_outbox(MONDAY)

    told = db.session.execute(select(Message.kind, Message.params).order_by(Message.id)).all()
    kinds = {row.kind: row.params for row in told}
    assert kinds["purchase_recorded"]["points"] == 100
    assert kinds["purchase_refunded"] == {"cents": 4000, "points": 40}
