"""The demo shop: loaded once, after a load that was killed in the middle; true in every figure; loaded only once."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, func, select

from shop import create_app
from shop.clock import now, shop_day
from shop.config import read_settings
from shop.demo.loading import standing
from shop.extensions import db
from shop.models import Member, Staff
from shop.queries.merchant.dashboard.figures import figures
from shop.queries.points.ledger import check_everything
from tests.databases import quick_folder
from tests.demo_shop import KILLED_AT_MEMBERS, Demo, count, demo_in, kill_load
from tests.servers import run_command

pytestmark = pytest.mark.demo


@pytest.fixture(scope="module")
def demo(shop_environment: dict[str, str], demo_shared: Path) -> Iterator[Demo]:
    """The demo in an SQLite file of its own."""
    folder = quick_folder()
    yield demo_in(folder, demo_shared, shop_environment)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def demo_app(demo: Demo) -> Iterator[Flask]:
    app = create_app(read_settings(demo.environment), TESTING=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_killed_load_leaves_an_empty_shop(demo):
    assert demo.members_after_kill == 0
    assert count(demo.database, "members") > 0
    assert not demo.database.with_name("shop.db.demo").exists()


def test_demo_is_as_large_as_promised(demo):
    assert count(demo.database, "products where state = 'on_sale'") >= 60
    assert count(demo.database, "members") >= 200
    assert count(demo.database, "categories") == 12
    assert count(demo.database, "stores") == 3
    assert count(demo.database, "staff") == 4
    assert count(demo.database, "draws where state = 'open'") == 1
    assert count(demo.database, "gifts where state = 'on'") == 1
    assert count(demo.database, "order_lines where gift_id is not null") > 0
    assert count(demo.database, "points_codes where used_at is not null") == 9


def test_orders_stand_in_every_state_and_nothing_waits(demo):
    for state in ("paid", "shipped", "received", "closed"):
        assert count(demo.database, f"orders where state = '{state}'") > 0
    assert count(demo.database, "outbox_events where state <> 'done'") == 0
    assert count(demo.database, "refunds where cash_state = 'queued'") == 0


def test_books_of_the_demo_balance(demo_app):
    findings = check_everything()
    db.session.rollback()

    assert [finding.name for finding in findings if finding.offenders] == []
    assert sum(each.rows_checked for each in findings) > 10_000


def test_dashboard_figures_are_those_of_the_entries(demo, demo_app):
    with demo_app.app_context():
        moment = now()
        today = shop_day(moment)
        shown = figures(30, today, moment)
        db.session.rollback()

    def points(kinds: str) -> int:
        with closing(sqlite3.connect(demo.database)) as connection:
            rows = connection.execute(
                f"select coalesce(sum(points), 0) from points_entries where kind in ({kinds}) and shop_day >= ?",
                (shown.first.isoformat(),),
            )
            return int(rows.fetchone()[0])

    assert shown.issued_points == points("'earn', 'grant'") > 0
    assert shown.used_points == -points("'redeem', 'restore'") > 0
    assert shown.expired_points == -points("'expire'")
    assert shown.sign_ins == count(demo.database, f"signins where day >= '{shown.first}'") > 0
    assert shown.draws == count(demo.database, f"draw_attempts where day >= '{shown.first}'") > 0


def test_first_member_has_something_to_see(demo):
    mine = "in (select id from members where phone_last4 = '0001' and name = '林小满')"
    with closing(sqlite3.connect(demo.database)) as connection:
        states = {
            row[0]
            for row in connection.execute(f"select state from orders where member_id {mine}").fetchall()
        }
        codes = connection.execute(
            f"select count(*) from orders where state = 'paid' and pickup_code is not null and member_id {mine}"
        ).fetchone()[0]
        streak, balance = connection.execute(
            "select max(s.streak), a.balance_points from signins s join points_accounts a using (member_id) "
            f"where s.member_id {mine} and s.day > date('now', '-3 days')"
        ).fetchone()
    assert states == {"paid", "shipped", "received", "closed"}
    assert (codes, streak, balance) == (1, 14, 2460)


def test_second_load_changes_nothing(demo):
    before = demo.database.read_bytes()

    printed = run_command("demo", "load", "--if-empty", environment=demo.environment)
    again = run_command("demo", "load", environment=demo.environment)

    assert "loaded in" in demo.printed
    assert "loaded in" not in printed + again
    assert "13800000001" in again
    assert demo.database.read_bytes() == before


def test_production_refuses_the_demo(demo):
    production = {**demo.environment, "SHOP_ENV": "production", "SHOP_URL": "https://mall.example.com"}

    with pytest.raises(RuntimeError) as refusal:
        run_command("demo", "load", environment=production)

    assert "ended with 1" in str(refusal.value)
    assert "the demo is not for production" in str(refusal.value)
    assert "Traceback" not in str(refusal.value)


@pytest.mark.only_on("postgresql")  # on SQLite a killed load leaves nothing: the tests above
def test_load_after_a_killed_one_starts_again(app, live_environment):
    def seen(column: ColumnElement[int]) -> int:
        number = db.session.scalar(select(func.coalesce(column, 0))) or 0
        db.session.rollback()
        return number

    kill_load(live_environment, when=lambda: seen(func.count(Member.id)) >= KILLED_AT_MEMBERS)
    half = seen(func.count(Member.id))
    assert standing().is_empty

    kill_load(
        live_environment, when=lambda: seen(func.count(Staff.id)) > 0 and seen(func.count(Member.id)) < half
    )
    assert standing().is_empty
    assert seen(func.max(Staff.id)) <= 4  # numbered from the start again
