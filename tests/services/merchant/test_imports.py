"""Members and balances from another system: the report is true, and the load is whole."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.crypto import unseal
from shop.errors import (
    ColumnsMissing,
    ImportChanged,
    ImportedBefore,
    ImportHasFaults,
    InvalidInput,
    NothingToImport,
)
from shop.extensions import db
from shop.models import (
    AuditEntry,
    Import,
    ImportedRow,
    Member,
    Message,
    OutboxEvent,
    PointsEntry,
)
from shop.services.merchant.imports import (
    Choice,
    choose_columns,
    load_import,
)
from shop.transaction import transaction
from tests.factories import MONDAY, make_member, make_rulebook
from tests.imports import (
    balance_of_phone,
    checked,
    csv_file,
    faults,
    loaded,
    lots_of_phone,
    member_of,
    phone_of,
    standing,
    uploaded,
    xlsx_file,
    youzan_file,
)
from tests.races import run_together

PHONE = "13805712046"
HEADERS = ("手机号", "姓名", "积分", "有效期至")
END_OF_2027 = datetime(2027, 12, 31, 16, tzinfo=UTC)  # midnight in Shanghai


@pytest.fixture(autouse=True)
def rulebook(app):
    make_rulebook()


def count(model, *where):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_a_thousand_members_come_with_their_balances_and_three_rows_are_named():
    import_id = checked(youzan_file())

    assert standing(import_id).state == "checked"
    assert (standing(import_id).rows_good, standing(import_id).rows_bad) == (997, 3)
    assert faults(import_id) == [
        (19, "phone", "not_a_phone"),
        (402, "points", "negative"),
        (1001, "expires_on", "no_such_day"),
    ]
    assert count(Member) == 0

    load_import(import_id, staff_id=None, now=MONDAY)

    assert standing(import_id).state == "loaded"
    assert count(Member) == 997
    assert count(PointsEntry) == 997
    assert lots_of_phone(phone_of(5)) == [(6, END_OF_2027)]
    member = member_of(phone_of(5))
    assert (member.name, member.password_hash, member.tier_code) == ("会员5", None, "sprout")
    assert unseal(member.birthday_sealed) == "1990-05-20"
    assert member.joined_at == datetime(2024, 3, 1, 4, tzinfo=UTC)


def test_everybody_is_greeted_once_and_no_event_waits_for_the_worker():
    loaded(youzan_file(500))

    assert count(Message, Message.kind == "welcome_with_points") == 497
    assert count(OutboxEvent) == 0


def test_what_was_loaded_is_not_kept_beside_the_books():
    import_id = loaded(youzan_file(500))

    assert db.session.get_one(Import, import_id).rows_sealed is None


def test_the_rows_of_a_file_lie_sealed():
    import_id = uploaded(csv_file(HEADERS, [[PHONE, "林小满", 10, ""]]))

    sealed = db.session.get_one(Import, import_id).rows_sealed
    assert PHONE not in sealed
    assert "林小满" not in sealed


def test_an_entry_says_where_it_came_from_and_who_brought_it():
    import_id = loaded(csv_file(HEADERS, [[PHONE, "林小满", 10, ""]]))

    entry = db.session.scalars(select(PointsEntry)).one()
    assert (entry.kind, entry.program_account, entry.reference) == (
        "grant",
        "issued",
        f"import:{import_id}:2",
    )
    assert entry.reasons == [{"code": "imported", "params": {"source": "有赞"}}]
    trail = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert trail == ["import.upload", "import.load"]


def test_several_rows_and_several_columns_are_several_lots():
    headers = ("手机", "积分", "到期日", "积分2", "到期日2")
    raw = csv_file(headers, [[PHONE, 100, "2026-12-31", 50, "2027-12-31"], [PHONE, 7, "永久有效", "", ""]])

    loaded(raw)

    assert [points for points, _end in lots_of_phone(PHONE)] == [100, 50, 7]
    assert lots_of_phone(PHONE)[0][1] == datetime(2026, 12, 31, 16, tzinfo=UTC)
    assert lots_of_phone(PHONE)[2][1].year == 9999
    assert balance_of_phone(PHONE) == 157


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([[PHONE, "a", 1, ""], [PHONE, "a", 1, ""]], [(3, "phone", "repeated")]),
        ([[PHONE, "a", 1, ""], [PHONE, "b", 2, ""]], [(3, "phone", "contradicts")]),
        ([["", "a", 1, ""]], [(2, "phone", "phone_missing")]),
        ([["12345678901", "a", 1, ""]], [(2, "phone", "not_a_phone")]),
        ([[PHONE, "=HYPERLINK(1)", 1, ""]], [(2, "name", "formula")]),
        ([[PHONE, "a" * 21, 1, ""]], [(2, "name", "too_long")]),
        ([[PHONE, "a\u202eb", 1, ""]], [(2, "name", "odd_characters")]),
        ([[PHONE, "a", "1.5", ""]], [(2, "points", "not_whole")]),
        ([[PHONE, "a", "1e3", ""]], [(2, "points", "not_whole")]),
        ([[PHONE, "a", "１２", ""]], [(2, "points", "not_whole")]),
        ([[PHONE, "a", "-1", ""]], [(2, "points", "negative")]),
        ([[PHONE, "a", "10000001", ""]], [(2, "points", "too_large")]),
        ([[PHONE, "a", "9223372036854775808", ""]], [(2, "points", "not_whole")]),
        ([[PHONE, "a", 1, "2026-03-01"]], [(2, "expires_on", "already_expired")]),
        ([[PHONE, "a", 1, "2026-02-30"]], [(2, "expires_on", "no_such_day")]),
        ([[PHONE, "a", 1, "31/12/2026"]], [(2, "expires_on", "not_a_day")]),
    ],
)
def test_a_bad_row_is_named_with_its_column(rows, expected):
    import_id = checked(csv_file(HEADERS, rows))

    assert faults(import_id) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_usual_encodings_are_read(encoding):
    loaded(csv_file(HEADERS, [[PHONE, "林小满", 1234, "2027/12/31"]], encoding))

    assert member_of(PHONE).name == "林小满"
    assert lots_of_phone(PHONE) == [(1234, END_OF_2027)]


def test_a_workbook_is_read_like_a_text_file():
    rows = [[int(PHONE), "林小满", 1234.0, datetime(2027, 12, 31)]]  # noqa: DTZ001

    loaded(xlsx_file(HEADERS, rows))

    assert lots_of_phone(PHONE) == [(1234, END_OF_2027)]


def test_points_of_members_who_are_here_are_added_to_theirs():
    make_member(phone=f"+86{PHONE}", points=100, name="我自己")

    loaded(csv_file(HEADERS, [[PHONE, "别的名字", 50, "2027-12-31"]]))

    assert balance_of_phone(PHONE) == 150
    assert member_of(PHONE).name == "我自己"
    assert count(Message, Message.kind == "points_brought") == 1


def test_members_who_are_here_are_left_out_when_the_merchant_says_so():
    make_member(phone=f"+86{PHONE}", points=100)

    import_id = checked(csv_file(HEADERS, [[PHONE, "a", 50, ""]]), existing="refuse")

    assert faults(import_id) == [(2, "phone", "already_member")]
    with pytest.raises(NothingToImport):
        load_import(import_id, staff_id=None, now=MONDAY)


def test_whoever_registers_after_the_check_is_not_counted_twice():
    import_id = checked(csv_file(HEADERS, [[PHONE, "a", 50, ""]]), existing="refuse")
    make_member(phone=f"+86{PHONE}")

    with pytest.raises(ImportChanged):
        load_import(import_id, staff_id=None, now=MONDAY)

    assert count(PointsEntry) == 0
    assert standing(import_id).state == "checked"


def test_all_or_nothing_loads_nothing_while_a_row_is_bad():
    import_id = checked(youzan_file(500), whole_only=True)

    with pytest.raises(ImportHasFaults):
        load_import(import_id, staff_id=None, now=MONDAY)

    assert count(Member) == 0


def test_a_second_load_changes_nothing():
    import_id = loaded(youzan_file(500))

    load_import(import_id, staff_id=None, now=MONDAY)
    again = checked(youzan_file(500))
    with pytest.raises(ImportedBefore):
        load_import(again, staff_id=None, now=MONDAY)

    assert count(PointsEntry) == 497


def test_the_same_file_may_be_meant_again():
    loaded(csv_file(HEADERS, [[PHONE, "a", 50, ""]]))

    loaded(csv_file(HEADERS, [[PHONE, "a", 50, ""]]), is_another=True)

    assert balance_of_phone(PHONE) == 100


def test_ten_loads_at_once_are_one(app):
    import_id = checked(csv_file(HEADERS, [[phone_of(each), "", 5, ""] for each in range(50)]))

    outcomes = run_together([lambda: load_import(import_id, staff_id=None, now=MONDAY)] * 10)

    assert [each.error for each in outcomes if each.error] == []
    assert count(PointsEntry) == 50


def test_what_is_owed_is_filled_first():
    member_id = make_member(phone=f"+86{PHONE}")
    with transaction():
        line = Line("claw_back", "clawed_back", "a-refund")
        entries.claw_back(member_id, 30, line, frozenset(), occasion_at(MONDAY))

    loaded(csv_file(HEADERS, [[PHONE, "", 50, ""]]))

    assert balance_of_phone(PHONE) == 20


def test_columns_are_remembered_for_the_next_file_of_the_same_system():
    raw = csv_file(("卡号", "分"), [[PHONE, 50]])
    first = uploaded(raw)
    assert db.session.get_one(Import, first).columns == ["", ""]
    choose_columns(first, Choice(("phone", "points")), now=MONDAY)

    second = uploaded(raw)

    assert db.session.get_one(Import, second).columns == ["phone", "points"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (("", "points"), ColumnsMissing),
        (("phone", "phone"), InvalidInput),
        (("phone",), InvalidInput),
        (("phone", "state"), InvalidInput),
    ],
)
def test_columns_that_make_no_sense_are_refused(fields, error):
    import_id = uploaded(csv_file(("手机号", "积分"), [[PHONE, 50]]))

    with pytest.raises(error):
        choose_columns(import_id, Choice(fields), now=MONDAY)

    assert standing(import_id).state == "mapping"


def test_tiers_come_by_name_and_growth_follows_them():
    headers = ("手机号", "会员等级", "成长值")
    rows = [[phone_of(1), "没有这一级", ""], [phone_of(2), "", 500_000], [phone_of(3), "sprout", 12]]

    import_id = loaded(csv_file(headers, rows))

    assert faults(import_id) == [(2, "tier", "unknown_tier")]
    assert member_of(phone_of(2)).growth == 500_000
    assert member_of(phone_of(2)).tier_code != "sprout"
    assert (member_of(phone_of(3)).tier_code, member_of(phone_of(3)).growth) == ("sprout", 12)
    assert count(ImportedRow, ImportedRow.growth == 12) == 1
