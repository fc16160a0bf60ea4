"""More points than one person may give alone, and more rows than one may wait for."""

from dataclasses import replace

import pytest

from shop.errors import ImportNeedsAnother
from shop.extensions import db
from shop.models import Import
from shop.services.merchant.imports import (
    Choice,
    Upload,
    cancel_import,
    choose_columns,
    load_import,
    upload_file,
    work_on_imports,
)
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff
from tests.imports import balance_of_phone, csv_file, phone_of, standing

PHONE = "13805712046"
MANY = 2001


def brought(raw: bytes, kind: str, staff_id: int) -> int:
    """A file that somebody has uploaded and had checked."""
    import_id = upload_file(Upload(kind, raw, "a.csv"), staff_id=staff_id, now=MONDAY)
    fields = tuple(db.session.get_one(Import, import_id).columns)
    choose_columns(import_id, Choice(fields), now=MONDAY)
    return import_id


@pytest.mark.parametrize("kind", ["grants", "members"])
def test_above_the_limit_another_person_books_what_one_has_brought(app, kind):
    publishing = replace(AT_ONCE.publishing, adjustments_second_person_above=100)
    make_rulebook(replace(AT_ONCE, publishing=publishing))
    make_member(phone=f"+86{PHONE}")
    one, other = make_staff(), make_staff()
    rows = [[PHONE, 60, "回访"], [PHONE, 41, "道歉"]]
    headers = ("手机号", "积分", "原因" if kind == "grants" else "备注")
    import_id = brought(csv_file(headers, rows), kind, one)

    with pytest.raises(ImportNeedsAnother):
        load_import(import_id, staff_id=one, now=MONDAY)
    assert balance_of_phone(PHONE) == 0

    load_import(import_id, staff_id=other, now=MONDAY)
    assert balance_of_phone(PHONE) == 101


def test_up_to_the_limit_one_person_is_enough(app):
    publishing = replace(AT_ONCE.publishing, adjustments_second_person_above=100)
    make_rulebook(replace(AT_ONCE, publishing=publishing))
    one = make_staff()
    import_id = brought(csv_file(("手机号", "积分"), [[PHONE, 100]]), "members", one)

    load_import(import_id, staff_id=one, now=MONDAY)

    assert balance_of_phone(PHONE) == 100


def test_a_large_file_is_loaded_by_the_worker_and_a_second_worker_does_nothing(app):
    make_rulebook()
    rows = [[phone_of(number), 1] for number in range(MANY)]
    import_id = brought(csv_file(("手机号", "积分"), rows), "members", make_staff())
    assert standing(import_id).state == "checking"

    assert (work_on_imports(MONDAY), work_on_imports(MONDAY)) == (1, 0)
    load_import(import_id, staff_id=None, now=MONDAY)
    load_import(import_id, staff_id=None, now=MONDAY)
    assert (work_on_imports(MONDAY), work_on_imports(MONDAY)) == (1, 0)

    assert standing(import_id).state == "loaded"
    assert standing(import_id).points_total == MANY


def test_the_worker_books_nothing_when_the_report_is_no_longer_true(app):
    make_rulebook()
    rows = [[phone_of(number), 1] for number in range(MANY)]
    import_id = upload_file(
        Upload("members", csv_file(("手机号", "积分"), rows), "a.csv"), staff_id=None, now=MONDAY
    )
    choose_columns(import_id, Choice(("phone", "points"), existing="refuse"), now=MONDAY)
    work_on_imports(MONDAY)
    load_import(import_id, staff_id=None, now=MONDAY)
    make_member(phone=f"+86{phone_of(7)}")

    work_on_imports(MONDAY)

    assert (standing(import_id).state, standing(import_id).refusal) == ("checked", "import_changed")
    assert balance_of_phone(phone_of(7)) == 0


def test_what_is_given_up_while_the_worker_has_not_come_is_not_loaded(app):
    make_rulebook()
    rows = [[phone_of(number), 1] for number in range(MANY)]
    import_id = brought(csv_file(("手机号", "积分"), rows), "members", make_staff())
    work_on_imports(MONDAY)
    load_import(import_id, staff_id=None, now=MONDAY)

    cancel_import(import_id, staff_id=None, now=MONDAY)

    assert work_on_imports(MONDAY) == 0
    assert standing(import_id).state == "cancelled"
