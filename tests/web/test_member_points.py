"""The points history in a browser: pages, fragments, and whose entries they are."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.rules.points.earning import purchase_awards
from shop.services.points.adjusting import adjust_points
from shop.transaction import transaction
from tests.factories import MONDAY, give_points, make_member, make_staff


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)


def buy(member_id, cents=12600, tier="branch"):
    """The awards of a purchase, as the ledger keeps them.  Returns the entries."""
    occasion = occasion_at(MONDAY)
    awards = purchase_awards(
        paid_goods_cents=cents, shipping_cents=0, tier_code=tier, rulebook=occasion.rulebook
    )
    with transaction():
        return [
            entries.earn(member_id, award.points, Line("earn", "issued", f"award:{cents}:{place}", award.reasons,
                                                       source_class=award.source_class), occasion)
            for place, award in enumerate(awards.awards)
        ]  # fmt: skip


def spend(member_id, points, reference="gift"):
    with transaction():
        return entries.redeem(member_id, points, Line("redeem", "redeemed", reference), occasion_at(MONDAY))


def test_the_history_shows_what_came_what_went_and_what_lapses(as_member):
    member_id = make_member(points=500)
    buy(member_id)
    spend(member_id, 100)

    page = as_member(member_id).get("/member/points").text

    assert "551" in page
    assert "下单得积分" in page
    assert "青枝会员多得" in page
    assert "2026\u00a0年 3\u00a0月" in page
    assert "2027 年 12\u00a0月 31\u00a0日 到期" in page


def test_an_entry_explains_its_arithmetic(as_member):
    member_id = make_member()
    base, bonus = buy(member_id)
    client = as_member(member_id)

    first, second = (client.get(f"/member/points/{entry}").text for entry in (base, bonus))

    assert "每 1 元得 1 分" in first
    assert "¥126.00" in first
    assert "青枝会员 1.2 倍" in second
    assert "126 × 0.2 = 25.2，去掉小数" in second
    assert "第 1 版" in second


def test_an_entry_tells_where_its_points_came_from_and_went(as_member):
    member_id = make_member()
    brought = give_points(member_id, 300)
    spent = spend(member_id, 120)
    client = as_member(member_id)

    assert f"/member/points/{spent}" in client.get(f"/member/points/{brought}").text
    page = client.get(f"/member/points/{spent}").text
    assert f"/member/points/{brought}" in page
    assert "−120" in page


def test_a_reason_typed_by_a_merchant_is_shown_as_text(as_member):
    member_id = make_member()
    done = adjust_points(member_id, 5, reason="<b>100% %(x)s</b>", staff_id=make_staff(), key="k", now=MONDAY)

    page = as_member(member_id).get(f"/member/points/{done.entry_id}").text

    assert "&lt;b&gt;100% %(x)s&lt;/b&gt;" in page


def test_the_entry_of_another_member_does_not_exist(as_member):
    entry = give_points(make_member(), 10)
    client = as_member(make_member())

    assert client.get(f"/member/points/{entry}").status_code == 404
    assert client.fragment(f"/member/points/{entry}").status_code == 404
    assert client.get(f"/member/points/{2**70}").status_code == 404


def test_a_guest_is_sent_to_the_login(client):
    make_member()
    assert client.get("/member/points").status_code == 303
    assert client.get("/member/points/1").status_code == 303
    assert client.get("/member/tier").status_code == 303


def test_htmx_gets_the_sheet_and_a_browser_without_script_a_page(as_member):
    member_id = make_member()
    entry = give_points(member_id, 10)
    client = as_member(member_id)

    sheet, page = client.fragment(f"/member/points/{entry}").text, client.get(f"/member/points/{entry}").text

    assert "<html" not in sheet
    assert "<dialog" in sheet
    assert "<html" in page
    assert "<dialog" not in page


def test_a_long_history_goes_on_page_by_page_without_gap_or_repeat(as_member):
    member_id = make_member()
    given = [give_points(member_id, number) for number in range(1, 46)]
    client = as_member(member_id)

    seen, path = [], "/member/points"
    while path:
        answer = client.fragment(path)
        seen += [int(part.split('"')[0]) for part in answer.text.split('href="/member/points/')[1:]]
        path = answer.text.partition('more-sentinel" hx-get="')[2].partition('"')[0].replace("&amp;", "&")

    assert seen == given[::-1]


@pytest.mark.parametrize(
    ("kind", "title"), [("earned", "店家送的积分"), ("used", "用掉积分"), ("expired", "这里还是空的")]
)
def test_the_filter_shows_one_kind(as_member, kind, title):
    member_id = make_member(points=100)
    spend(member_id, 10)

    part = as_member(member_id).fragment(f"/member/points?kind={kind}").text

    assert 'id="points-entries"' in part
    assert title in part
    assert ("店家送的积分" in part) + ("用掉积分" in part) <= 1


@pytest.mark.parametrize(
    "query", ["after=-1", "after=0", f"after={2**63}", "after=x", "kind=%00", "kind=all&kind=used"]
)
def test_odd_questions_get_the_first_page(as_member, query):
    assert as_member(make_member(points=5)).get(f"/member/points?{query}").status_code == 200


def test_a_page_asks_the_database_as_often_however_long_the_history_is(as_member):
    member_id = make_member()
    give_points(member_id, 1)
    client = as_member(member_id)
    few = statements_of(client, "/member/points")
    for days in range(15):
        give_points(member_id, 1, source_class="interaction", now=MONDAY - timedelta(days=days))

    assert statements_of(client, "/member/points") == few <= 7


def statements_of(client, path) -> int:
    count = 0

    def add(*_arguments):
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", add)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", add)
    return count


def test_the_tier_page_tells_what_is_missing(as_member):
    member_id = make_member(growth=1620, tier_code="branch")

    page = as_member(member_id).get("/member/tier").text

    assert "还差 380" in page
    assert "1,620 / 2,000" in page
