"""The pages of the points book stay fast as it grows: none of their questions reads a journal from end to end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, text

from shop.extensions import db
from shop.models import PointsEntry
from tests.books.points import shelves
from tests.factories import MONDAY, give_points, make_member

JOURNALS = re.compile(r"\b(points_entries|points_lots|points_allocations|points_holds|points_held_lots)\b")
Asked = list[tuple[str, Any]]


@contextmanager
def listening() -> Iterator[Asked]:
    """The questions about the points book that are asked meanwhile."""
    asked: Asked = []

    def on_execute(_connection: Any, _cursor: Any, statement: str, values: Any, *_others: Any) -> None:
        if statement.startswith("SELECT") and JOURNALS.search(statement):
            asked.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", on_execute)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", on_execute)


def scans(asked: Asked) -> list[str]:
    """The parts of the plans that read a whole journal."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    db.session.rollback()
    if not is_sqlite:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
    found = []
    for statement, values in asked:
        prefix = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        rows = db.session.connection().exec_driver_sql(prefix + statement, values)
        steps = [str(row[-1]) for row in rows]
        whole = [step for step in steps if ("SCAN" in step or "Seq Scan" in step) and JOURNALS.search(step)]
        found += [f"{step}: {statement}" for step in whole]
    db.session.rollback()
    return found


@pytest.fixture
def member_id(app, clock) -> int:
    member_id = make_member()
    for _number in range(25):
        give_points(member_id, 10)
    spent = shelves.spend(member_id, 100, "spend", now=MONDAY)
    shelves.restore(member_id, spent, 40, "restore", now=MONDAY)
    return member_id


@pytest.mark.parametrize("kind", ["all", "earned", "used", "expired"])
def test_the_history_is_read_from_its_index(member_id, as_member, kind):
    browser = as_member(member_id)
    last = db.session.scalars(select(PointsEntry.id).order_by(PointsEntry.id.desc())).first()

    with listening() as asked:
        assert browser.get(f"/member/points?kind={kind}").status_code == 200
        assert browser.get(f"/member/points?kind={kind}&after={last}").status_code == 200

    assert asked
    assert not scans(asked)


def test_an_entry_is_followed_without_reading_the_whole_book(member_id, as_member):
    browser = as_member(member_id)
    ids = db.session.scalars(select(PointsEntry.id).order_by(PointsEntry.id)).all()

    with listening() as asked:
        for entry_id in (ids[0], ids[-2], ids[-1]):
            assert browser.get(f"/member/points/{entry_id}").status_code == 200
        assert browser.get("/member").status_code == 200

    assert len(asked) > 3
    assert not scans(asked)


@pytest.mark.parametrize("tab", ["", "ledger", "lots", "orders", "coupons"])
def test_a_member_in_the_back_office_is_found_by_index(member_id, as_staff, tab):
    browser = as_staff("owner")

    with listening() as asked:
        assert browser.get(f"/merchant/members/{member_id}?tab={tab}").status_code == 200

    assert asked
    assert not scans(asked)


def test_points_are_moved_by_index(member_id, app):
    with listening() as asked:
        spent = shelves.spend(member_id, 50, "spend again", now=MONDAY)
        shelves.restore(member_id, spent, 20, "restore again", now=MONDAY)
        shelves.hold(member_id, 10, "till:1")
        shelves.capture("till:1")

    assert len(asked) > 4
    assert not scans(asked)
