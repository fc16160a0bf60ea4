"""By the clock: what has lapsed is written off, what nobody ended is let go, what will lapse is announced."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sqlalchemy import func, select

from shop.books.points import holds
from shop.extensions import db
from shop.models import Message, PointsEntry
from shop.queries.orders.quote import Ask
from shop.queries.points.balance import balance_of
from shop.services.orders.checkout import place_order
from shop.services.orders.unpaid import end_unpaid_orders
from shop.services.points.lapsing import release_stale_holds, sweep_expired_lots
from shop.services.points.reminding import remind_expiring
from shop.transaction import transaction
from tests.announcing import announce_before
from tests.books.points import shelves
from tests.factories import MONDAY, give_points, make_member, make_product
from tests.orders import address_for, sku_of, wish_for

A_DAY = timedelta(days=1)
NINETY_DAYS_LATER = datetime(2026, 5, 31, 16, 0, tzinfo=UTC)  # the first moment of 1 June in Shanghai


def test_the_sweep_writes_what_is_already_true(app):
    member_id = make_member()
    give_points(member_id, 100, source_class="interaction")
    announce_before(NINETY_DAYS_LATER)
    assert balance_of(member_id, NINETY_DAYS_LATER).available == 0

    assert sweep_expired_lots(NINETY_DAYS_LATER - timedelta(seconds=1)) == 0
    assert sweep_expired_lots(NINETY_DAYS_LATER) == 1
    assert sweep_expired_lots(NINETY_DAYS_LATER) == 0

    entry = db.session.execute(select(PointsEntry).where(PointsEntry.kind == "expire")).scalar_one()
    assert entry.points == -100
    assert entry.reasons == [{"code": "lot_expired", "params": {"points": 100, "credited_on": "2026-03-02"}}]


def test_what_came_back_lapsed_stays_lapsed(app):
    member_id = make_member(points=5)
    give_points(member_id, 100, source_class="interaction")
    soon = NINETY_DAYS_LATER - 20 * A_DAY
    assert remind_expiring(soon) == 1
    entry_id = shelves.spend(member_id, 100, "spent", now=soon)
    later = NINETY_DAYS_LATER + A_DAY
    shelves.restore(member_id, entry_id, 100, "back", now=later, grace_days=0)

    assert sweep_expired_lots(later) == 1

    assert balance_of(member_id, later).available == 5


def test_a_sweep_of_more_than_a_batch_ends(app):
    member_id = make_member()
    for _number in range(101):
        give_points(member_id, 1, source_class="interaction")

    assert sweep_expired_lots(NINETY_DAYS_LATER) == 101


def test_a_shop_without_a_rulebook_has_nothing_to_sweep(app):
    assert sweep_expired_lots(MONDAY) == 0


def test_a_hold_that_nobody_ended_is_let_go_after_a_while(app):
    member_id = make_member(points=100)
    with transaction():
        holds.place(member_id, 60, reference="till:1", expires_at=MONDAY + timedelta(minutes=15), now=MONDAY)

    assert release_stale_holds(MONDAY + timedelta(minutes=20)) == 0
    assert release_stale_holds(MONDAY + timedelta(minutes=25)) == 1
    assert release_stale_holds(MONDAY + timedelta(minutes=25)) == 0

    assert balance_of(member_id, MONDAY).available == 100


def test_what_lapses_is_announced_thirty_seven_and_one_days_ahead_once_each(app):
    member_id = make_member()
    give_points(member_id, 60, source_class="interaction")
    give_points(member_id, 40, source_class="interaction")
    last_noon = NINETY_DAYS_LATER - A_DAY / 2

    new = [remind_expiring(last_noon - A_DAY * days) for days in (31, 30, 30, 8, 7, 1, 0)]

    assert new == [0, 1, 0, 0, 1, 1, 0]
    told = db.session.scalars(
        select(Message.params).where(Message.kind == "points_lapsing").order_by(Message.id)
    )
    lots = [[60, "2026-05-31"], [40, "2026-05-31"]]
    assert list(told) == [{"points": 100, "lots": lots}] * 3


def test_points_of_daily_sign_ins_are_announced_together_every_six_days(app):
    member_id = make_member()
    for day in range(28):
        give_points(member_id, 10, source_class="interaction", now=MONDAY + A_DAY * day)
    first_lapses = NINETY_DAYS_LATER - A_DAY / 2

    days = [day for day in range(60) if remind_expiring(first_lapses + A_DAY * (day - 30))]

    assert all(later - earlier >= 6 for earlier, later in pairwise(days))
    assert sweep_expired_lots(NINETY_DAYS_LATER + A_DAY * 40) == 28, "each was announced in time"
    assert db.session.scalar(select(func.count()).where(PointsEntry.kind == "expire")) == 28


def test_spent_points_are_not_announced(app):
    make_member()

    assert remind_expiring(NINETY_DAYS_LATER - A_DAY / 2) == 0


def test_the_hold_of_an_order_that_still_waits_is_the_orders_affair(app):
    member_id = make_member(points=1000)
    address_for(member_id)
    _product, variant_id = make_product(points=680, cents=1990)
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id)))
    place_order(member_id, wish, "key-of-the-page", MONDAY)
    assert balance_of(member_id, MONDAY).held == 680

    assert release_stale_holds(MONDAY + A_DAY) == 0
    assert end_unpaid_orders(MONDAY + A_DAY) == 1

    assert balance_of(member_id, MONDAY + A_DAY).available == 1000
