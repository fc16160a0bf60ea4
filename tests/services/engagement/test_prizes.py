"""A product prize waits for its member, becomes an order that costs nothing, or is forfeited."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from shop.crypto import seal
from shop.errors import AddressMissing, NotFound, PrizeNotClaimable, SoldOut, StoreMissing, WayNotPossible
from shop.extensions import db
from shop.models import Address, Order, StockLevel
from shop.queries.engagement.attempts import attempt_of, waiting_of
from shop.services.engagement.draws import forfeit_prizes
from shop.services.engagement.prizes import ClaimWish, claim_prize
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import hand_over
from shop.transaction import transaction
from tests.draws import THANKS, draw_once, make_draw
from tests.factories import MONDAY, make_member, make_product, make_staff, make_store
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)


def make_address(member_id):
    row = {"member_id": member_id, "sealed": seal('{"name": "林小满"}'), "created_at": MONDAY}
    with transaction() as session:
        return int(session.execute(insert(Address).values(row).returning(Address.id)).scalar_one())


def win_a_bear(member_id, *, on_hand=5, kind="physical"):
    """The member's attempt that won a product, and its variant."""
    _product, variant_id = make_product(on_hand=on_hand, kind=kind)
    bear = {"title": "小熊", "kind": "product", "weight_ppm": 999_999, "stock": 3, "variant_id": variant_id}
    draw_id = make_draw([bear, {**THANKS, "weight_ppm": 1, "is_consolation": True}])
    return draw_once(member_id, "attempt-1"), variant_id, draw_id


def only_order():
    db.session.rollback()
    return db.session.execute(select(Order)).scalar_one()


def test_prize_is_sent_for_nothing(app):
    member_id = make_member()
    attempt_id, variant_id, _draw = win_a_bear(member_id)
    address_id = make_address(member_id)

    number = claim_prize(attempt_id, member_id, ClaimWish("shipping", address_id, None), MONDAY)

    order = only_order()
    assert (order.number, order.state, order.total_points, order.total_cents) == (number, "paid", 0, 0)
    assert order.address_sealed
    assert db.session.get_one(StockLevel, variant_id).sold == 1
    assert attempt_of(member_id, attempt_id, MONDAY).order_number == number


def test_prize_claimed_twice_is_one_order(app):
    member_id = make_member()
    attempt_id, _variant, _draw = win_a_bear(member_id)
    store_id = make_store()
    wish = ClaimWish("pickup", None, store_id)

    outcomes = run_together([lambda: claim_prize(attempt_id, member_id, wish, MONDAY)] * 10)

    assert not errors_of(outcomes)
    assert set(results_of(outcomes)) == {only_order().number}
    assert only_order().pickup_code


def test_voucher_prize_is_used_by_its_code(app):
    member_id = make_member()
    attempt_id, _variant, _draw = win_a_bear(member_id, kind="voucher")

    number = claim_prize(attempt_id, member_id, ClaimWish("none", None, None), MONDAY)

    assert hand_over(only_order().pickup_code, make_staff(), MONDAY) == number
    assert only_order().state == "received"


def test_prize_of_another_member_is_not_found(app):
    member_id, other_id = make_member(), make_member()
    attempt_id, _variant, _draw = win_a_bear(member_id)
    address_id = make_address(other_id)

    assert attempt_of(other_id, attempt_id, MONDAY) is None
    with pytest.raises(NotFound):
        claim_prize(attempt_id, other_id, ClaimWish("shipping", address_id, None), MONDAY)


@pytest.mark.parametrize(
    ("way", "error"),
    [("shipping", AddressMissing), ("pickup", StoreMissing), ("none", WayNotPossible)],
)
def test_claim_needs_somewhere_to_go(app, way, error):
    member_id, other_id = make_member(), make_member()
    attempt_id, _variant, _draw = win_a_bear(member_id)
    foreign_address = make_address(other_id)

    with pytest.raises(error):
        claim_prize(attempt_id, member_id, ClaimWish(way, foreign_address, 999), MONDAY)


def test_prize_stays_waiting_while_the_shop_has_none(app):
    member_id = make_member()
    attempt_id, _variant, draw_id = win_a_bear(member_id, on_hand=0)
    address_id = make_address(member_id)

    with pytest.raises(SoldOut):
        claim_prize(attempt_id, member_id, ClaimWish("shipping", address_id, None), MONDAY)

    assert waiting_of(member_id, draw_id, MONDAY).count == 1


def test_prize_is_forfeited_after_its_last_day(app):
    member_id = make_member()
    attempt_id, _variant, _draw = win_a_bear(member_id)
    address_id = make_address(member_id)
    last_moment = attempt_of(member_id, attempt_id, MONDAY).attempt.claim_by_at

    with pytest.raises(PrizeNotClaimable):
        claim_prize(attempt_id, member_id, ClaimWish("shipping", address_id, None), last_moment)

    assert last_moment - MONDAY > 14 * A_DAY
    assert forfeit_prizes(last_moment - timedelta(seconds=1)) == 0
    assert forfeit_prizes(last_moment) == 1
    assert attempt_of(member_id, attempt_id, MONDAY).attempt.claim_state == "forfeited"


def test_claimed_prize_can_be_cancelled_like_any_order(app):
    member_id = make_member()
    attempt_id, variant_id, _draw = win_a_bear(member_id)
    address_id = make_address(member_id)
    number = claim_prize(attempt_id, member_id, ClaimWish("shipping", address_id, None), MONDAY)

    cancel_order(number, member_id, MONDAY)

    assert only_order().state == "closed"
    assert db.session.get_one(StockLevel, variant_id).on_hand == 5
