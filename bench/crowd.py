"""A shop of any size in an SQLite file: members, accounts, entries, lots and allocations by bulk SQL, the books right."""

import base64
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask

from shop import clock, create_app
from shop.config import read_settings
from shop.crypto import blind_index, seal
from shop.extensions import db
from shop.services.members.passwords import hash_password

ROOT = Path(__file__).parent.parent
ROUNDS = 10
POINTS = 10
PASSWORD = "shifen-bench"
OWNER = "owner@bench.test"
MOMENT = "%Y-%m-%d %H:%M:%S.%f"
PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :members)
INSERT INTO members (id, phone_sealed, phone_index, phone_last4, name, avatar, state, tier_code, tier_since_at,
                     growth, joined_at)
SELECT i, 'x', 'crowd-' || i, '0000', '会员' || i, 'cat', 'active', 'sprout', :long_ago, 0, :long_ago FROM n
"""
ACCOUNTS = """INSERT INTO points_accounts (id, member_id, balance_points, held_points, debt_points)
SELECT id, id, 2 * :points, 0, 0 FROM members"""
IN_FORCE = "UPDATE rulebook_versions SET effective_at = :long_ago, published_at = :long_ago"
# In each round every member gets an entry, so a member's entries lie far apart: odd rounds bring a lot that the even
# round after it spends; the last two rounds bring lots that live.
ENTRIES = """INSERT INTO points_entries (id, account_id, points, kind, program_account, source_class, reference,
    rulebook_version, shop_day, occurred_at, reasons, debt_points, balance_after_points)
SELECT :before + id, id, :sign * :points, :kind, :program, 'interaction', 'crowd:' || (:before + id),
    1, :day, :moment, '[]', 0, :balance FROM members ORDER BY id"""
LOTS = """INSERT INTO points_lots (account_id, entry_id, source_class, points, remaining_points, held_points, credited_at,
    available_at, expires_at, rulebook_version)
SELECT id, :before + id, 'interaction', :points, :remaining, 0, :moment, :moment, :ends, 1 FROM members ORDER BY id"""
ALLOCATIONS = """INSERT INTO points_allocations (entry_id, lot_id, points)
SELECT :before + m.id, l.id, -:points FROM members m JOIN points_lots l ON l.entry_id = :before - :members + m.id"""

# What lapses must have been announced in time: one message for all is enough for the books.
MESSAGE = """INSERT INTO messages (id, member_id, kind, key, params, created_at)
VALUES (1, 1, 'points_lapsing', 'crowd', '{}', :long_ago)"""
ANNOUNCED = """INSERT INTO lot_reminders (lot_id, expires_at, days_left, is_in_time, message_id, told_at)
SELECT id, expires_at, 7, 1, 1, :long_ago FROM points_lots WHERE remaining_points > 0"""

LOGIN_OF_MEMBER = """UPDATE members SET phone_sealed = ?, phone_index = ?, phone_last4 = ?, password_hash = ?
WHERE id = 1"""
LOGIN_OF_OWNER = """INSERT INTO staff (email, name, role, password_hash, state, created_at)
VALUES (?, '店主', 'owner', ?, 'active', ?)"""


@contextmanager
def crowded_shop(members: int, folder: Path | None = None, *, lots_end_in_days: int = 300) -> Iterator[Flask]:
    """A shop with so many members and ten times as many entries.  Member 1 can log in.

    ``folder`` on a disk that has room: a million members take about 5 GB.
    """
    with empty_shop(folder) as home:
        _fill(home / "shop.db", members, lots_end_in_days)
        with opened_shop(home, CROWD_MEMBERS=members) as app:
            with app.app_context():
                _give_logins(home / "shop.db")
            yield app


@contextmanager
def empty_shop(folder: Path | None = None) -> Iterator[Path]:
    """The home of a shop that has been set up and has nobody yet; gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="crowd-", dir=folder))
    environment = environment_in(home)
    try:
        for command in (("db", "upgrade"), ("setup",)):
            program = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
            subprocess.run(
                program, cwd=ROOT, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL
            )
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def opened_shop(home: Path, **values: object) -> Iterator[Flask]:
    """The application on a shop's home."""
    app = create_app(read_settings(environment_in(home)), TEMPLATES_AUTO_RELOAD=False, **values)
    yield app
    with app.app_context():
        db.engine.dispose()


def environment_in(home: Path) -> dict[str, str]:
    """The settings of a shop that keeps everything in one folder."""
    return {
        "SHOP_ENV": "development",
        "SECRET_KEY": "a secret for benchmarks, long enough for the check",
        "DATA_KEY": base64.urlsafe_b64encode(b"b" * 32).decode(),
        "INSTANCE_FOLDER": str(home),
        "DATABASE_URL": f"sqlite:///{home / 'shop.db'}",
    }


def phone_of(number: int) -> str:
    """The phone of a member who can log in."""
    return f"+86139{number:08d}"


def _fill(file: Path, members: int, lots_end_in_days: int) -> None:
    now = clock.now()
    long_ago = f"{now - timedelta(days=400):{MOMENT}}"
    common = {
        "points": POINTS,
        "members": members,
        "ends": f"{now + timedelta(days=lots_end_in_days):{MOMENT}}",
    }
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=off", "synchronous=off", "cache_size=-2000000", "foreign_keys=off"):
            connection.execute("PRAGMA " + pragma)
        connection.execute("BEGIN")
        connection.execute(PEOPLE, {"members": members, "long_ago": long_ago})
        connection.execute(ACCOUNTS, common)
        connection.execute(IN_FORCE, {"long_ago": long_ago})
        for number in range(1, ROUNDS + 1):
            moment = now - timedelta(days=3 * (ROUNDS + 1 - number))
            values = {"moment": f"{moment:{MOMENT}}", "day": f"{moment:%Y-%m-%d}"}
            _add_round(connection, number, {**common, **values, "before": (number - 1) * members})
        if lots_end_in_days < 0:
            connection.execute(MESSAGE, {"long_ago": long_ago})
            connection.execute(ANNOUNCED, {"long_ago": long_ago})
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode=wal")


def _add_round(connection: sqlite3.Connection, number: int, values: dict[str, object]) -> None:
    is_last = number > ROUNDS - 2
    is_earning = number % 2 == 1 or is_last
    balance = POINTS * (1 + number - (ROUNDS - 1)) if is_last else POINTS * (number % 2)
    words = ("earn", "issued", 1) if is_earning else ("redeem", "redeemed", -1)
    values = {**values, "kind": words[0], "program": words[1], "sign": words[2], "balance": balance}
    connection.execute(ENTRIES, values)
    if is_earning:
        connection.execute(LOTS, {**values, "remaining": POINTS if is_last else 0})
    else:
        connection.execute(ALLOCATIONS, values)


def _give_logins(file: Path) -> None:
    """Member 1 and the owner of the shop get what they log in with."""
    phone, password = phone_of(1), hash_password(PASSWORD)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(LOGIN_OF_MEMBER, (seal(phone), blind_index(phone), phone[-4:], password))
        connection.execute(LOGIN_OF_OWNER, (OWNER, password, f"{clock.now():{MOMENT}}"))
