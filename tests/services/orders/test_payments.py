"""Cash: a notice is applied once, whatever its repetition, order or delay; and unpaid orders end by themselves."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.adapters.payments import Notice, sandbox
from shop.adapters.payments.sandbox import SIGNATURE_HEADER, TIMESTAMP_HEADER
from shop.errors import NotFound, NoticeRefused, OrderMoved, PaymentTimeOver
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import Order, OrderEvent, OutboxEvent, Payment, Product, PurchaseCount, Refund, StockLevel
from shop.queries.orders.cashier import cashier_of
from shop.queries.orders.quote import Ask
from shop.queries.points.balance import balance_of
from shop.services.orders.checkout import PlacedOrder, place_order
from shop.services.orders.payments import receive_notice, record_payment_notice, start_payment
from shop.services.orders.sandbox_pay import bill_of, notice_of, pay_late
from shop.services.orders.unpaid import cancel_unpaid_order, end_unpaid_orders
from tests.factories import MONDAY, make_member, make_product
from tests.orders import address_for, sku_of, wish_for
from tests.races import errors_of, results_of, run_together

LATER = MONDAY + timedelta(hours=1)
KEY = "a-key-of-this-page-0001"


@pytest.fixture
def member_id(app):
    member_id = make_member(points=1000)
    address_for(member_id)
    return member_id


@pytest.fixture
def variant_id(app):
    return make_product(points=680, cents=1990, limit_per_member=5)[1]


@pytest.fixture
def placed(member_id, variant_id):
    wish = wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping"))
    return place_order(member_id, wish, KEY, MONDAY)


def notice_for(placed: PlacedOrder, **changed: object) -> Notice:
    notice = Notice(
        provider="sandbox",
        notice_id="notice-1",
        kind="paid",
        token=placed.payment_token or "",
        order_number=placed.number,
        amount_cents=2790,
        currency="CNY",
        reference="SB1",
    )
    return replace(notice, **changed)


def order_of(placed: PlacedOrder) -> Order:
    db.session.rollback()
    return db.session.get_one(Order, placed.order_id)


def states_of_payments() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Payment.state).order_by(Payment.id)))


def test_a_paid_notice_pays_the_order_and_takes_what_was_set_aside(member_id, variant_id, placed):
    action = record_payment_notice(notice_for(placed), MONDAY)

    level = db.session.get_one(StockLevel, variant_id)
    assert action == "capture"
    assert order_of(placed).state == "paid"
    assert (level.on_hand, level.reserved, level.sold) == (9, 0, 1)
    assert (balance_of(member_id, MONDAY).available, balance_of(member_id, MONDAY).held) == (320, 0)


def test_five_notices_at_once_are_one_capture(member_id, placed):
    notices = [notice_for(placed, notice_id=f"notice-{number // 2}") for number in range(5)]

    outcomes = run_together((lambda each=each: record_payment_notice(each, MONDAY)) for each in notices)

    assert errors_of(outcomes) == []
    assert "capture" in results_of(outcomes)
    assert states_of_payments() == ["captured"]
    assert balance_of(member_id, MONDAY).available == 320
    assert db.session.scalar(select(func.count()).select_from(OrderEvent).filter_by(event="pay")) == 1


@pytest.mark.parametrize("kinds", sorted(set(itertools.permutations(["paid", "paid", "failed", "failed"]))))
def test_notices_in_any_order_pay_once(placed, kinds):
    for number, kind in enumerate(kinds):
        record_payment_notice(notice_for(placed, notice_id=f"n-{number}", kind=kind), MONDAY)

    assert order_of(placed).state == "paid"
    assert states_of_payments() == ["captured"]


def test_a_repeat_answers_as_the_first_did(placed):
    first = record_payment_notice(notice_for(placed), MONDAY)

    assert record_payment_notice(notice_for(placed), LATER) == first == "capture"


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount_cents": 1},
        {"amount_cents": 2791},
        {"currency": "USD"},
        {"order_number": "SF1"},
        {"provider": "other"},
    ],
)
def test_a_notice_that_is_not_ours_changes_nothing(placed, wrong):
    assert record_payment_notice(notice_for(placed, **wrong), MONDAY) == "reject"

    assert (order_of(placed).state, states_of_payments()) == ("placed", ["pending"])


def test_a_notice_for_an_unknown_payment_is_not_found(placed):
    with pytest.raises(NotFound):
        record_payment_notice(notice_for(placed, token="no-such"), MONDAY)


def test_money_that_comes_after_the_end_goes_back(member_id, variant_id, placed):
    end_unpaid_orders(LATER)

    action = record_payment_notice(notice_for(placed), LATER)
    record_payment_notice(notice_for(placed, notice_id="notice-2"), LATER)
    tell_what_happened(LATER)

    refund = db.session.scalars(select(Refund)).one()
    provider = sandbox()
    assert action == "refund_late"
    assert order_of(placed).state == "closed"
    assert (refund.reference, refund.cents, refund.cash_state) == (
        f"late:{placed.payment_token}",
        2790,
        "done",
    )
    assert provider
    assert provider.refunded[refund.reference].amount_cents == 2790
    assert states_of_payments() == ["refunded_late"]
    assert balance_of(member_id, LATER).available == 1000


def test_an_order_that_nobody_pays_ends_and_gives_everything_back(member_id, variant_id, placed):
    assert end_unpaid_orders(MONDAY + timedelta(minutes=14)) == 0

    ended = end_unpaid_orders(MONDAY + timedelta(minutes=15))

    level = db.session.get_one(StockLevel, variant_id)
    stored = order_of(placed)
    assert (ended, stored.state, stored.close_reason) == (1, "closed", "time_out")
    assert (level.on_hand, level.reserved) == (10, 0)
    assert db.session.scalars(select(PurchaseCount.units)).one() == 0
    assert balance_of(member_id, MONDAY).available == 1000
    assert states_of_payments() == ["closed"]
    assert end_unpaid_orders(LATER) == 0


def test_paying_and_ending_at_once_have_one_winner(member_id, placed):
    outcomes = run_together(
        [
            lambda: record_payment_notice(notice_for(placed), LATER),
            lambda: end_unpaid_orders(LATER),
            lambda: cancel_unpaid_order(placed.number, member_id, LATER),
        ]
    )

    state = order_of(placed).state
    action = outcomes[0].result
    assert (state, action) in {("paid", "capture"), ("closed", "refund_late")}
    assert all(isinstance(error, OrderMoved) for error in errors_of(outcomes))


def test_a_member_gives_an_order_up_once(member_id, placed):
    cancel_unpaid_order(placed.number, member_id, MONDAY)
    cancel_unpaid_order(placed.number, member_id, MONDAY)

    assert order_of(placed).close_reason == "cancel"
    assert balance_of(member_id, MONDAY).available == 1000
    assert (
        db.session.scalar(select(func.count()).select_from(OutboxEvent).filter_by(kind="order_closed")) == 1
    )


def test_only_the_member_can_start_or_cancel(placed):
    other = make_member()

    with pytest.raises(NotFound):
        start_payment(placed.payment_token or "", other, "sandbox", MONDAY)
    with pytest.raises(NotFound):
        cancel_unpaid_order(placed.number, other, MONDAY)
    assert cashier_of(placed.payment_token or "", other, MONDAY) is None


def test_an_overdue_order_is_not_paid_any_more(member_id, placed):
    cashier = cashier_of(placed.payment_token or "", member_id, LATER)

    assert cashier
    assert cashier.stage == "ended"
    with pytest.raises(PaymentTimeOver):
        start_payment(placed.payment_token or "", member_id, "sandbox", LATER)


def test_after_a_refusal_a_new_payment_can_follow_and_the_old_one_still_counts(member_id, placed):
    token = placed.payment_token or ""
    record_payment_notice(notice_for(placed, kind="failed"), MONDAY)

    second = start_payment(token, member_id, "sandbox", MONDAY)
    assert start_payment(token, member_id, "sandbox", MONDAY).token == second.token
    record_payment_notice(notice_for(placed, notice_id="late-success"), MONDAY)
    record_payment_notice(notice_for(placed, notice_id="both", token=second.token), MONDAY)

    assert second.token != token
    assert order_of(placed).state == "paid"
    assert states_of_payments() == ["captured", "refunded_late"]


# The sandbox


def packed_bill(placed: PlacedOrder, member_id: int) -> str:
    from urllib.parse import parse_qs, urlsplit

    started = start_payment(placed.payment_token or "", member_id, "sandbox", MONDAY)
    return parse_qs(urlsplit(started.url).query)["bill"][0]


def test_the_sandbox_signs_what_the_person_chose(member_id, placed):
    signed = notice_of(packed_bill(placed, member_id), "pay", MONDAY)

    assert receive_notice("sandbox", signed.body, signed.headers, MONDAY) == "capture"


@pytest.mark.parametrize(
    "break_it",
    [
        lambda body, headers: (body.replace(b"2790", b"1"), headers),
        lambda body, headers: (body, {**headers, SIGNATURE_HEADER: "0" * 64}),
        lambda body, headers: (body, {**headers, SIGNATURE_HEADER: "签名"}),
        lambda body, headers: (body, {**headers, TIMESTAMP_HEADER: "１"}),
        lambda body, headers: (body, {}),
        lambda body, headers: (b"[]", headers),
    ],
)
def test_a_notice_with_a_wrong_signature_is_refused(member_id, placed, break_it):
    signed = notice_of(packed_bill(placed, member_id), "pay", MONDAY)

    with pytest.raises(NoticeRefused):
        receive_notice("sandbox", *break_it(signed.body, signed.headers), MONDAY)
    assert order_of(placed).state == "placed"


def test_a_notice_is_good_for_five_minutes(member_id, placed):
    signed = notice_of(packed_bill(placed, member_id), "pay", MONDAY)

    for moment in (MONDAY - timedelta(seconds=302), MONDAY + timedelta(seconds=302)):
        with pytest.raises(NoticeRefused):
            receive_notice("sandbox", signed.body, signed.headers, moment)
    with pytest.raises(NotFound):
        receive_notice("elsewhere", signed.body, signed.headers, MONDAY)


def test_a_bill_cannot_be_changed_on_its_way(member_id, placed):
    packed = packed_bill(placed, member_id)

    for wrong in (packed[:-1], "x" + packed, packed.replace(".", "a."), "", "。", "a.b"):
        with pytest.raises(NoticeRefused):
            bill_of(wrong)


def test_the_sandbox_can_pay_too_late(member_id, placed):
    packed = packed_bill(placed, member_id)
    pay_late(packed, MONDAY)
    pay_late(packed, MONDAY)
    tell_what_happened(MONDAY)
    assert order_of(placed).state == "placed"

    end_unpaid_orders(LATER)
    tell_what_happened(LATER)
    tell_what_happened(LATER)

    assert states_of_payments() == ["refunded_late"]
    assert db.session.scalars(select(Refund.cash_state)).one() == "done"


def test_the_shelf_counts_what_was_paid_for(variant_id, placed):
    record_payment_notice(notice_for(placed), MONDAY)
    tell_what_happened(MONDAY)
    tell_what_happened(MONDAY)

    assert db.session.scalars(select(Product.redeemed_count)).one() == 1
