"""What a tier brings on a birthday and each month: once, on time, and no more than it says."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from shop.crypto import seal
from shop.extensions import db
from shop.models import Coupon, Lot, Member, Message, PointsEntry, TicketAccount, TierPack
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import TierPolicy
from shop.services.members.settings import set_birthday
from shop.services.points.tier_gifts import give_birthday_gifts, give_monthly_packs
from shop.transaction import transaction
from tests.coupons import make_template
from tests.draws import SURE, make_draw
from tests.factories import MONDAY, make_member
from tests.races import results_of, run_together
from tests.services.points.tier_stories import at, ladder, make_rules, tell_all

GIFTS = ladder(silver={"birthday_points": 100, "birthday_days": 10, "monthly_tickets": 2})


def celebrant(birthday="1996-05-18", *, told_on="2026-01-05", **values):
    row = {"now": at("2026-01-01T12:00"), "tier_code": "silver", **values}
    member_id = make_member(**row)
    set_birthday(member_id, date.fromisoformat(birthday), today=date.fromisoformat(told_on), now=MONDAY)
    return member_id


def gifts_of(member_id):
    db.session.rollback()
    return db.session.scalars(
        select(PointsEntry.occurred_at)
        .where(PointsEntry.reference.like(f"birthday:{member_id}:%"))
        .order_by(PointsEntry.id)
    ).all()


def test_the_gift_comes_at_midnight_and_lasts_its_days(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    celebrant()

    assert give_birthday_gifts(at("2026-05-17T23:59:59")) == 0
    assert give_birthday_gifts(at("2026-05-18T00:00:00")) == 1
    assert give_birthday_gifts(at("2026-05-18T00:10:00")) == 0

    lot = db.session.scalars(select(Lot)).one()
    assert (lot.points, lot.expires_at) == (100, at("2026-05-29"))
    tell_all(at("2026-05-18T00:11"))
    told = db.session.scalars(select(Message).where(Message.kind == "birthday_gift")).one()
    assert told.params == {"points": 100, "last_on": "2026-05-28"}


def test_it_comes_every_year(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = celebrant()

    for year in (2026, 2027, 2028):
        give_birthday_gifts(at(f"{year}-05-18T08:00"))

    assert len(gifts_of(member_id)) == 3


@pytest.mark.parametrize(
    ("day", "given"),
    [("2026-02-28", 1), ("2026-03-01", 0), ("2028-02-28", 0), ("2028-02-29", 1)],
)
def test_the_29th_of_february_is_celebrated_on_the_28th_in_other_years(app, day, given):
    make_rules(TierPolicy(), tiers=GIFTS)
    celebrant("1996-02-29", told_on="2025-01-01", now=at("2025-01-01T12:00"))
    if given == 0 and day.startswith("2026"):
        give_birthday_gifts(at("2026-02-28T08:00"))

    assert give_birthday_gifts(at(f"{day}T08:00")) == given


def test_a_worker_that_was_away_gives_late_but_not_after_a_week(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    late, too_late = celebrant("1996-05-18"), celebrant("1996-05-17")

    assert give_birthday_gifts(at("2026-05-24T08:00")) == 1

    assert (len(gifts_of(late)), gifts_of(too_late)) == (1, [])


def test_a_birthday_told_on_its_day_waits_a_year(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = celebrant(told_on="2026-05-18")

    assert give_birthday_gifts(at("2026-05-18T12:00")) == 0
    assert give_birthday_gifts(at("2027-05-18T12:00")) == 1
    assert len(gifts_of(member_id)) == 1


def test_a_birthday_that_moved_brings_no_second_gift_in_a_year(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = celebrant(told_on="2025-06-01", now=at("2025-01-01T12:00"))
    give_birthday_gifts(at("2026-05-18T12:00"))
    set_birthday(member_id, date(1996, 9, 9), today=date(2026, 6, 2), now=MONDAY)

    assert give_birthday_gifts(at("2026-09-09T12:00")) == 0
    assert give_birthday_gifts(at("2027-09-09T12:00")) == 1


def test_who_gets_none(app):
    """A tier without a gift, a suspended member, and who joined that day."""
    make_rules(TierPolicy(), tiers=GIFTS)
    celebrant(tier_code="plain")
    celebrant(state="suspended")
    celebrant(joined_at=at("2026-05-18T00:00"))

    assert give_birthday_gifts(at("2026-05-18T12:00")) == 0


def test_many_workers_give_one_gift(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = celebrant()

    outcomes = run_together([lambda: give_birthday_gifts(at("2026-05-18T12:00")) for _ in range(6)])

    assert sum(results_of(outcomes)) == 1
    assert balance_of(member_id, at("2026-05-18T12:00")).available == 100


def test_birthdays_of_before_are_found_too(app):
    """A birthday that was sealed before it had an index: the job gives it one, once."""
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = celebrant(told_on="2026-01-05")
    with transaction() as session:
        old = {"birthday_sealed": seal("1996-05-18"), "birthday_index": None}
        session.execute(update(Member).where(Member.id == member_id).values(old))

    assert give_birthday_gifts(at("2026-05-18T12:00")) == 1

    indexes = db.session.scalars(select(Member.birthday_index)).all()
    assert indexes[0]
    assert "05-18" not in indexes[0]


def packs_of(member_id):
    db.session.rollback()
    return db.session.execute(
        select(TierPack.month, TierPack.kind, TierPack.pieces)
        .where(TierPack.member_id == member_id)
        .order_by(TierPack.month, TierPack.kind)
    ).all()


def tickets_of(member_id):
    db.session.rollback()
    return db.session.scalar(select(TicketAccount.balance).where(TicketAccount.member_id == member_id)) or 0


def test_tickets_come_once_a_month(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    make_draw(SURE)
    member_id, other_id = make_member(tier_code="silver"), make_member(tier_code="plain")

    assert give_monthly_packs(MONDAY) == 1
    assert give_monthly_packs(MONDAY) == 0

    assert (tickets_of(member_id), tickets_of(other_id)) == (2, 0)
    assert packs_of(member_id) == [("2026-03", "tickets", 2)]


def test_tickets_wait_for_a_draw(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    member_id = make_member(tier_code="silver")

    assert give_monthly_packs(MONDAY) == 0
    make_draw(SURE)
    assert give_monthly_packs(MONDAY) == 1

    assert tickets_of(member_id) == 2


def test_many_workers_give_one_pack(app):
    make_rules(TierPolicy(), tiers=GIFTS)
    make_draw(SURE)
    member_id = make_member(tier_code="silver")

    outcomes = run_together([lambda: give_monthly_packs(MONDAY) for _ in range(6)])

    assert sum(results_of(outcomes)) == 1
    assert tickets_of(member_id) == 2


def coupons_of(member_id):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Coupon).where(Coupon.member_id == member_id))


def with_coupons(code, count=2):
    return ladder(silver={"monthly_coupons": count, "monthly_coupon_code": code})


def test_coupons_come_once_a_month(app):
    make_rules(TierPolicy(), tiers=with_coupons("month"))
    make_template(code="month")
    member_id, other_id = make_member(tier_code="silver"), make_member(tier_code="plain")

    assert give_monthly_packs(MONDAY) == 1
    assert give_monthly_packs(MONDAY) == 0
    assert give_monthly_packs(at("2026-04-01T00:00")) == 1

    assert (coupons_of(member_id), coupons_of(other_id)) == (4, 0)
    assert packs_of(member_id) == [("2026-03", "coupons", 2), ("2026-04", "coupons", 2)]


def test_coupons_that_cannot_be_given_come_later(app):
    """No such template, one that is off, one of which few are left: what can be given is."""
    make_rules(TierPolicy(), tiers=with_coupons("month"))
    member_id = make_member(tier_code="silver")

    assert give_monthly_packs(MONDAY) == 0
    make_template(code="month", limit_per_member=1)
    assert give_monthly_packs(MONDAY) == 1

    assert coupons_of(member_id) == 1
    assert packs_of(member_id) == [("2026-03", "coupons", 1)]


def test_who_moves_to_another_tier_has_one_pack_a_month(app):
    tiers = ladder(
        silver={"monthly_coupons": 1, "monthly_coupon_code": "month"},
        gold={"monthly_coupons": 3, "monthly_coupon_code": "month"},
    )
    make_rules(TierPolicy(), tiers=tiers)
    make_template(code="month")
    member_id = make_member(tier_code="silver")
    give_monthly_packs(MONDAY)
    with transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(tier_code="gold"))

    assert give_monthly_packs(MONDAY) == 0
    assert coupons_of(member_id) == 1
