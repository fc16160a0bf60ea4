"""Files at the command line: a check books nothing, a bad row refuses all, the same file counts once."""

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Import, Member, PointsEntry, Purchase
from tests.factories import make_member, make_rulebook
from tests.imports import balance_of_phone, csv_file, phone_of, youzan_file

PHONE = "13805712046"


@pytest.fixture
def run(app, clock, tmp_path):
    make_rulebook()

    def invoke(*command: str, raw: bytes, options: tuple[str, ...] = ()):
        file = tmp_path / "file.csv"
        file.write_bytes(raw)
        return app.test_cli_runner().invoke(args=[*command, str(file), *options])

    return invoke


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_check_names_every_bad_row_and_books_nothing(run):
    result = run("members", "import", raw=youzan_file(), options=("--check",))

    assert result.exit_code == 1
    assert "row 19, 手机号 '138****'" in result.output
    assert "997 good rows, 3 bad rows" in result.output
    assert count(Member) == 0
    assert db.session.scalars(select(Import.state)).all() == ["cancelled"]


def test_a_bad_row_refuses_the_file_unless_it_may_be_left_out(run):
    refused = run("members", "import", raw=youzan_file())
    assert refused.exit_code == 1
    assert count(Member) == 0

    booked = run("members", "import", raw=youzan_file(), options=("--skip-bad-rows",))

    assert booked.exit_code == 0
    assert "booked: 997 rows, 997 members" in booked.output
    assert count(Member) == 997


def test_five_thousand_members_need_no_worker(run):
    rows = [[phone_of(number), number] for number in range(1, 5001)]

    result = run("members", "import", raw=csv_file(("phone", "points"), rows))

    assert result.exit_code == 0
    assert count(PointsEntry) == 5000


def test_a_list_gives_points_once(run):
    make_member(phone=f"+86{PHONE}")
    raw = csv_file(
        ("phone", "points", "reason", "class"), [[PHONE, 50, "回访", "interaction"], [PHONE, 5, "道歉", ""]]
    )

    first = run("points", "grant", raw=raw)
    second = run("points", "grant", raw=raw)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "booked before" in second.output
    assert balance_of_phone(PHONE) == 55

    run("points", "grant", raw=raw, options=("--again",))
    assert balance_of_phone(PHONE) == 110
    classes = db.session.scalars(select(PointsEntry.source_class).order_by(PointsEntry.id)).all()
    assert classes == ["interaction", "grant"] * 2


def test_a_list_with_a_bad_row_gives_nothing(run):
    make_member(phone=f"+86{PHONE}")
    rows = [[PHONE, 50, "回访"], [phone_of(7), 5, "道歉"], [PHONE, 0, "零"], [PHONE, 9, ""]]

    result = run("points", "grant", raw=csv_file(("phone", "points", "reason"), rows))

    assert result.exit_code == 1
    assert all(f"row {number}," in result.output for number in (3, 4, 5))
    assert count(PointsEntry) == 0


def test_what_is_no_table_is_refused(run):
    result = run("points", "grant", raw=b"\x00\x01")

    assert result.exit_code == 1
    assert count(Import) == 0


def test_purchases_of_a_till_are_recorded_or_named(run):
    make_member(phone=f"+86{PHONE}")
    headers = ("手机号", "实付金额", "小票号", "消费时间")
    good = [PHONE, "12.50", "T1", "2026-03-01 10:00"]

    refused = run("purchases", "import", raw=csv_file(headers, [good, [PHONE, "x", "T2", good[3]]]))
    assert (refused.exit_code, count(Purchase)) == (1, 0)
    assert "row 3, 实付金额 'x'" in refused.output
    recorded = run("purchases", "import", raw=csv_file(headers, [good]))

    assert recorded.exit_code == 0
    assert "booked: 1 rows, 1 members, 12 points" in recorded.output
