"""A coupon in an order: held, used, and back exactly once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import CouponNotUsable, QuoteChanged
from shop.extensions import db
from shop.models import CouponEvent, CouponTemplate, Order, OrderLine, PointsEntry
from shop.queries.orders.quote import Ask, checkout_of
from shop.queries.points.balance import balance_of
from shop.services.campaigns.coupons import redeem_coupon, sweep_expired_coupons
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.cart import add_to_cart
from shop.services.orders.checkout import PlacedOrder, place_order
from shop.services.orders.fulfilment import hand_over
from shop.services.orders.payments import record_payment_notice
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.orders.unpaid import end_unpaid_orders
from shop.transaction import transaction
from tests.coupons import coupon_of, give_coupon, make_template
from tests.factories import (
    MONDAY,
    give_points,
    make_category,
    make_member,
    make_product,
    make_staff,
    make_store,
)
from tests.orders import address_for, sku_of, wish_for
from tests.races import errors_of, results_of, run_together
from tests.services.orders.stories import notice_of

KEY = "a-key-of-this-page-0001"


def order(member_id: int, variant_id: int, *, key: str = KEY, **said: object) -> PlacedOrder:
    ask = Ask(sku=sku_of(variant_id), **{"way": "pickup", **said})
    return place_order(member_id, wish_for(member_id, ask), key, MONDAY)


def row_of(placed: PlacedOrder) -> Order:
    db.session.rollback()
    return db.session.get_one(Order, placed.order_id)


@pytest.fixture
def shopper(app) -> int:
    """A member near a store, with an address."""
    make_store()
    member_id = make_member()
    address_for(member_id)
    return member_id


def test_the_best_coupon_is_suggested_and_the_member_decides(shopper):
    small = give_coupon(shopper, make_template(off_cents=500))
    best = give_coupon(shopper, make_template(off_cents=1500))
    high = give_coupon(shopper, make_template(off_cents=9000, spend_cents_min=90_000))
    _, variant_id = make_product(points=0, cents=5000)
    ask = Ask(sku=sku_of(variant_id), way="pickup")

    suggested = checkout_of(shopper, ask, MONDAY)
    other = checkout_of(shopper, replace(ask, coupon_code=small), MONDAY)
    none = checkout_of(shopper, replace(ask, coupon_code=""), MONDAY)
    unfit = checkout_of(shopper, replace(ask, coupon_code=high), MONDAY)

    assert [option.code for option in suggested.coupons] == [best, small, high]
    assert (suggested.quote.coupon_code, suggested.quote.total_cents) == (best, 3500)
    assert (other.quote.coupon_code, other.quote.total_cents) == (small, 4500)
    assert (none.quote.coupon_code, none.quote.total_cents, none.coupon_note) == (None, 5000, None)
    assert (unfit.quote.total_cents, str(unfit.coupon_note)) == (5000, str(CouponNotUsable()))
    assert len({each.digest for each in (suggested, other, none)}) == 3


def test_a_coupon_of_a_category_covers_what_lies_below_it(shopper):
    parent, stranger = make_category(), make_category("别的")
    code = give_coupon(shopper, make_template(scope="categories", scope_ids=[parent]))
    _, inside = make_product(points=0, cents=3000, category_id=parent)
    _, outside = make_product(points=0, cents=3000, category_id=stranger)

    for variant_id in (inside, outside):
        add_to_cart(shopper, sku_of(variant_id), 1, MONDAY)
    checkout = checkout_of(shopper, Ask(way="pickup"), MONDAY)

    assert checkout.quote.coupon_code == code
    parts = {line.variant_id: line.coupon_cents for line in checkout.quote.lines}
    assert parts == {inside: 1000, outside: 0}


def test_the_coupon_is_held_while_unpaid_and_used_once_paid(shopper):
    code = give_coupon(shopper, make_template())
    _, variant_id = make_product(points=0, cents=5000)

    placed = order(shopper, variant_id)

    stored = row_of(placed)
    line = db.session.scalars(select(OrderLine).filter_by(order_id=stored.id)).one()
    assert (stored.coupon_cents, stored.total_cents) == (1000, 4000)
    assert (line.coupon_cents, line.paid_cents) == (1000, 4000)
    assert [row["code"] for row in stored.quote["rows"]] == ["line", "coupon", "shipping"]
    assert coupon_of(code).state == "held"

    record_payment_notice(notice_of(placed), MONDAY)

    assert (coupon_of(code).state, coupon_of(code).order_id) == ("used", stored.id)


def test_a_coupon_that_pays_everything_is_used_at_once(shopper):
    code = give_coupon(shopper, make_template(off_cents=9000))
    _, variant_id = make_product(points=0, cents=5000)

    placed = order(shopper, variant_id)

    assert (row_of(placed).state, row_of(placed).total_cents, placed.payment_token) == ("paid", 0, None)
    assert coupon_of(code).state == "used"


@pytest.mark.parametrize("ending", ["cancelled", "timed out"])
def test_an_order_that_ends_unpaid_gives_the_coupon_back_once(shopper, ending):
    code = give_coupon(shopper, make_template())
    _, variant_id = make_product(points=0, cents=5000)
    placed = order(shopper, variant_id)
    end = coupon_of(code).expires_at

    for _twice in range(2):
        if ending == "cancelled":
            cancel_order(placed.number, shopper, MONDAY)
        else:
            end_unpaid_orders(MONDAY + timedelta(days=1))

    back = coupon_of(code)
    assert (back.state, back.order_id, back.expires_at) == ("unused", None, end)
    assert events_of(back.id) == ["issue", "hold", "release"]
    assert order(shopper, variant_id, key="another-key-0000001").number != placed.number


def events_of(coupon_id: int) -> list[str]:
    statement = select(CouponEvent.event).where(CouponEvent.coupon_id == coupon_id)
    return list(db.session.scalars(statement.order_by(CouponEvent.id)))


def test_a_full_refund_brings_the_coupon_back_and_parts_do_not(shopper):
    code = give_coupon(shopper, make_template())
    _, variant_id = make_product(points=0, cents=3333)
    placed = order(shopper, variant_id, quantity=3)
    record_payment_notice(notice_of(placed), MONDAY)
    line = db.session.scalars(select(OrderLine).filter_by(order_id=placed.order_id)).one()
    staff_id = make_staff("support")

    def refund(pieces: int, key: str) -> None:
        wish = RefundWish(take={line.id: pieces}, refund_shipping=True, reason="坏了", staff_id=staff_id)
        refund_order(placed.number, wish, key, MONDAY)

    refund(1, "part")
    assert coupon_of(code).state == "used"
    refund(2, "rest")

    assert coupon_of(code).state == "unused"
    assert (row_of(placed).refunded_cents, row_of(placed).total_cents) == (8999, 8999)


def test_a_paid_order_that_is_cancelled_brings_the_coupon_back(shopper):
    code = give_coupon(shopper, make_template())
    _, variant_id = make_product(points=0, cents=5000)
    placed = order(shopper, variant_id)
    record_payment_notice(notice_of(placed), MONDAY)

    cancel_order(placed.number, shopper, MONDAY)
    cancel_order(placed.number, shopper, MONDAY)

    assert events_of(coupon_of(code).id) == ["issue", "hold", "use", "return"]


def test_a_held_coupon_outlives_its_end_until_the_order_is_paid(shopper):
    code = give_coupon(shopper, make_template(valid_days=1))
    _, variant_id = make_product(points=0, cents=5000)
    placed = order(shopper, variant_id)

    sweep_expired_coupons(MONDAY + timedelta(days=3))
    record_payment_notice(notice_of(placed), MONDAY + timedelta(minutes=5))

    assert coupon_of(code).state == "used"


def test_what_is_not_mine_or_no_longer_there_is_refused(shopper):
    stranger, template = make_member(), make_template()
    address_for(stranger)
    mine, foreign = give_coupon(shopper, template), give_coupon(stranger, template)
    _, variant_id = make_product(points=0, cents=5000)
    wish = wish_for(shopper, Ask(sku=sku_of(variant_id), way="pickup"))
    assert wish.coupon_code == mine

    for unusable in (foreign, "ZZZZZZZZZZ"):
        with pytest.raises(CouponNotUsable):
            place_order(shopper, replace(wish, coupon_code=unusable), KEY, MONDAY)
    with pytest.raises(QuoteChanged):
        place_order(shopper, replace(wish, coupon_code=None), KEY, MONDAY)
    with pytest.raises(CouponNotUsable):
        place_order(shopper, wish, KEY, MONDAY + timedelta(days=31))

    assert coupon_of(foreign).state == coupon_of(mine).state == "unused"


def test_one_coupon_and_ten_tabs(shopper):
    code = give_coupon(shopper, make_template())
    _, variant_id = make_product(points=0, cents=5000, on_hand=50)
    wish = wish_for(shopper, Ask(sku=sku_of(variant_id), way="pickup"))

    outcomes = run_together(
        (lambda tab=tab: place_order(shopper, wish, f"the-key-of-tab-{tab:04}", MONDAY)) for tab in range(10)
    )

    assert len(results_of(outcomes)) == 1
    assert {type(error) for error in errors_of(outcomes)} == {CouponNotUsable}
    assert coupon_of(code).state == "held"


def test_a_template_that_changes_changes_no_coupon(shopper):
    template = make_template()
    give_coupon(shopper, template)
    _, variant_id = make_product(points=0, cents=5000)
    with transaction() as session:
        row = session.scalars(select(CouponTemplate).filter_by(code=template)).one()
        row.off_cents, row.state = 1, "off"

    assert row_of(order(shopper, variant_id)).coupon_cents == 1000


def test_a_hundred_points_are_ten_yuan_off_the_next_order(shopper):
    """有赞: +100, +88, −100, +40 → 128; four rows, and a cancelled order gives the coupon back once."""
    give_points(shopper, 100)
    template = make_template(off_cents=1000, price_points=100)
    _, first = make_product(points=0, cents=8800)
    _, second = make_product(points=0, cents=5000)
    pay_and_fetch(order(shopper, first))
    assert balance_of(shopper, MONDAY).available == 188

    code = redeem_coupon(shopper, template, KEY, MONDAY).code
    assert balance_of(shopper, MONDAY).available == 88
    cancel_order(order(shopper, second, key="given-up-0000000001").number, shopper, MONDAY)
    assert coupon_of(code).state == "unused"

    placed = order(shopper, second, key="bought-000000000001")
    assert (row_of(placed).total_cents, row_of(placed).coupon_cents) == (4000, 1000)
    pay_and_fetch(placed)

    entries = db.session.scalars(select(PointsEntry.points).order_by(PointsEntry.id)).all()
    assert entries == [100, 88, -100, 40]
    assert balance_of(shopper, MONDAY).available == 128


def pay_and_fetch(placed: PlacedOrder) -> None:
    """Pay an order and fetch it in the store."""
    record_payment_notice(notice_of(placed), MONDAY)
    hand_over(str(row_of(placed).pickup_code), make_staff("cashier"), MONDAY)
