"""Use cases a second, beside the same SQL statements without any of our code around them.

A shop records every statement with its values while the service runs; a second copy of the same database then gets the
same statements in the same order through plain sqlite3.
"""

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import Engine, event, select

from bench.demo_copy import open_copy
from bench.pages import SKU, stock_up
from shop import clock
from shop.crypto import blind_index
from shop.database import SQLITE_PRAGMAS
from shop.demo.people import DEMO_PHONES
from shop.extensions import db
from shop.models import Member
from shop.queries.orders.quote import Ask, checkout_of
from shop.services.engagement.signin import sign_in
from shop.services.orders.checkout import OrderWish, place_order

TIMES = 120


@dataclass(frozen=True)
class Throughput:
    """How often a second a use case runs, and how often its bare statements do."""

    name: str
    a_second: float
    bare_a_second: float
    statements: int

    @property
    def percent_of_bare(self) -> float:
        """How much of the database's own speed is left."""
        return 100 * self.a_second / self.bare_a_second


Sent = tuple[str, Any, bool]


def measure_throughput() -> list[Throughput]:
    """Measure placing an order and signing in, one after the other, on copies of the demo."""
    return [_measure("place an order", _orders), _measure("sign in", _sign_ins)]


def _measure(name: str, deeds_of: Callable[[int, datetime], list[Callable[[], object]]]) -> Throughput:
    with open_copy() as app, app.app_context():
        stock_up()
        deeds = deeds_of(_faithful(), clock.now())
        with open_copy() as twin:
            _copy_of(app, twin)
            seconds, sent = _run(deeds)
            bare_seconds = _replay(_file_of(twin), sent)
    return Throughput(name, len(deeds) / seconds, len(deeds) / bare_seconds, len(sent) // len(deeds))


def _faithful() -> int:
    found = select(Member.id).where(Member.phone_index == blind_index(DEMO_PHONES[4]))
    return db.session.scalars(found).one()


def _orders(member_id: int, now: datetime) -> list[Callable[[], object]]:
    checkout = checkout_of(member_id, Ask(sku=SKU, coupon_code=""), now)
    assert checkout
    wish = OrderWish(
        sku=SKU,
        quantity=1,
        items=(),
        way=checkout.quote.way,
        address_id=None,
        store_id=None,
        points_wanted=0,
        note="",
        agreed=checkout.digest,
    )
    return [
        lambda key=number: place_order(member_id, wish, f"bench-{key:016}", now) for number in range(TIMES)
    ]


def _sign_ins(member_id: int, now: datetime) -> list[Callable[[], object]]:
    days = [now + timedelta(days=number) for number in range(1, TIMES + 1)]
    return [lambda moment=day: sign_in(member_id, moment) for day in days]


def _copy_of(app: Flask, twin: Flask) -> None:
    """Make the twin's file equal to the shop's as it stands now."""
    db.session.rollback()
    with (
        closing(sqlite3.connect(_file_of(app))) as source,
        closing(sqlite3.connect(_file_of(twin))) as target,
    ):
        source.backup(target)


def _file_of(app: Flask) -> str:
    return str(app.config["SQLALCHEMY_DATABASE_URI"]).removeprefix("sqlite:///")


def _run(deeds: list[Callable[[], object]]) -> tuple[float, list[Sent]]:
    """Do everything once.  Returns the seconds and what was sent; the recorder costs about a hundredth of it."""
    sent: list[Sent] = []
    with _recording(db.engine, sent):
        started = time.perf_counter()
        for deed in deeds:
            deed()
        return time.perf_counter() - started, sent


class _recording:  # noqa: N801 -- used like contextlib's
    """Write down what the engine is sent."""

    def __init__(self, engine: Engine, sent: list[Sent]) -> None:
        self._engine, self._sent = engine, sent

    def __enter__(self) -> None:
        event.listen(self._engine, "before_cursor_execute", self._on_execute)
        event.listen(self._engine, "commit", self._on_commit)
        event.listen(self._engine, "rollback", self._on_rollback)

    def __exit__(self, *_trouble: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._on_execute)
        event.remove(self._engine, "commit", self._on_commit)
        event.remove(self._engine, "rollback", self._on_rollback)

    def _on_execute(
        self, _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, is_many: bool
    ) -> None:
        self._sent.append((statement, values, is_many))

    def _on_commit(self, _connection: Any) -> None:
        self._sent.append(("COMMIT", (), False))

    def _on_rollback(self, _connection: Any) -> None:
        self._sent.append(("ROLLBACK", (), False))


def _replay(file: str, sent: list[Sent]) -> float:
    """Send the same statements through plain sqlite3.  Returns the seconds."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in SQLITE_PRAGMAS:
            connection.execute("pragma " + pragma)
        cursor = connection.cursor()
        started = time.perf_counter()
        for statement, values, is_many in sent:
            if is_many:
                cursor.executemany(statement, values)
            else:
                cursor.execute(statement, values)
                cursor.fetchall()
        return time.perf_counter() - started
