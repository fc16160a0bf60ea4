"""A full disk: the write fails whole, reading goes on, and the shop recovers when there is space again (F5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from shop import create_app
from shop.clock import now
from shop.config import read_settings
from shop.extensions import db
from shop.queries.points.balance import balance_of
from tests.conftest import Clock, ShopClient, logged_in
from tests.factories import PASSWORD, make_member
from tests.proof import assert_ledger_is_right
from tests.servers import run_command

PHONE = "+8613800138000"


@pytest.fixture
def small_disk_shop(shop_environment: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    """A shop on SQLite in a folder of its own."""
    own = {**shop_environment, "INSTANCE_FOLDER": str(tmp_path / "instance"), "DATABASE_URL": ""}
    run_command("db", "upgrade", environment=own)
    app = create_app(read_settings(own), TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = ShopClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_sign_in_on_a_full_disk_fails_whole_and_works_later(small_disk_shop: Flask, clock: Clock) -> None:
    member_id = make_member(points=100, phone=PHONE)
    browser = logged_in(small_disk_shop.test_client(), "/login", phone=PHONE, password=PASSWORD)
    fill = fill_disk()

    refused = sign_in_daily_until_refused(browser, clock, member_id)

    assert refused.answer.status_code == 503
    assert refused.answer.headers["Retry-After"]
    assert refused.available_after == refused.available_before
    assert browser.get("/signin").status_code == 200
    make_space(fill)
    assert browser.post("/signin").status_code == 303
    assert balance_of(member_id, now()).available > refused.available_before
    assert_ledger_is_right()


@dataclass(frozen=True)
class Refused:
    answer: TestResponse
    available_before: int
    available_after: int


def sign_in_daily_until_refused(browser: FlaskClient, clock: Clock, member_id: int) -> Refused:
    """Each sign-in needs a little room; on a full disk one of the next days finds none."""
    for _day in range(80):
        clock.move(days=1)
        before = balance_of(member_id, now()).available
        answer = browser.post("/signin")
        if answer.status_code != 303:
            return Refused(answer, before, balance_of(member_id, now()).available)
    raise AssertionError("the disk never became full")


def fill_disk() -> object:
    """Let every connection refuse to grow the database from now on."""

    def refuse_to_grow(connection: object, _record: object = None, _proxy: object = None) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    db.session.remove()
    with db.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    use_up_free_pages()
    event.listen(db.engine, "checkout", refuse_to_grow)
    return refuse_to_grow


def use_up_free_pages() -> None:
    """Rows fill pages that have room: leave none."""
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("VACUUM")  # type: ignore[union-attr]


def make_space(fill: object) -> None:
    """The disk has room again."""
    event.remove(db.engine, "checkout", fill)
    db.session.remove()
    db.engine.dispose()
