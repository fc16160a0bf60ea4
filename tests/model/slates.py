"""A clean shop for every example: members, goods and a rulebook as they were before it, in a few milliseconds."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import psycopg

from shop.extensions import db
from tests.factories import make_member, make_product, make_staff, make_store

STOCK = 100_000


@dataclass(frozen=True)
class Stage:
    """Who and what an example finds in the shop.  Prices of goods: (variant, points, cents) of one piece."""

    member_id: int
    staff_id: int
    store_id: int
    goods: tuple[tuple[int, int, int], ...]


def set_stage() -> Stage:
    """A member without points, and goods for points, for both, and for cash.  Cents are whole tens."""
    prices = ((30, 0), (12, 700), (0, 1990))
    goods = tuple((make_product(points=p, cents=c, on_hand=STOCK)[1], p, c) for p, c in prices)
    stage = Stage(make_member(), make_staff("cashier"), make_store(), goods)
    db.session.remove()
    return stage


def slate_for(url: str) -> Callable[[], Stage]:
    """A function that makes the shop at this URL new and says who is in it.  The shop must be untouched so far."""
    if url.startswith("sqlite"):
        return _sqlite_slate(url.removeprefix("sqlite:///"))
    return _postgres_slate(url)


def _sqlite_slate(path: str) -> Callable[[], Stage]:
    stage = set_stage()
    kept = sqlite3.connect(":memory:")
    live = sqlite3.connect(path)
    live.backup(kept)

    def renew() -> Stage:
        db.session.remove()
        kept.backup(live)
        return stage

    return renew


def _postgres_slate(url: str) -> Callable[[], Stage]:
    def renew() -> Stage:
        db.session.remove()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT pristine.restore()")
        return set_stage()

    return renew
