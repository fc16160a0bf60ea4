"""kill -9 of PostgreSQL under an open shop: a page says so, nothing is lost, the shop recovers by itself (F3, F4)."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import text

from shop import create_app
from shop.clock import now
from shop.config import read_settings
from shop.extensions import db
from shop.queries.points.balance import balance_of
from tests.conftest import Clock, ShopClient, logged_in
from tests.databases import PostgresCluster, postgres_cluster
from tests.factories import PASSWORD, make_member
from tests.proof import assert_ledger_is_right
from tests.servers import run_command

PHONE = "+8613800138001"
STARTS_MAX = 20


@pytest.fixture
def cluster() -> Iterator[PostgresCluster]:
    """A database server of its own, so that it can be killed."""
    with postgres_cluster() as own:
        yield own


@pytest.fixture
def shop(cluster: PostgresCluster, shop_environment: dict[str, str]) -> Iterator[Flask]:
    url = f"postgresql://postgres@/postgres?host={quote(str(cluster.folder), safe='')}"
    environment = {**shop_environment, "DATABASE_URL": url}
    run_command("db", "upgrade", environment=environment)
    app = create_app(read_settings(environment), TESTING=True, WTF_CSRF_ENABLED=False)
    app.test_client_class = ShopClient
    with app.app_context():
        commit_for_real()
        yield app
        db.session.remove()
        db.engine.dispose()


def commit_for_real() -> None:
    """As in a real shop: what was answered is written.  (The tests' servers are told to hurry instead.)"""
    with db.engine.begin() as connection:
        connection.execute(text("ALTER ROLE postgres SET synchronous_commit = on"))
    db.engine.dispose()


def test_a_killed_database_costs_nothing_and_comes_back(
    shop: Flask, cluster: PostgresCluster, clock: Clock
) -> None:
    member_id = make_member(points=100, phone=PHONE)
    browser = logged_in(shop.test_client(), "/login", phone=PHONE, password=PASSWORD)
    assert browser.get("/member").status_code == 200
    db.session.remove()

    cluster.stop(at_once=True)

    for refused in (browser.get("/member"), browser.post("/signin"), browser.get("/products")):
        assert refused.status_code == 503
        assert refused.headers["Retry-After"]
        assert "Traceback" not in refused.text
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503
    start_again(cluster)
    assert browser.post("/signin").status_code == 303
    assert balance_of(member_id, now()).available > 100
    assert browser.get("/readyz").status_code == 200
    assert_ledger_is_right()


def start_again(cluster: PostgresCluster) -> None:
    """Start the server; the last processes of the killed one may still be going and keep it away for a moment."""
    for _try in range(STARTS_MAX - 1):
        try:
            cluster.start()
        except RuntimeError:
            continue
        return
    cluster.start()
