"""The chain proves that entries still say what they said: every way of tampering is found and named."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.books.checking import run
from shop.books.points import chain
from shop.books.points.chain import ChainIsWhole
from shop.books.points.extensions import Extension, put_off
from shop.extensions import db
from shop.models import ChainHead, ChainLink, Lot, PointsEntry
from shop.services.points import chaining
from shop.services.points.chaining import chain_entries
from shop.transaction import transaction
from tests.books.points import shelves
from tests.factories import MONDAY, give_points, make_member
from tests.races import results_of, run_together
from tests.tampering import Kept, tamper

TURNED_BACK = """UPDATE chain_heads SET links = 3, entries = 9,
    last_entry_id = (SELECT last_entry_id FROM chain_links WHERE id = 3),
    hash = (SELECT hash FROM chain_links WHERE id = 3)"""


def break_of_chain() -> tuple[object, ...] | None:
    (finding,) = run((ChainIsWhole(),))
    db.session.rollback()
    return finding.offenders[0] if finding.offenders else None


def entries_chained() -> int:
    db.session.rollback()
    return db.session.scalars(select(ChainHead.entries)).one()


@pytest.fixture
def short_links(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links of three entries, so that a small story has many."""
    limited = chain.LAST_OF_NEXT.whereclause.right.element.limit(3)
    monkeypatch.setattr(
        chain, "LAST_OF_NEXT", select(func.max(PointsEntry.id)).where(PointsEntry.id.in_(limited))
    )


@pytest.fixture
def story(app, short_links) -> int:
    """Ten entries of one member in four links, with a lot spent from and put back into.  Returns the member."""
    member_id = make_member()
    for _number in range(7):
        give_points(member_id, 100)
    spent = shelves.spend(member_id, 250, "spend", now=MONDAY)
    shelves.restore(member_id, spent, 50, "restore", now=MONDAY)
    give_points(member_id, 5)
    assert chain_entries(MONDAY) == 10
    return member_id


@pytest.fixture
def kept(story) -> Iterator[None]:
    """The journals are brought back after the test."""
    journals = Kept("points_entries", "points_allocations", "points_lots", "chain_links", "chain_heads")
    yield
    journals.bring_back()


def test_entries_are_chained_once_and_in_order(story):
    links = db.session.execute(
        select(ChainLink.id, ChainLink.entries, ChainLink.made_at).order_by(ChainLink.id)
    ).all()

    assert [(row.id, row.entries) for row in links] == [(1, 3), (2, 3), (3, 3), (4, 1)]
    assert links[0].made_at == MONDAY
    assert chain_entries(MONDAY) == 0
    assert break_of_chain() is None


def test_what_comes_later_joins_the_chain(story):
    give_points(story, 9)
    assert break_of_chain() is None

    assert chain_entries(MONDAY) == 1
    assert entries_chained() == 11


def test_a_lawful_new_end_leaves_the_chain_whole(story):
    lot_id, ends = db.session.execute(select(Lot.id, Lot.expires_at).order_by(Lot.id)).first()
    with transaction():
        put_off([Extension(lot_id, ends, ends + timedelta(days=30))], "activity", MONDAY)

    assert break_of_chain() is None
    assert chain_entries(MONDAY) == 0


def test_a_killed_run_is_taken_up_where_it_stood(app, short_links, monkeypatch):
    member_id = make_member()
    for _number in range(7):
        give_points(member_id, 1)
    monkeypatch.setattr(chaining, "LINKS_A_RUN", 1)
    assert chain_entries(MONDAY) == 3
    monkeypatch.undo()

    assert chain_entries(MONDAY) == 4
    assert break_of_chain() is None


def test_two_machines_chain_each_entry_once(app, short_links):
    member_id = make_member()
    for _number in range(20):
        give_points(member_id, 1)

    outcomes = run_together([lambda: chain_entries(MONDAY)] * 4)
    chain_entries(MONDAY)

    assert len(results_of(outcomes)) == 4
    assert entries_chained() == 20
    assert break_of_chain() is None


@pytest.mark.parametrize(
    ("deed", "named"),
    [
        ("UPDATE points_entries SET points = points + 1 WHERE id = {fifth}", "is not what was written"),
        (
            "UPDATE points_entries SET reference = 'something else' WHERE id = {fifth}",
            "is not what was written",
        ),
        ("UPDATE points_entries SET reasons = '[1]' WHERE id = {spent}", "is not what was written"),
        (
            "UPDATE points_allocations SET points = points - 1 WHERE entry_id = {spent}",
            "is not what was written",
        ),
        ("DELETE FROM points_allocations WHERE entry_id = {spent}", "is not what was written"),
        ("UPDATE points_lots SET points = points + 1 WHERE entry_id = {fifth}", "is not what was written"),
        ("UPDATE points_lots SET source_class = 'draw' WHERE entry_id = {fifth}", "is not what was written"),
        (
            "UPDATE points_lots SET expires_at = '2099-01-01 00:00:00.000000' WHERE entry_id = {fifth}",
            "is not what was written",
        ),
        ("DELETE FROM points_entries WHERE id = {fifth}", "was removed"),
        ("DELETE FROM points_entries WHERE id = {last}", "was removed"),
    ],
)
def test_a_changed_entry_is_named(kept, deed, named):
    ids = db.session.scalars(select(PointsEntry.id).order_by(PointsEntry.id)).all()
    places = {"fifth": ids[4], "spent": ids[7], "last": ids[9]}
    tamper(deed.format(**places))

    found = break_of_chain()
    place = next(name for name in places if "{" + name + "}" in deed)
    assert found is not None
    assert found[:2] == ("entry", places[place])
    assert named in str(found[2])


def test_an_entry_in_the_place_of_another_is_named(kept):
    ids = db.session.scalars(select(PointsEntry.id).order_by(PointsEntry.id)).all()
    moved = ", ".join(
        column.name if column.name != "id" else str(ids[3]) for column in PointsEntry.__table__.columns
    ).replace("reference", "reference || ' again'")
    tamper(f"DELETE FROM points_entries WHERE id = {ids[3]}")
    assert break_of_chain() == ("entry", ids[3], "was removed (link 2)")

    tamper(f"INSERT INTO points_entries SELECT {moved} FROM points_entries WHERE id = {ids[4]}")

    assert break_of_chain() == ("entry", ids[3], "is not what was written (link 2)")


@pytest.mark.parametrize(
    ("deeds", "named"),
    [
        (("UPDATE chain_links SET hash = (SELECT hash FROM chain_links WHERE id = 1) WHERE id = 2",), 2),
        (("UPDATE chain_links SET entries = 2 WHERE id = 3",), 3),
        (("DELETE FROM chain_links WHERE id = 2",), 2),
        (("DELETE FROM chain_links WHERE id = 4",), 4),
        (("DELETE FROM chain_links",), 1),
        (("DELETE FROM chain_links WHERE id = 4", "UPDATE chain_heads SET links = 3"), 4),
        (("UPDATE chain_heads SET entries = 9",), 5),
        (
            (TURNED_BACK,),
            5,
        ),
    ],
)
def test_a_changed_chain_is_named(kept, deeds, named):
    tamper(*deeds)

    found = break_of_chain()
    assert found is not None
    assert found[:2] == ("link", named)
