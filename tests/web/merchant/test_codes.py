"""Batches of printed codes, from the form to the figures."""

import csv
import io

from shop.queries.points.codes import batch_lines
from tests.factories import MONDAY, ensure_rulebook, make_member
from tests.printed_codes import printed_batch
from tests.walks import Person

WISH = {"name": "秋日礼卡", "points": "50", "pieces": "3", "length": "12", "last_on": "2026-03-31"}


def test_a_batch_is_planned_handed_out_and_used(app, clock, as_staff, as_member):
    ensure_rulebook()
    editor = as_staff("editor")
    person = Person(editor).open("/merchant/codes").follow("做一批").press("定下这一批", **WISH)
    assert "只能下载一次" in person.text

    batch = batch_lines(MONDAY)[0]
    file = editor.post(f"/merchant/codes/{batch.id}/export")

    assert file.headers["Content-Disposition"] == f'attachment; filename="codes-{batch.id}.csv"'
    assert file.headers["Cache-Control"] == "no-store"
    head, *rows = csv.reader(io.StringIO(file.text.removeprefix("\ufeff")))
    assert head == ["积分码", "链接（印成二维码）", "积分", "最后一天"]
    assert len(rows) == 3
    code, url, points, last_on = rows[0]
    assert (points, last_on) == ("50", "2026-03-31")
    assert url.endswith("/codes?code=" + code.replace("-", ""))
    member = Person(as_member(make_member())).open("/codes").press("换成积分", code=code)
    assert "拾到 50 积分" in member.text
    person.open(f"/merchant/codes/{batch.id}")
    assert "一共 3 张" in person.text
    assert "林小满" in person.text
    assert "下载 3 张码" not in person.text


def test_a_second_download_is_refused_with_what_to_do(app, clock, as_staff):
    batch, _codes = printed_batch()
    person = Person(as_staff("owner")).open(f"/merchant/codes/{batch}")

    answer = person.client.post(f"/merchant/codes/{batch}/export")

    assert answer.status_code == 303
    assert "已经下载过了" in person.open(f"/merchant/codes/{batch}").text


def test_a_stopped_batch_says_what_lapsed(app, clock, as_staff):
    batch, _codes = printed_batch()

    person = Person(as_staff("owner")).open(f"/merchant/codes/{batch}").press("停掉没用过的 3 张")

    assert "停掉了" in person.text
    assert batch_lines(MONDAY)[0].lapsed == 3


def test_what_cannot_be_meant_is_said_at_its_field(app, clock, as_staff):
    person = Person(as_staff("owner")).open("/merchant/codes/new")

    person.press("定下这一批", **{**WISH, "pieces": "10001", "last_on": "2026-03-01", "length": "8"})

    assert "要在 1 到 10000 之间" in person.text
    assert "要在 12 到 24 之间" in person.text
    person.press("定下这一批", **{**WISH, "last_on": "2026-03-01"})
    assert "这一天已经过了" in person.text
    assert batch_lines(MONDAY) == ()
