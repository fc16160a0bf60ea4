"""A till's purchases come in a file: looked at, booked like at the counter, and taken back whole."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.books.import_rows import sealed_rows
from shop.errors import ImportTouched
from shop.extensions import db
from shop.models import AuditEntry, Import, Member, Purchase, PurchaseRefund, RuleUse
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import PointsEffect, Times
from shop.services.merchant.imports import undo_import, work_on_imports
from shop.services.points.adjusting import adjust_points
from shop.services.points.simulating import replay_live
from tests.factories import MONDAY, make_member, make_staff, make_store
from tests.imports import checked, csv_file, faults, phone_of, send
from tests.services.points.tills import rule, rules
from tests.walks import Person

HEADERS = ("手机号", "实付金额", "小票号", "消费时间", "门店")
PHONE = "13805712046"
FIRST = [PHONE, "126.90", "T1-1", "2026-03-01 14:30", "湖滨店"]
SECOND = ["#1", "73.10", "T1-2", "2026-03-01 18:05", ""]


@pytest.fixture
def merchant(app, clock, as_staff) -> Person:
    clock.stand_at(MONDAY)
    rules(rule("first", PointsEffect(points=30), times=Times(count=1, per="ever"), budget_points=1000))
    make_store(name="湖滨店")
    return Person(as_staff("owner"))


def load(merchant, *rows):
    send(merchant, csv_file(HEADERS, rows), kind="purchases", name="消费.csv").press("检查每一行")
    return merchant.press("记进账里")


def purchases():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Purchase)) or 0


def available(member_id):
    db.session.rollback()
    return balance_of(member_id, MONDAY).available


def test_a_file_is_looked_at_and_booked_like_at_the_counter(merchant):
    member_id = make_member(phone=f"+86{PHONE}")
    send(merchant, csv_file(HEADERS, [FIRST, SECOND]), kind="purchases", source="收银机").reads(
        "对列", "小票号"
    )
    merchant.press("检查每一行").reads("可以记的行", "2", "消费合计", "¥200.00", "记下 2 笔")
    assert purchases() == 0

    merchant.press("记进账里").reads("记好了", "得了 229 积分")

    assert available(member_id) == 126 + 73 + 30
    first = db.session.get_one(Purchase, 1)
    assert (first.external_id, first.channel, first.source) == ("1:2026-03-01:T1-1", "store", "store")
    merchant.open("/merchant/purchases?store=1").reads("T1-1", "¥126.90")
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-2:] == ["import.upload", "purchase.record_file"]
    assert replay_live(30, MONDAY + timedelta(hours=1)).figures.balances[member_id] == available(member_id)


def test_a_bad_row_refuses_the_file_and_is_named(merchant):
    make_member(phone=f"+86{PHONE}")
    rows = [FIRST, [phone_of(9), "5", "A", "2026-03-01 10:00", ""], [PHONE, "5", "B", "2026-03-01", "西湖店"]]

    send(merchant, csv_file(HEADERS, rows), kind="purchases").press("检查每一行")

    merchant.reads("有错的行", "2", "一行都不会记", "店里没有这位会员", "写到几点几分", "没有这家门店")
    assert not merchant.has_button("记进账里")


def test_a_receipt_of_the_counter_is_known_to_the_file(merchant):
    make_member(phone=f"+86{PHONE}")
    load(merchant, FIRST).reads("记好了")

    send(merchant, csv_file(HEADERS, [FIRST, SECOND]), kind="purchases").press("检查每一行")

    merchant.reads("这家店这天已经记过这个小票号")
    assert purchases() == 1


def test_taken_back_whole_it_may_come_again(merchant):
    member_id = make_member(phone=f"+86{PHONE}")
    load(merchant, FIRST, SECOND).press("整批撤回").reads("整批撤回了", "小票号可以再记")

    assert available(member_id) == 0
    assert db.session.scalar(select(func.count()).select_from(PurchaseRefund)) == 2
    assert db.session.scalar(select(func.count()).select_from(RuleUse)) == 0
    assert db.session.get_one(Member, member_id).growth == 0
    right = [PHONE, "120", *FIRST[2:]]
    load(merchant, right).reads("得了 150 积分")
    assert available(member_id) == 150
    merchant.open("/merchant/purchases?store=1").reads("T1-1")
    assert "~" not in merchant.text


def test_points_that_were_used_keep_it(merchant):
    member_id = make_member(phone=f"+86{PHONE}")
    load(merchant, FIRST)
    adjust_points(member_id, -10, reason="用掉", staff_id=make_staff(), key="spent", now=MONDAY)

    merchant.press("整批撤回")
    with pytest.raises(ImportTouched):
        undo_import(1, staff_id=None, now=MONDAY)

    merchant.open("/merchant/imports/1").reads("记好了")
    assert available(member_id) == 126 + 30 - 10


def test_an_undoing_that_was_cut_short_is_finished_by_a_repeat(merchant):
    member_id = make_member(phone=f"+86{PHONE}")
    load(merchant, FIRST, SECOND)
    db.session.execute(db.text("update imports set state = 'undone'"))
    db.session.commit()

    for _time in range(2):
        undo_import(1, staff_id=None, now=MONDAY)

    assert available(member_id) == 0
    assert db.session.scalar(select(func.count()).select_from(PurchaseRefund)) == 2


def many_rows(count):
    return [[PHONE, "10", f"R{number}", "2026-03-01 10:00", ""] for number in range(count)]


def test_a_long_file_goes_on_in_the_worker_and_cannot_be_given_up_half_way(merchant):
    member_id = make_member(phone=f"+86{PHONE}")
    load(merchant, *many_rows(110)).reads("正在记账", "110 行里做了 0 行")
    assert not merchant.has_button("放弃这份文件")
    path = merchant.path
    cancelled = merchant.client.post(f"{path}/cancellation", data={})
    assert cancelled.status_code in (303, 409)

    work_on_imports(MONDAY)

    merchant.open(path).reads("记好了", "得了 1,130 积分")
    assert available(member_id) == 1130


def test_a_worker_that_died_goes_on_where_it_was(merchant):
    """Half of the file is booked; meanwhile somebody typed one of the others at the counter."""
    member_id = make_member(phone=f"+86{PHONE}")
    import_id = checked(csv_file(HEADERS, many_rows(2)), kind="purchases")
    merchant.open(f"/merchant/imports/{import_id}").press("记进账里").reads("记好了")
    db.session.execute(db.text("delete from imported_rows where row > 2"))
    db.session.execute(db.text("update imports set state = 'loading', loaded_at = null, rows_done = 1"))
    db.session.execute(db.text("update imports set rows_sealed = :rows"), {"rows": sealed(many_rows(2))})
    db.session.commit()

    work_on_imports(MONDAY)

    standing = db.session.get_one(Import, import_id)
    assert (standing.state, standing.rows_good, standing.rows_bad) == ("loaded", 1, 1)
    assert purchases() == 2
    assert available(member_id) == 50
    assert faults(import_id) == [(3, "receipt", "receipt_known")]


def sealed(rows):
    return sealed_rows([[str(cell) for cell in row] for row in rows])
