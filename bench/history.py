"""A shop with a long past in an SQLite file: purchases, sign-ins, spendings and refunds by bulk SQL, the sums right."""

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from bench.crowd import ACCOUNTS, IN_FORCE, MOMENT, PEOPLE, empty_shop, opened_shop
from shop import clock

DAYS = 90
SIGNINS, PURCHASES, SPENDINGS, REFUNDS = 24, 20, 4, 2
SIGNIN_POINTS, SPENT_POINTS = 10, 20
SHOP_HOURS_AHEAD = timedelta(hours=8)
AWARD: dict[str, Any] = {"source_class": "purchase", "reasons": [], "rule": None, "shares": []}
SUMS = """UPDATE points_accounts SET balance_points =
    (SELECT coalesce(sum(remaining_points), 0) FROM points_lots WHERE account_id = points_accounts.id)"""


@dataclass
class Books:
    """The rows of each table, and what the next ones of a member depend on."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    signin_lots: dict[int, deque[dict[str, Any]]] = field(default_factory=lambda: defaultdict(deque))
    last_bought: dict[int, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: str, **values: Any) -> dict[str, Any]:
        """Add a row.  Its number is the next one of its table."""
        self.rows[table].append(values)
        return values

    def number(self, table: str) -> int:
        """The number of the next row."""
        return len(self.rows[table]) + 1

    def entry(self, member_id: int, points: int, kind: str, at: datetime, **values: Any) -> dict[str, Any]:
        """A line of the points book."""
        number = self.number("points_entries")
        program = {"earn": "issued", "redeem": "redeemed", "claw_back": "clawed_back"}[kind]
        row = {
            "id": number, "account_id": member_id, "points": points, "kind": kind, "program_account": program,
            "source_class": None, "reference": f"bench:{number}", "rulebook_version": 1, "shop_day": _day(at),
            "occurred_at": _text(at), "reasons": "[]", "debt_points": 0, "balance_after_points": 0,
            "purchase_id": None,
        }  # fmt: skip
        return self.add("points_entries", **(row | values))

    def earn(
        self, member_id: int, points: int, at: datetime, source_class: str, days: int, **values: Any
    ) -> dict[str, Any]:
        """An earning with its lot.  Returns the lot."""
        entry = self.entry(member_id, points, "earn", at, source_class=source_class, **values)
        return self.add(
            "points_lots", id=self.number("points_lots"), account_id=member_id, entry_id=entry["id"],
            source_class=source_class, points=points, remaining_points=points, held_points=0,
            credited_at=_text(at), available_at=_text(at), expires_at=_text(at + timedelta(days=days)),
            rulebook_version=1,
        )  # fmt: skip

    def take(self, entry: dict[str, Any], lot: dict[str, Any], points: int) -> None:
        """An entry takes points of a lot."""
        lot["remaining_points"] -= points
        self.add("points_allocations", entry_id=entry["id"], lot_id=lot["id"], points=-points)


@contextmanager
def told_shop(members: int, folder: Path | None = None) -> Iterator[Flask]:
    """A shop whose members did fifty things each in the last ninety days."""
    with empty_shop(folder) as home:
        _fill(home / "shop.db", members)
        with opened_shop(home) as app:
            yield app


def _fill(file: Path, members: int) -> None:
    now = clock.now()
    long_ago = _text(now - timedelta(days=400))
    books = Books()
    for at, member_id, what in sorted(_deeds(members, now - timedelta(days=DAYS)), key=lambda deed: deed[0]):
        WRITERS[what](books, member_id, at)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=off", "synchronous=off", "foreign_keys=off"):
            connection.execute("PRAGMA " + pragma)
        connection.execute("BEGIN")
        connection.execute(PEOPLE, {"members": members, "long_ago": long_ago})
        connection.execute(ACCOUNTS, {"points": 0})
        connection.execute(IN_FORCE, {"long_ago": long_ago})
        for table, rows in books.rows.items():
            places = ", ".join(f":{name}" for name in rows[0])
            connection.executemany(f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({places})", rows)
        connection.execute(SUMS)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=wal")


def _deeds(members: int, start: datetime) -> Iterator[tuple[datetime, int, str]]:
    """When each member does what: spread over the days, and every member at a time of their own."""
    for member_id in range(1, members + 1):
        own = start + timedelta(seconds=20 * (member_id % 2000))
        for number in range(SIGNINS):
            yield own + timedelta(days=3 * number + 1), member_id, "sign"
        for number in range(PURCHASES):
            yield own + timedelta(days=4 * number + 2, minutes=5), member_id, "buy"
        for number in range(SPENDINGS):
            yield own + timedelta(days=20 * number + 10, minutes=9), member_id, "spend"
        for number in range(REFUNDS):
            yield own + timedelta(days=30 * number + 20, minutes=13), member_id, "return"


def _sign(books: Books, member_id: int, at: datetime) -> None:
    books.add(
        "signins", member_id=member_id, day=_day(at), kind="daily", streak=1, points=SIGNIN_POINTS,
        milestones="[]", cost_points=0, reasons="[]", rulebook_version=1, cycle_version=1, created_at=_text(at),
    )  # fmt: skip
    reference = f"signin:{member_id}:{_day(at)}"
    lot = books.earn(member_id, SIGNIN_POINTS, at, "interaction", DAYS, reference=reference)
    books.signin_lots[member_id].append(lot)


def _buy(books: Books, member_id: int, at: datetime) -> None:
    number = books.number("purchases")
    yuan = 20 + 7 * (number % 40)
    purchase = books.add(
        "purchases", id=number, member_id=member_id, channel="elsewhere", source="till",
        external_id=f"b{number}", request_hash="", tier_code="sprout", cents=yuan * 100, shipping_cents=0,
        refunded_cents=0, waived_points=0, awards=json.dumps([{**AWARD, "points": yuan}]), rulebook_version=1,
        placed_at=_text(at), paid_at=_text(at), paid_on=_day(at), credited_at=_text(at),
    )  # fmt: skip
    for line in (1, 2):
        books.add(
            "purchase_lines", purchase_id=number, number=line, cents=yuan * 50, quantity=1,
            refunded_cents=0, refunded_quantity=0,
        )  # fmt: skip
    reference = f"purchase:{number}:award:1"
    lot = books.earn(member_id, yuan, at, "purchase", 800, reference=reference, purchase_id=number)
    books.last_bought[member_id] = purchase, lot


def _spend(books: Books, member_id: int, at: datetime) -> None:
    """From the first lots of the sign-ins: they end first."""
    entry = books.entry(member_id, -SPENT_POINTS, "redeem", at)
    for _lot in range(SPENT_POINTS // SIGNIN_POINTS):
        books.take(entry, books.signin_lots[member_id].popleft(), SIGNIN_POINTS)


def _return(books: Books, member_id: int, at: datetime) -> None:
    """Half of the last purchase goes back, and half of what it earned."""
    purchase, lot = books.last_bought[member_id]
    points = lot["points"] // 2
    purchase["refunded_cents"] = points * 100
    books.add(
        "purchase_refunds", purchase_id=purchase["id"], refund_id="1", request_hash="", cents=points * 100,
        clawed_points=points, debt_points=0, waived_points=0, reason="", at=_text(at),
    )  # fmt: skip
    books.take(books.entry(member_id, -points, "claw_back", at, purchase_id=purchase["id"]), lot, points)


WRITERS = {"sign": _sign, "buy": _buy, "spend": _spend, "return": _return}


def _text(moment: datetime) -> str:
    return f"{moment:{MOMENT}}"


def _day(moment: datetime) -> str:
    return f"{moment + SHOP_HOURS_AHEAD:%Y-%m-%d}"
