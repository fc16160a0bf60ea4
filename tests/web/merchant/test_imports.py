"""Imports in the back office: a merchant without script brings a thousand members along."""

import io
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Import, Member, PointsEntry
from shop.services.merchant.imports import work_on_imports
from tests.factories import MONDAY, make_member, make_rulebook
from tests.imports import (
    balance_of_phone,
    csv_file,
    lots_of_phone,
    phone_of,
    send,
    uploaded,
    xlsx_file,
    youzan_file,
)
from tests.walks import Person

PHONE = "13805712046"


@pytest.fixture
def merchant(app, clock, as_staff) -> Person:
    make_rulebook()
    return Person(as_staff("owner"))


def members() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Member)) or 0


def test_a_shop_moves_in_from_another_platform(merchant):
    send(merchant, youzan_file(), source="有赞").reads("对列", "手机号", "积分到期日")
    merchant.press("检查每一行").reads("可以记的行", "997", "有错的行", "3", "会员", "997")
    merchant.reads("19", "手机号", "138****", "不是手机号")
    merchant.reads("402", "积分", "-5", "不能是负数")
    merchant.reads("1001", "积分到期日", "2026-02-30", "没有这一天")
    assert members() == 0

    merchant.press("记进账里").reads("记好了")

    assert members() == 997
    assert balance_of_phone(phone_of(5)) == 6
    assert len(lots_of_phone(phone_of(5))) == 1

    merchant.press("整批撤回").reads("整批撤回了")
    assert db.session.scalar(select(func.count()).where(Member.state == "active")) == 0


def test_a_newcomer_logs_in_by_code_and_sees_what_they_had(merchant, app, client):
    send(merchant, csv_file(("手机号", "姓名", "积分"), [[PHONE, "林小满", 88]]))
    merchant.press("检查每一行").press("记进账里")

    member = Person(client).open("/login/code").press("获取验证码", phone=PHONE)
    assert "6 位验证码" in member.text


def test_the_same_file_is_not_booked_twice(merchant):
    raw = csv_file(("手机号", "积分", "原因"), [[PHONE, 5, "活动"]])
    make_member(phone=f"+86{PHONE}")
    send(merchant, raw, kind="grants").press("检查每一行").press("记进账里").reads("记好了")

    send(merchant, raw, kind="grants").reads("已经记过一遍").press("检查每一行").reads("不会再记第二遍")
    assert not merchant.has_button("记进账里")

    merchant.follow("回去改列").press("检查每一行", is_another="y").press("记进账里").reads("记好了")
    assert balance_of_phone(PHONE) == 10


def test_a_list_with_a_bad_row_gives_nothing(merchant):
    make_member(phone=f"+86{PHONE}")
    raw = csv_file(("手机号", "积分", "原因"), [[PHONE, 5, "活动"], [phone_of(1), 5, "活动"], [PHONE, 6, ""]])

    send(merchant, raw, kind="grants").press("检查每一行").reads("一行都不会记")

    merchant.reads("店里没有这位会员", "没有写原因")
    assert not merchant.has_button("记进账里")


def test_a_large_file_goes_on_in_the_worker_and_can_be_given_up(merchant, clock):
    rows = [[phone_of(number), number] for number in range(1, 2500)]
    send(merchant, csv_file(("手机号", "积分"), rows)).press("检查每一行").reads(
        "正在检查", "2,499 行里做了 0 行"
    )
    path = merchant.path
    fragment = merchant.client.fragment(path).text
    assert 'hx-trigger="every 2s"' in fragment
    assert "<html" not in fragment

    work_on_imports(clock.now)
    merchant.open(path).reads("可以记的行", "2,499").press("记进账里").reads("正在记账")
    work_on_imports(clock.now)
    merchant.open(path).reads("记好了")
    assert "hx-trigger" not in merchant.client.fragment(path).text
    assert members() == 2499

    send(merchant, csv_file(("手机号", "积分"), rows[:2300])).press("检查每一行").press("放弃这份文件")
    assert work_on_imports(clock.now) == 0


def test_the_merchant_can_put_the_columns_right(merchant):
    send(merchant, csv_file(("卡号", "数"), [[PHONE, 5]]))
    merchant.press("检查每一行").reads("还有必须的列没有指定")

    merchant.press("检查每一行", **{"columns-0": "phone", "columns-1": "phone"}).reads(
        "有两列都选了「手机号」"
    )
    merchant.press("检查每一行", **{"columns-0": "phone", "columns-1": "points"}).reads("可以记的行", "1")


