"""An import is taken back whole or not at all, given up, or forgotten."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import (
    ImportMoved,
    ImportTouched,
    UndoTimeOver,
)
from shop.extensions import db
from shop.models import (
    Import,
    Member,
    PointsEntry,
)
from shop.services.merchant.imports import (
    cancel_import,
    forget_stale_imports,
    load_import,
    undo_import,
)
from shop.services.points.adjusting import adjust_points
from tests.factories import MONDAY, make_member, make_rulebook
from tests.imports import (
    balance_of_phone,
    checked,
    csv_file,
    faults,
    loaded,
    member_of,
    phone_of,
    standing,
    the_day_after,
    youzan_file,
)

PHONE = "13805712046"
HEADERS = ("手机号", "姓名", "积分", "有效期至")
END_OF_2027 = datetime(2027, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai


@pytest.fixture(autouse=True)
def rulebook(app):
    make_rulebook()


def count(model, *where):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_an_import_is_taken_back_whole_and_its_phones_are_free_again():
    member_id = make_member(phone=f"+86{PHONE}", points=100)
    raw = csv_file(
        HEADERS, [[PHONE, "", 50, ""], [phone_of(1), "新来的", 30, ""], [phone_of(2), "没有分", 0, ""]]
    )
    import_id = loaded(raw)

    undo_import(import_id, staff_id=None, now=MONDAY + timedelta(hours=23))

    assert balance_of_phone(PHONE) == 100
    assert count(Member, Member.state == "closed") == 2
    assert count(Member, Member.name == "新来的") == 0
    back = select(PointsEntry.kind, PointsEntry.points).where(PointsEntry.corrects_entry_id.is_not(None))
    assert [tuple(row) for row in db.session.execute(back.order_by(PointsEntry.id))] == [
        ("claw_back", -50),
        ("claw_back", -30),
    ]
    undo_import(import_id, staff_id=None, now=MONDAY)

    loaded(raw, now=MONDAY + timedelta(hours=23))
    assert balance_of_phone(phone_of(1)) == 30
    assert member_id == member_of(PHONE).id


def test_what_somebody_has_used_is_not_taken_back():
    import_id = loaded(csv_file(HEADERS, [[PHONE, "a", 50, ""], [phone_of(1), "b", 30, ""]]))
    adjust_points(member_of(PHONE).id, -1, reason="试试", staff_id=None, key="a-key-of-mine", now=MONDAY)

    with pytest.raises(ImportTouched) as refused:
        undo_import(import_id, staff_id=None, now=MONDAY)

    assert refused.value.count == 1
    assert balance_of_phone(phone_of(1)) == 30
    assert standing(import_id).state == "loaded"


def test_after_a_day_nothing_is_taken_back():
    import_id = loaded(csv_file(HEADERS, [[PHONE, "a", 50, ""]]))

    with pytest.raises(UndoTimeOver):
        undo_import(import_id, staff_id=None, now=the_day_after(MONDAY))


def test_a_cancelled_import_is_forgotten():
    import_id = checked(youzan_file(500))

    cancel_import(import_id, staff_id=None, now=MONDAY)

    assert db.session.get_one(Import, import_id).rows_sealed is None
    assert faults(import_id) == []
    with pytest.raises(ImportMoved):
        load_import(import_id, staff_id=None, now=MONDAY)


def test_a_file_that_nobody_comes_back_to_is_forgotten_after_a_week():
    import_id = checked(youzan_file(500))

    forget_stale_imports(MONDAY + timedelta(days=7))
    assert standing(import_id).state == "checked"
    forget_stale_imports(MONDAY + timedelta(days=7, seconds=1))

    assert standing(import_id).state == "cancelled"
