"""When the database is away, a page says so in words, and the shop recovers by itself (invariants F4)."""

import pytest
from flask import Flask

from shop import create_app
from shop.config import read_settings

UNREACHABLE = "postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1"


@pytest.fixture
def shop_without_database(shop_environment: dict[str, str]) -> Flask:
    return create_app(read_settings({**shop_environment, "DATABASE_URL": UNREACHABLE}), TESTING=True)


def test_a_page_says_busy_without_a_stack_trace(shop_without_database: Flask) -> None:
    client = shop_without_database.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "a cookie from better days"

    answer = client.get("/products")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Traceback" not in answer.text
    assert "psycopg" not in answer.text


def test_readiness_tells_that_the_database_is_away(shop_without_database: Flask) -> None:
    answer = shop_without_database.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["database"] == "away"


def test_liveness_does_not_ask_the_database(shop_without_database: Flask) -> None:
    assert shop_without_database.test_client().get("/healthz").status_code == 200