def test_the_report_can_be_downloaded_and_runs_no_formula(merchant):
    rows = [["=1+1", 5], ["1380000", 5]]
    send(merchant, csv_file(("手机号", "积分"), rows)).press("检查每一行")

    answer = merchant.client.get(f"{merchant.path}/faults.csv")

    lines = answer.text.splitlines()
    assert answer.mimetype == "text/csv"
    assert lines[1].startswith("2,手机号,'=")
    assert lines[2] == "3,手机号,138****,不是手机号"


BOMB = io.BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr("xl/worksheets/sheet1.xml", b"0" * 160 * 1024 * 1024)
ENTITIES = io.BytesIO()
with zipfile.ZipFile(ENTITIES, "w") as archive:
    archive.writestr("[Content_Types].xml", '<!DOCTYPE x [<!ENTITY a "b">]><Types/>')


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "这个文件是空的"),
        (b"phone\x00,points\r\n1,2\r\n", "读不出表格来"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "读不出表格来"),
        (b"PK\x03\x04" + b"x" * 99, "读不出表格来"),
        (b"\xff\xfe\x00\xd8" * 20 + b"\x81", "读不出表格来"),
        (b"\x81\x30\xff\xff,a\r\n1,2\r\n", "文字编码认不出来"),
        ("手机号,积分\r\n".encode(), "一行内容也没有"),
        (csv_file((PHONE, "5"), [[PHONE, 5]]), "第一行要是列名"),
        (b'"a\r\n' + b"x" * 200_000, "读不出表格来"),
        (",".join(f"c{place}" for place in range(61)).encode() + b"\r\n1\r\n", "最多 60 列"),
        (b"phone\r\n" + b"1\r\n" * 50_001, "一次最多 50,000 行"),
        (BOMB.getvalue(), "文件太大了"),
        (ENTITIES.getvalue(), "读不出表格来"),
        (xlsx_file(("手机号",), []), "一行内容也没有"),
    ],
    ids=[
        "empty",
        "zero byte",
        "old Excel",
        "no archive",
        "UTF-16",
        "no encoding",
        "no rows",
        "no headers",
        "open quote",
        "wide",
        "long",
        "zip bomb",
        "entities",
        "empty workbook",
    ],
)
def test_a_hostile_file_is_refused_in_words(merchant, raw, words):
    send(merchant, raw).reads(words)

    assert merchant.answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Import)) == 0


def test_fifty_megabytes_never_reach_the_shop(merchant):
    answer = merchant.client.post(
        "/merchant/imports",
        input_stream=BytesIO(b"--x\r\n"),
        environ_overrides={"CONTENT_LENGTH": str(50 * 1024 * 1024)},
        content_type="multipart/form-data; boundary=x",
    )

    assert answer.status_code == 413


@pytest.mark.parametrize("role", ["support", "cashier"])
def test_only_owners_and_editors_bring_files_along(app, as_staff, role):
    make_rulebook()
    import_id = uploaded(csv_file(("手机号",), [[PHONE]]))

    client = as_staff(role)

    assert client.get("/merchant/imports").status_code == 403
    assert client.post(f"/merchant/imports/{import_id}/loading").status_code == 403


def test_a_load_sent_twice_books_once(merchant):
    send(merchant, csv_file(("手机号", "积分"), [[PHONE, 5]])).press("检查每一行")
    form = {"idempotency_key": "a-key-of-the-page"}

    first = merchant.client.post(f"{merchant.path}/loading", data=form)
    second = merchant.client.post(f"{merchant.path}/loading", data=form)

    assert (first.status_code, second.status_code) == (303, 303)
    assert db.session.scalar(select(func.count()).select_from(PointsEntry)) == 1


def test_after_a_day_there_is_no_button_to_take_it_back(merchant, clock):
    send(merchant, csv_file(("手机号", "积分"), [[PHONE, 5]])).press("检查每一行").press("记进账里")
    assert merchant.has_button("整批撤回")

    clock.stand_at(MONDAY + timedelta(hours=24, seconds=1))
    again = Person(merchant.client).open(merchant.path)

    assert not again.has_button("整批撤回")


def test_fragments_of_long_reports_go_on(merchant):
    rows = [[f"1380{number}", 5] for number in range(150)]
    send(merchant, csv_file(("手机号", "积分"), rows)).press("检查每一行")
    more = next(href for href, _words in merchant.links if "after=" in href)

    rest = merchant.client.fragment(more).text

    assert rest.count("<tr") == 50
    assert "<html" not in rest
