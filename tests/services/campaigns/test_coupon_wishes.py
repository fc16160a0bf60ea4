"""Coupons that come by themselves: once for each step, only for who asked, and undone within a day."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from shop.errors import CouponNotOffered, CouponNotReturnable, NotFound
from shop.extensions import db
from shop.models import CouponTemplate, OutboxEvent, PointsEntry
from shop.queries.points.balance import balance_of
from shop.services.campaigns.coupon_wishes import keep_wish, turn_before_lapse, turn_on_reaching
from shop.services.campaigns.coupons import give_coupon_back
from shop.services.engagement.signin import sign_in
from shop.transaction import transaction
from tests.coupons import coupons_of, make_template, template_of
from tests.factories import MONDAY, give_points, make_member
from tests.races import errors_of, results_of, run_together

DAY = timedelta(days=1)


def five_off(**values: object) -> str:
    """微小店: 200 points become a coupon of ¥5, valid for 30 days."""
    usual = {"name": "5 元券", "off_cents": 500, "price_points": 200, "is_automatic": True}
    return make_template(**{**usual, **values})


def wants(member_id: int, template: str, *, on_reaching: bool = True, before_lapse: bool = False) -> None:
    keep_wish(member_id, template, on_reaching=on_reaching, before_lapse=before_lapse, now=MONDAY)


def points_of(member_id: int, now=MONDAY) -> int:
    db.session.rollback()
    return balance_of(member_id, now).available


def test_two_hundred_points_become_a_coupon_once(app):
    member_id, template = make_member(points=170), five_off()
    wants(member_id, template)
    for day in range(3):
        sign_in(member_id, MONDAY + day * DAY)
        fired = turn_on_reaching(MONDAY + day * DAY)

    assert fired == 1
    assert turn_on_reaching(MONDAY + 2 * DAY) == 0
    (coupon,) = coupons_of(member_id)
    assert (coupon.points, coupon.origin, coupon.state) == (200, "reached", "unused")
    assert points_of(member_id, MONDAY + 2 * DAY) == 10
    reason = db.session.get_one(PointsEntry, coupon.entry_id).reasons[0]
    assert reason == {
        "code": "coupon_redeemed_by_itself",
        "params": {"coupon": "5 元券", "reached_points": 210},
    }
    assert db.session.query(OutboxEvent).filter_by(key=f"coupon_turned:{coupon.id}").count() == 1


def test_each_step_is_one_coupon(app):
    member_id, template = make_member(points=650), five_off()
    wants(member_id, template)

    assert turn_on_reaching(MONDAY) == 3

    assert points_of(member_id) == 50
    assert [coupon.reference.rpartition(":")[2] for coupon in coupons_of(member_id)] == ["1", "2", "3"]


def test_nothing_comes_to_who_did_not_ask_or_asks_no_more(app):
    silent, changed, template = make_member(points=500), make_member(points=500), five_off()
    wants(changed, template)
    wants(changed, template, on_reaching=False)

    assert turn_on_reaching(MONDAY) == 0
    assert points_of(silent) == points_of(changed) == 500


@pytest.mark.parametrize("values", [{"state": "off"}, {"is_automatic": False}, {"price_points": None}])
def test_what_the_merchant_does_not_allow_cannot_be_wished_for(app, values):
    member_id = make_member(points=500)

    with pytest.raises(CouponNotOffered):
        wants(member_id, five_off(**values))
    with pytest.raises(NotFound):
        wants(member_id, "no-such-coupon")

    wants(member_id, five_off(**values), on_reaching=False)


def test_a_template_that_stops_stops_the_wish(app):
    member_id, template = make_member(points=500), five_off()
    wants(member_id, template)
    with transaction() as session:
        session.execute(update(CouponTemplate).values(state="off"))

    assert turn_on_reaching(MONDAY) == 0


def test_limits_hold_for_what_comes_by_itself(app):
    member_id = make_member(points=5000)
    for values in ({"limit_per_member": 2}, {"total_limit": 3}):
        wants(member_id, five_off(**values))

    assert turn_on_reaching(MONDAY) == 5
    assert turn_on_reaching(MONDAY) == 0
    assert points_of(member_id) == 4000


def test_only_points_that_can_be_spent_count(app):
    member_id, template = make_member(), five_off()
    give_points(member_id, 300, source_class="interaction", now=MONDAY - 200 * DAY)
    wants(member_id, template)

    assert turn_on_reaching(MONDAY) == 0


def test_it_can_be_undone_for_a_day_and_then_the_wish_ends(app):
    member_id, template = make_member(points=450), five_off()
    wants(member_id, template)
    turn_on_reaching(MONDAY)
    first, second = coupons_of(member_id)

    give_coupon_back(first.code, member_id, MONDAY + timedelta(hours=23))

    assert points_of(member_id) == 250
    assert turn_on_reaching(MONDAY + timedelta(hours=23)) == 0
    assert template_of(template).issued == 1
    with pytest.raises(CouponNotReturnable):
        give_coupon_back(second.code, member_id, MONDAY + timedelta(hours=24))


def test_points_become_a_coupon_a_week_before_they_lapse(app):
    member_id, template = make_member(points=1000), five_off()
    give_points(member_id, 250, source_class="interaction")  # 90 days
    wants(member_id, template, on_reaching=False, before_lapse=True)

    assert turn_before_lapse(MONDAY + 82 * DAY) == 0
    assert turn_before_lapse(MONDAY + 83 * DAY) == 1
    assert turn_before_lapse(MONDAY + 83 * DAY) == 0

    (coupon,) = coupons_of(member_id)
    assert coupon.origin == "lapsing"
    balance = balance_of(member_id, MONDAY + 83 * DAY)
    assert [lapse.points for lapse in balance.expiring] == [50, 1000]


def test_two_workers_turn_each_step_once(app):
    members, template = [make_member(points=450) for _ in range(5)], five_off()
    for member_id in members:
        wants(member_id, template)

    outcomes = run_together([lambda: turn_on_reaching(MONDAY)] * 4)

    assert errors_of(outcomes) == []
    assert sum(results_of(outcomes)) == 10
    assert [points_of(member_id) for member_id in members] == [50] * 5
