"""The trail is read as it was written, and one changed letter is found."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shop.books import audit
from shop.extensions import db
from shop.queries.merchant.audit import changes_of, deeds, verify_chain
from shop.transaction import transaction
from tests.factories import MONDAY, make_staff


def record(action, staff_id=None, subject="member:1", **values):
    with transaction():
        audit.record(staff_id=staff_id, action=action, subject=subject, now=MONDAY, **values)


def tamper(statement):
    """What somebody with full rights on the database can do: the triggers are out of the way for a moment."""
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
            session.execute(text(statement))
            session.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))
            return
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'"
        for name in session.scalars(text(triggers)).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text(statement))


def test_the_database_itself_refuses_to_change_the_trail(app):
    record("points.adjust")

    for statement in ("UPDATE audit_entries SET reason = ''", "DELETE FROM audit_entries"):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))

    assert verify_chain() == (1, None)


def test_filters_narrow_the_trail_and_pages_join(app):
    zhou, ning = make_staff("owner"), make_staff("support")
    for number in range(5):
        record("points.adjust", zhou if number % 2 else ning, subject=f"member:{number}")
    record("staff.log_in", zhou, subject=f"staff:{zhou}")

    first = deeds(limit=4)
    second = deeds(limit=4, before=first.next_before)

    assert len(first.rows) == 4
    assert len(second.rows) == 2
    assert second.next_before is None
    assert {row.action for row in deeds(staff_id=ning).rows} == {"points.adjust"}
    assert [row.subject for row in deeds(actions=("staff.log_in",)).rows] == [f"staff:{zhou}"]
    assert len(deeds(subject="member:3").rows) == 1
    assert all(row.is_sound for row in deeds().rows)


def test_only_what_differs_is_a_change(app):
    changes = changes_of({"role": "cashier", "name": "小陆"}, {"role": "support", "name": "小陆", "note": 1})

    assert [(change.name, change.before, change.after) for change in changes] == [
        ("role", "cashier", "support"),
        ("note", None, "1"),
    ]
    assert changes_of(None, None) == ()


def test_a_changed_row_is_named_by_the_page_and_by_the_chain(app):
    for number in range(4):
        record("points.adjust", reason=f"第 {number} 次")
    assert verify_chain() == (4, None)

    tamper("UPDATE audit_entries SET reason = '没什么' WHERE id = 3")

    assert verify_chain() == (2, 3)
    assert [row.id for row in deeds().rows if not row.is_sound] == [3]


def test_a_missing_row_breaks_the_chain(app):
    for _ in range(3):
        record("points.adjust")

    tamper("DELETE FROM audit_entries WHERE id = 2")

    assert verify_chain() == (1, 3)


def test_the_command_names_the_first_broken_row(app):
    record("points.adjust")
    runner = app.test_cli_runner()
    assert runner.invoke(args=["audit", "verify"]).exit_code == 0

    tamper("UPDATE audit_entries SET action = 'points.steal' WHERE id = 1")
    result = runner.invoke(args=["audit", "verify"])

    assert result.exit_code == 1
    assert "row 1" in result.output
