"""Points become a coupon, once; an unused one becomes points again, once, in the lots they came from."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.books.coupons import grant
from shop.books.rulebooks import occasion_at
from shop.errors import (
    CouponLimitReached,
    CouponNotOffered,
    CouponNotReturnable,
    CouponSoldOut,
    InsufficientPoints,
    KeyReused,
    MemberSuspended,
    NotFound,
)
from shop.extensions import db
from shop.models import Coupon, CouponEvent, Lot, PointsEntry
from shop.queries.points.balance import balance_of
from shop.services.campaigns.coupons import give_coupon_back, redeem_coupon, sweep_expired_coupons
from shop.services.points.merging import merge_members
from shop.transaction import transaction
from tests.coupons import coupon_of, coupons_of, give_coupon, make_template, template_of
from tests.factories import MONDAY, give_points, make_member, make_staff
from tests.orders import suspend
from tests.races import errors_of, results_of, run_together

KEY = "a-key-of-this-page-0001"


def points_of(member_id: int) -> int:
    db.session.rollback()
    return balance_of(member_id, MONDAY).available


def test_points_become_a_coupon_that_says_what_it_cost_and_until_when_it_counts(app):
    member_id, template = make_member(points=188), make_template()

    redeemed = redeem_coupon(member_id, template, KEY, MONDAY)

    coupon = coupon_of(redeemed.code)
    entry = db.session.get_one(PointsEntry, coupon.entry_id)
    assert (entry.points, entry.kind, entry.reasons[0]["code"]) == (-100, "redeem", "coupon_redeemed")
    assert points_of(member_id) == 88
    assert (coupon.state, coupon.points) == ("unused", 100)
    assert coupon.expires_at.isoformat() == "2026-04-01T16:00:00+00:00"  # the 30th day after 2 March is over
    assert template_of(template).issued == 1


def test_the_same_request_answers_with_the_first_coupon(app):
    member_id, template, other = make_member(points=500), make_template(), make_template()
    first = redeem_coupon(member_id, template, KEY, MONDAY)

    again = redeem_coupon(member_id, template, KEY, MONDAY)

    assert again == first
    assert points_of(member_id) == 400
    with pytest.raises(KeyReused):
        redeem_coupon(member_id, other, KEY, MONDAY)


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"state": "off"}, CouponNotOffered),
        ({"state": "draft"}, NotFound),
        ({"price_points": None}, CouponNotOffered),
        ({"price_points": 501}, InsufficientPoints),
        ({"total_limit": 0}, CouponSoldOut),
        (
            {
                "valid_days": None,
                "valid_from_at": MONDAY - timedelta(days=9),
                "valid_until_at": MONDAY,
            },
            CouponNotOffered,
        ),
    ],
)
def test_what_cannot_be_had_is_refused_and_costs_nothing(app, values, refusal):
    member_id, template = make_member(points=500), make_template(**values)

    with pytest.raises(refusal):
        redeem_coupon(member_id, template, KEY, MONDAY)

    assert points_of(member_id) == 500
    assert coupons_of(member_id) == []


def test_a_suspended_member_redeems_nothing(app):
    member_id, template = make_member(points=500), make_template()
    suspend(member_id)

    with pytest.raises(MemberSuspended):
        redeem_coupon(member_id, template, KEY, MONDAY)
    with pytest.raises(NotFound):
        redeem_coupon(member_id, "no-such-coupon", KEY, MONDAY)


def test_a_member_gets_as_many_as_allowed_and_one_given_back_counts_no_more(app):
    member_id = make_member(points=500)
    template = make_template(limit_per_member=1, is_refundable=True)
    first = redeem_coupon(member_id, template, KEY, MONDAY)

    with pytest.raises(CouponLimitReached):
        redeem_coupon(member_id, template, "another-key-00000001", MONDAY)
    give_coupon_back(first.code, member_id, MONDAY)

    assert redeem_coupon(member_id, template, "a-third-key-00000001", MONDAY)
    assert template_of(template).issued == 1


def test_points_of_an_unused_coupon_go_back_to_the_very_lots_once(app):
    member_id, template = make_member(), make_template(is_refundable=True)
    give_points(member_id, 60)
    give_points(member_id, 60, source_class="interaction")
    before = lots_left(member_id)
    code = redeem_coupon(member_id, template, KEY, MONDAY).code

    assert give_coupon_back(code, member_id, MONDAY) == 100
    assert give_coupon_back(code, member_id, MONDAY) == 100

    assert lots_left(member_id) == before
    assert coupon_of(code).state == "given_back"
    assert template_of(template).issued == 0


def lots_left(member_id: int) -> list[tuple[int, int]]:
    db.session.rollback()
    return [(lot.id, lot.remaining_points) for lot in db.session.scalars(select(Lot).order_by(Lot.id))]


def test_a_coupon_that_may_not_go_back_stays(app):
    member_id, stranger = make_member(points=500), make_member()
    kept = redeem_coupon(member_id, make_template(), KEY, MONDAY).code
    allowed = make_template(is_refundable=True)
    late = redeem_coupon(member_id, allowed, "another-key-00000001", MONDAY).code
    gift = give_coupon(member_id, allowed)

    for code, now in ((kept, MONDAY), (late, MONDAY + timedelta(days=40)), (gift, MONDAY)):
        with pytest.raises(CouponNotReturnable):
            give_coupon_back(code, member_id, now)
    with pytest.raises(NotFound):
        give_coupon_back(late, stranger, MONDAY)

    assert points_of(member_id) == 300


def test_a_coupon_follows_its_member_into_another_account(app):
    first, second = make_member(points=300), make_member(points=10)
    code = redeem_coupon(first, make_template(is_refundable=True, limit_per_member=1), KEY, MONDAY).code

    merge_members(first, second, reason="同一个人", staff_id=make_staff(), now=MONDAY)

    assert give_coupon_back(code, second, MONDAY) == 100
    assert points_of(second) == 310


def test_a_gift_is_given_once_and_moves_no_points(app):
    member_id, template = make_member(points=7), make_template(price_points=None, limit_per_member=2)
    occasion = occasion_at(MONDAY)
    with transaction():
        first = grant(member_id, template, "newcomer:1", occasion)
        again = grant(member_id, template, "newcomer:1", occasion)
        second = grant(member_id, template, "newcomer:2", occasion)
        third = grant(member_id, template, "newcomer:3", occasion)
        unknown = grant(member_id, "no-such-coupon", "newcomer:4", occasion)

    assert first == again
    assert second not in (first, None)
    assert (third, unknown) == (None, None)
    assert points_of(member_id) == 7
    assert template_of(template).issued == 2


def test_expired_coupons_are_recorded_once(app):
    member_id = make_member()
    code = give_coupon(member_id, make_template(price_points=None, valid_days=3))
    later = MONDAY + timedelta(days=4)

    assert sweep_expired_coupons(MONDAY) == 0
    assert sweep_expired_coupons(later) == 1
    assert sweep_expired_coupons(later) == 0

    assert coupon_of(code).state == "expired"
    events = db.session.scalars(select(CouponEvent.event).order_by(CouponEvent.id)).all()
    assert events == ["issue", "expire"]


# Races


def test_fifty_members_and_one_last_coupon(app):
    template = make_template(total_limit=1)
    members = [make_member(points=100) for _ in range(50)]

    outcomes = run_together(
        (lambda each=each: redeem_coupon(each, template, KEY, MONDAY)) for each in members
    )

    refusals = errors_of(outcomes)
    assert len(results_of(outcomes)) == 1
    assert all(isinstance(error, CouponSoldOut) for error in refusals), {repr(error) for error in refusals}
    assert sorted(points_of(each) for each in members) == [0] + [100] * 49
    assert template_of(template).issued == 1


def test_twenty_taps_are_one_coupon(app):
    member_id, template = make_member(points=5000), make_template()

    outcomes = run_together([lambda: redeem_coupon(member_id, template, KEY, MONDAY)] * 20)

    assert errors_of(outcomes) == []
    assert len({redeemed.code for redeemed in results_of(outcomes)}) == 1
    assert points_of(member_id) == 4900


def test_one_member_in_ten_tabs_passes_no_limit(app):
    member_id, template = make_member(points=5000), make_template(limit_per_member=2)

    outcomes = run_together(
        (lambda tab=tab: redeem_coupon(member_id, template, f"the-key-of-tab-{tab:04}", MONDAY))
        for tab in range(10)
    )

    assert len(results_of(outcomes)) == 2
    assert {type(error) for error in errors_of(outcomes)} == {CouponLimitReached}
    assert points_of(member_id) == 4800


def test_giving_back_at_the_same_moment_brings_the_points_once(app):
    member_id, template = make_member(points=100), make_template(is_refundable=True)
    code = redeem_coupon(member_id, template, KEY, MONDAY).code

    outcomes = run_together([lambda: give_coupon_back(code, member_id, MONDAY)] * 8)

    assert errors_of(outcomes) == []
    assert points_of(member_id) == 100
    assert db.session.scalar(select(func.count()).select_from(Coupon)) == 1
