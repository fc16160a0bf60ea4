"""Getting it to the person: shipped, handed over, received; each once, whoever comes at the same moment."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from shop.errors import NotFound, OrderMoved, PickupCodeUsed, PickupCodeWrong, PickupEnded, PickupUnpaid
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import Message, Order, OrderEvent, PointsEntry
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import hand_over, receive_order, receive_overdue_orders, ship_order
from shop.services.orders.payments import record_payment_notice
from shop.services.orders.unpaid import end_unpaid_orders
from shop.web.message_texts import OTHERWISE, words_of
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook, make_staff, make_store
from tests.races import errors_of, results_of, run_together
from tests.services.orders.stories import (
    account_of,
    buy,
    growth_of,
    lots_of,
    notice_of,
    order_row,
    place,
    ship,
    stock_of,
)

LATER = MONDAY + timedelta(days=1)


def awards_of(placed) -> list[tuple[str, int]]:
    statement = select(PointsEntry.reference, PointsEntry.points).where(
        PointsEntry.order_id == placed.order_id, PointsEntry.kind == "earn"
    )
    return [tuple(row) for row in db.session.execute(statement.order_by(PointsEntry.id))]


def kinds_told(member_id) -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Message.kind).where(Message.member_id == member_id).order_by(Message.id))
    )


def test_received_order_brings_what_was_promised_under_the_rules_of_its_day(app):
    member_id = make_member(tier_code="branch")
    _product, variant_id = make_product(points=0, cents=12690)
    placed = buy(member_id, variant_id)
    order = order_row(placed)
    promised = [award["points"] for award in order.quote["earn"]]
    ship(placed, LATER)

    receive_order(placed.number, member_id, LATER)

    assert awards_of(placed) == [
        (f"order:{placed.number}:award:{number}", points) for number, points in enumerate(promised, 1)
    ]
    assert growth_of(member_id) == 126
    assert account_of(member_id).balance_points == order.earn_points


def test_promise_is_kept_although_the_rules_changed_and_its_points_wait(app):
    before = replace(AT_ONCE, earning=replace(AT_ONCE.earning, wait_days=7))
    make_rulebook(before)
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    placed = buy(member_id, variant_id)
    meaner = replace(AT_ONCE, earning=replace(AT_ONCE.earning, per_cents=AT_ONCE.earning.per_cents * 10))
    make_rulebook(meaner, effective_at=MONDAY + timedelta(hours=1))
    ship(placed, LATER)

    receive_order(placed.number, member_id, LATER)

    (lot,) = lots_of(member_id)
    assert lot.points == order_row(placed).earn_points == 100
    assert lot.available_at - LATER >= timedelta(days=6)


def test_receiving_twice_at_once_brings_it_once(app):
    member_id = make_member()
    _product, variant_id = make_product(points=0, cents=10000)
    placed = buy(member_id, variant_id)
    ship(placed, LATER)

    outcomes = run_together([partial(receive_order, placed.number, member_id, LATER)] * 10)

    assert not errors_of(outcomes)
    assert account_of(member_id).balance_points == 100


def test_nobody_receives_what_was_not_sent_or_is_not_theirs(app):
    member_id, other = make_member(points=1000), make_member()
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)

    with pytest.raises(OrderMoved):
        receive_order(placed.number, member_id, LATER)
    ship(placed, LATER)
    with pytest.raises(NotFound):
        receive_order(placed.number, other, LATER)
    with pytest.raises(NotFound):
        cancel_order(placed.number, other, LATER)


def test_order_is_shipped_once(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)
    staff_id = make_staff("cashier")
    send = partial(ship_order, placed.number, carrier="中通", staff_id=staff_id, now=LATER)

    send(tracking_number="ZT1")
    send(tracking_number="ZT1")  # the same parcel again changes nothing
    with pytest.raises(OrderMoved):
        send(tracking_number="ZT2")

    assert order_row(placed).tracking_number == "ZT1"
    shipped = select(func.count()).where(OrderEvent.order_id == placed.order_id, OrderEvent.event == "ship")
    assert db.session.scalar(shipped) == 1


def test_shipped_order_counts_as_received_after_its_days(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=680)
    placed = buy(member_id, variant_id)
    ship(placed, LATER)

    assert receive_overdue_orders(LATER + timedelta(days=1)) == 0
    assert receive_overdue_orders(LATER + timedelta(days=60)) == 1
    assert receive_overdue_orders(LATER + timedelta(days=60)) == 0

    assert order_row(placed).state == "received"


def test_of_two_people_who_scan_one_code_exactly_one_hands_over(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=320)
    placed = buy(member_id, variant_id, way="pickup", store_id=make_store())
    code = str(order_row(placed).pickup_code)
    staff = [make_staff("cashier"), make_staff("owner")]

    outcomes = run_together([partial(hand_over, code, staff_id, LATER) for staff_id in staff * 4])

    assert results_of(outcomes) == [placed.number]
    assert {type(error) for error in errors_of(outcomes)} == {PickupCodeUsed}
    assert order_row(placed).state == "received"


def test_code_says_why_it_cannot_be_used(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=100, cents=100)
    placed = place(member_id, variant_id, way="pickup", store_id=make_store())
    code, staff_id = str(order_row(placed).pickup_code), make_staff("cashier")

    with pytest.raises(PickupUnpaid):
        hand_over(code, staff_id, MONDAY)
    with pytest.raises(PickupCodeWrong):
        hand_over("22222222", staff_id, MONDAY)
    cancel_order(placed.number, member_id, MONDAY)
    with pytest.raises(PickupEnded):
        hand_over(f" {code[:4].lower()}-{code[4:]} ", staff_id, MONDAY)


def test_paying_cancelling_and_running_out_of_time_at_one_moment_have_one_winner(app):
    for round_number in range(6):
        member_id = make_member(points=1000)
        _product, variant_id = make_product(points=300, cents=5000, on_hand=3)
        placed = place(member_id, variant_id, key=f"round-{round_number}")
        notice, moment = notice_of(placed, notice_id=f"notice-{round_number}"), MONDAY + timedelta(hours=2)

        run_together(
            [
                partial(record_payment_notice, notice, moment),
                partial(cancel_order, placed.number, member_id, moment),
                partial(end_unpaid_orders, moment),
            ]
        )

        state = order_row(placed).state
        account = account_of(member_id)
        assert account.held_points == 0
        if state == "closed":
            assert (account.balance_points, stock_of(variant_id)) == (1000, (3, 0))
        else:
            assert (state, account.balance_points, stock_of(variant_id)) == ("paid", 700, (2, 0))


def test_member_is_told_of_every_step_once(app):
    member_id = make_member(points=1000)
    _product, variant_id = make_product(points=100, cents=10000)
    placed = buy(member_id, variant_id, quantity=1)
    ship(placed, LATER)
    receive_order(placed.number, member_id, LATER)
    lost = place(member_id, variant_id, key="lost", now=LATER)
    cancel_order(lost.number, member_id, LATER)
    given_back = buy(member_id, variant_id, key="back", now=LATER)
    cancel_order(given_back.number, member_id, LATER + timedelta(hours=1))

    for _round in range(2):
        tell_what_happened(LATER + timedelta(hours=2))

    assert sorted(kinds_told(member_id)) == sorted(
        ["order_paid", "order_shipped", "order_received_points", "order_closed", "order_paid", "refund_made"]
    )
    with app.test_request_context():
        for message in db.session.scalars(select(Message)):
            assert words_of(message.kind, message.params).title != str(OTHERWISE.title), message.kind
    assert db.session.scalar(select(func.count()).select_from(Order)) == 3
