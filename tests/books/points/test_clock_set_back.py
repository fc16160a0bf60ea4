"""The proof that every entry cites a version that was in force, on the day on which somebody sets the clock back."""

from dataclasses import replace
from datetime import timedelta

from shop.extensions import db
from shop.models import PointsEntry
from shop.queries.points.ledger import check_everything
from shop.services.orders.fulfilment import receive_order
from tests.books.points.shelves import earn
from tests.factories import AT_ONCE, MONDAY, make_member, make_product, make_rulebook
from tests.services.orders.stories import buy, ship
from tests.tampering import Kept, tamper

IN_FORCE = "L7 every entry cites a rulebook version that was in force"
SOON = MONDAY + timedelta(minutes=30)


def next_version():
    return make_rulebook(replace(AT_ONCE, earning=replace(AT_ONCE.earning, points=2)), effective_at=SOON)


def offenders():
    found = next(finding for finding in check_everything() if finding.name == IN_FORCE)
    db.session.rollback()
    return found.offenders


def test_what_an_order_earned_keeps_its_version_when_the_clock_steps_back(app):
    make_rulebook()
    member_id = make_member()
    _product_id, variant_id = make_product(points=0, cents=1990)
    version = next_version()

    placed = buy(member_id, variant_id, now=SOON + timedelta(minutes=5))
    ship(placed, SOON - timedelta(minutes=10))
    receive_order(placed.number, member_id=member_id, now=SOON - timedelta(minutes=5))

    earned = db.session.query(PointsEntry).one()
    assert (earned.points, earned.rulebook_version) == (39, version)
    assert earned.occurred_at < SOON
    assert not offenders()


def test_a_version_that_nobody_had_seen_begin_is_found(app):
    make_rulebook()
    member_id = make_member()
    entry_id = earn(member_id, 50, "too-early", now=MONDAY)
    version = next_version()
    kept = Kept("points_entries")
    tamper(f"UPDATE points_entries SET rulebook_version = {version} WHERE id = {entry_id}")

    found = offenders()

    kept.bring_back()
    assert [row[0] for row in found] == [entry_id]
