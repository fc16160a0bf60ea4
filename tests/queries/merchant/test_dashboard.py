"""Every figure of the board is true of the entries, however it is asked for."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event, text

from shop.books.points import entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.queries.merchant.dashboard import best_goods, desk, figures
from shop.services.points.adjusting import adjust_points
from shop.transaction import transaction
from tests.factories import MONDAY, give_points, make_member, make_product

TODAY = date(2026, 3, 2)


def spend(member_id, points, now, reference):
    with transaction():
        line = Line("redeem", "redeemed", reference)
        return entries.redeem(member_id, points, line, occasion_at(now))


def restore(member_id, entry_id, points, now, reference):
    with transaction():
        line = Line("restore", "redeemed", reference, corrects_entry_id=entry_id)
        entries.restore(member_id, points, line, entry_id, occasion_at(now))


def a_month_of_points():
    """Three members who get, use, get back and are given points by hand over forty days."""
    for number in range(3):
        joined = MONDAY - timedelta(days=45)
        member_id = make_member(now=joined)
        for days in range(40, -1, -4):
            now = MONDAY - timedelta(days=days + number)
            source = ("purchase", "interaction", "draw")[days // 4 % 3]
            give_points(member_id, 37 * (number + 1) + days, now=now, source_class=source)
        spend(member_id, 50 + number, MONDAY - timedelta(days=9), f"test-spend:{number}:a")
        spend(member_id, 20, MONDAY - timedelta(days=2), f"test-spend:{number}:b")
        adjust_points(member_id, -7, reason="多给了", staff_id=None, key=f"key-{number:08}", now=MONDAY)


def summed(condition, first, last):
    statement = text(
        f"SELECT coalesce(sum(points), 0) FROM points_entries WHERE {condition} AND shop_day BETWEEN :first AND :last"
    )
    return int(db.session.scalar(statement, {"first": first.isoformat(), "last": last.isoformat()}))


@pytest.mark.parametrize("days", [1, 7, 30])
def test_figures_equal_the_sums_of_the_entries(app, days):
    a_month_of_points()
    first = TODAY - timedelta(days=days - 1)

    seen = figures(days, TODAY, MONDAY)

    assert seen.issued_points == summed("kind IN ('earn', 'grant')", first, TODAY)
    assert seen.used_points == -summed("kind IN ('redeem', 'restore')", first, TODAY)
    assert seen.adjusted_points == summed("kind = 'adjust'", first, TODAY) == -21
    assert seen.outstanding_points == summed("1 = 1", date(2000, 1, 1), TODAY)
    assert sum(day.issued_points for day in seen.days) == seen.issued_points
    assert sum(day.used_points for day in seen.days) == seen.used_points
    assert sum(source.points for source in seen.sources) == seen.issued_points
    assert [day.day for day in seen.days] == [first + timedelta(days=number) for number in range(days)]
    before = first - timedelta(days=days)
    assert seen.issued_points_before == summed("kind IN ('earn', 'grant')", before, first - timedelta(days=1))


def test_what_lapses_is_counted_in_the_month_of_its_last_day(app):
    member_id = make_member()
    give_points(member_id, 100, now=MONDAY, source_class="purchase")  # to the end of 2027
    give_points(member_id, 30, now=MONDAY - timedelta(days=70), source_class="interaction")  # 90 days

    seen = figures(30, TODAY, MONDAY)

    assert (seen.expiring_points, seen.expiring_members) == (30, 1)
    assert seen.months[0] == (date(2026, 3, 1), 30)
    assert [points for _month, points in seen.months[1:]] == [0] * 5


def test_an_empty_shop_has_figures_too(app):
    seen = figures(30, TODAY, MONDAY)

    assert (seen.issued_points, seen.used_permille, seen.issued_change_percent) == (0, None, None)
    assert best_goods(30, TODAY) == []
    assert desk().is_clear


def test_the_desk_tells_what_runs_out(app):
    make_product(title="棒球帽", on_hand=0)
    make_product(title="手提包", on_hand=5)

    seen = desk()

    assert [good.title for good in seen.low_stock] == ["棒球帽"]
    assert seen.low_stock_total == 1
    assert not seen.is_clear


def test_the_board_takes_as_many_statements_for_a_month_as_for_a_day(app):
    a_month_of_points()
    figures(1, TODAY, MONDAY)

    counts = [count_statements(lambda days=days: figures(days, TODAY, MONDAY)) for days in (1, 30)]

    assert counts == [8, 8]


def count_statements(function):
    seen = []

    def listen(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        function()
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    return len(seen)
