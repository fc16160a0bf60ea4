"""Stores where a member can pick up."""

from dataclasses import dataclass

from sqlalchemy import select

from shop.extensions import db
from shop.models import Store

OPEN = (
    select(Store.id, Store.name, Store.address, Store.hours)
    .where(Store.is_open.is_(True))
    .order_by(Store.position, Store.id)
    .limit(200)
)


@dataclass(frozen=True)
class OpenStore:
    """A store that hands goods out."""

    id: int
    name: str
    address: str
    hours: str


def open_stores() -> tuple[OpenStore, ...]:
    """All open stores in the merchant's order."""
    return tuple(OpenStore(*row) for row in db.session.execute(OPEN))
