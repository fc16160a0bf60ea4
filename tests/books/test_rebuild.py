"""Stored values follow from the journals: each lie in a stored value is found, told, and can be put right."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text

from shop.books import rebuilding, tickets
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import AuditEntry, Import, ImportedRow, Member
from shop.queries.points.ledger import derive_everything
from shop.services.engagement.signin import sign_in
from shop.services.orders.fulfilment import receive_order
from shop.services.points.merging import merge_members, undo_merge
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.services.points.rebuilding import rebuild
from shop.transaction import transaction
from tests.books.points import shelves
from tests.draws import draw_once, make_draw
from tests.factories import MONDAY, make_member, make_product, make_staff
from tests.services.orders.stories import buy, ship
from tests.tampering import tamper

LATER = MONDAY + timedelta(days=1)
LIES = [
    ("UPDATE points_accounts SET balance_points = balance_points + 7", "accounts"),
    ("UPDATE points_accounts SET held_points = held_points - 1 WHERE held_points > 0", "accounts"),
    ("UPDATE points_accounts SET debt_points = debt_points + 3", "accounts"),
    (
        "UPDATE points_lots SET remaining_points = remaining_points - 1 WHERE remaining_points > held_points",
        "lots",
    ),
    ("UPDATE points_lots SET held_points = held_points - 1 WHERE held_points > 0", "lots"),
    ("UPDATE members SET growth = growth + 1", "members: growth"),
    ("UPDATE purchase_counts SET units = units + 1", "purchase counts"),
    ("DELETE FROM purchase_counts", "purchase counts"),
    ("UPDATE stock_levels SET on_hand = on_hand + 1, received = received + 1", "stock levels"),
    ("UPDATE signins SET streak = streak + 1", "sign-ins: streaks"),
    ("UPDATE draw_days SET attempts = attempts + 1 WHERE attempts > 0", "draw days"),
    ("UPDATE draw_days SET points_given = points_given + 1 WHERE attempts > 0", "draw days"),
    ("UPDATE draw_member_days SET free_used = free_used + 1", "chances"),
    ("DELETE FROM draw_member_days", "chances"),
    ("UPDATE prizes SET won = won + 1", "prizes"),
    ("UPDATE ticket_accounts SET balance = balance + 1", "tickets"),
    ("DELETE FROM ticket_accounts", "tickets"),
]


@pytest.fixture
def life(app) -> int:
    """A member with a little of everything.  Returns the member."""
    member_id = make_member(points=2000)
    _product, variant_id = make_product(points=100, cents=5000, on_hand=9, limit_per_member=5)
    kept = buy(member_id, variant_id, key="kept")
    ship(kept, LATER)
    receive_order(kept.number, member_id, LATER)
    shelves.hold(member_id, 30, "till:1", expires_at=LATER + timedelta(days=1))
    for days in (0, 1, 3):
        sign_in(member_id, MONDAY + timedelta(days=days))
    draw_id = make_draw()
    draw_once(member_id, "a-draw-of-the-story")
    with transaction():
        tickets.give(member_id, draw_id, 2, reference="gift", source="test", occasion=occasion_at(MONDAY))
    db.session.rollback()
    assert differing() == set()
    return member_id


def differing() -> set[str]:
    found = {finding.name for finding in derive_everything() if finding.offenders}
    db.session.rollback()
    return found


@pytest.mark.parametrize(("lie", "kind"), LIES)
def test_a_lie_is_found_and_put_right(life, lie, kind):
    tamper(lie)

    assert [name for name in differing() if kind in name]
    told = rebuild(LATER)

    assert sum(each.rows for each in told) > 0
    assert differing() == set()
    action = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert action is not None
    assert action.action == "books.rebuild"
    assert "derived" in action.reason


def test_rebuilding_what_is_right_writes_nothing(life):
    assert sum(each.rows for each in rebuild(LATER)) == 0

    assert not db.session.scalars(select(AuditEntry.id).where(AuditEntry.action == "books.rebuild")).all()


def test_rows_are_counted_for_each_kind(life):
    counted = {finding.name: finding.rows_checked for finding in derive_everything()}

    assert counted["accounts: balance, held and debt"] == 1
    assert counted["sign-ins: streaks"] == 3
    assert counted["purchase counts: units against limits"] == 1
    entries = db.session.scalar(text("SELECT count(*) FROM points_entries"))
    assert counted["entries: the balance after each"] == entries


def test_slices_cover_everything_once(life, monkeypatch):
    for _number in range(4):
        make_member(points=10)
    whole = {finding.name: finding.rows_checked for finding in derive_everything()}
    monkeypatch.setattr(rebuilding, "IDS_IN_A_SLICE", 2)

    assert {finding.name: finding.rows_checked for finding in derive_everything()} == whole


def test_a_wrong_balance_in_an_entry_is_shown_and_never_rewritten(life):
    tamper("UPDATE points_entries SET balance_after_points = balance_after_points + 1 WHERE id = 1")
    try:
        assert differing() == {"entries: the balance after each"}
        rebuild(LATER)
        assert differing() == {"entries: the balance after each"}
    finally:
        tamper("UPDATE points_entries SET balance_after_points = balance_after_points - 1 WHERE id = 1")


def test_growth_that_was_brought_along_is_known(app):
    """An import says how much came with a member; a merge takes it to the other one, and back again."""
    old, new = make_member(growth=700), make_member(growth=30)
    brought(old, 700)
    brought(new, 30)
    assert differing() == set()

    merged = merge_members(old, new, reason="同一个人", staff_id=make_staff("owner"), now=MONDAY)
    assert growths() == [0, 730]
    assert differing() == set()

    undo_merge(merged.merge_id, reason="弄错人了", staff_id=make_staff("owner"), now=LATER)
    assert growths() == [700, 30]
    assert differing() == set()


def test_a_purchase_elsewhere_raises_growth_until_it_is_refunded(app):
    member_id = make_member()
    lines = (ReportedLine(cents=12_345, sku="TEA"),)
    record_purchase(
        member_id, ReportedPurchase(source="till", external_id="1", at=MONDAY, lines=lines), MONDAY
    )
    assert growths() == [123]
    assert differing() == set()

    refund_purchase(ReportedRefund(source="till", external_id="1", refund_id="1", cents=2_345), MONDAY)
    assert growths() == [100]
    assert differing() == set()


def brought(member_id: int, growth: int) -> None:
    with transaction() as session:
        row = {
            "kind": "members",
            "state": "loaded",
            "file_name": "members.csv",
            "digest": f"digest {member_id}",
            "booking_key": f"key {member_id}",
            "created_at": MONDAY,
        }
        import_id = session.execute(insert(Import).values(row).returning(Import.id)).scalar_one()
        values = {"import_id": import_id, "row": 1, "member_id": member_id, "growth": growth}
        session.execute(insert(ImportedRow).values(values))


def growths() -> list[int]:
    db.session.rollback()
    return list(db.session.scalars(select(Member.growth).order_by(Member.id)))
