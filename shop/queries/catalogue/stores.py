"""Stores as the back office lists them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from shop.extensions import db
from shop.models import Store

ALL: Select[*tuple[Any, ...]] = select(
    Store.id, Store.name, Store.address, Store.hours, Store.phone, Store.position, Store.is_open
).order_by(Store.position, Store.id)


@dataclass(frozen=True)
class StoreEntry:
    """A store, open or closed."""

    id: int
    name: str
    address: str
    hours: str
    phone: str
    position: int
    is_open: bool


def all_stores() -> tuple[StoreEntry, ...]:
    """All stores in their order."""
    return tuple(StoreEntry(*row) for row in db.session.execute(ALL))


def store_entry(store_id: int) -> StoreEntry | None:
    """One store."""
    row = db.session.execute(ALL.where(Store.id == store_id)).one_or_none()
    return StoreEntry(*row) if row else None
