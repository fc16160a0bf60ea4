"""Keys by which programs come in: made and revoked by an owner, told once, kept as a hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from shop.books import audit
from shop.crypto import new_token, token_hash
from shop.errors import InvalidInput, NotFound
from shop.extensions import db
from shop.models import ApiKey, Store
from shop.transaction import transaction

PREFIX = "sk_"
ENDING_LENGTH = 4
QUIET = {"synchronize_session": False}


@dataclass(frozen=True, kw_only=True)
class KeyWish:
    """What a key is to be.  ``points_per_month`` None: it may give any number of points.

    ``cents_per_thousand`` is what a partner pays for a thousand points; None: the key is the shop's own.
    """

    name: str
    scopes: Sequence[str]
    store_id: int | None
    points_per_month: int | None
    cents_per_thousand: int | None = None


@dataclass(frozen=True)
class NewKey:
    """A key's token.  It is told once; the database keeps only its hash."""

    id: int
    token: str


def create_key(wish: KeyWish, *, staff_id: int | None, now: datetime) -> NewKey:
    """Make a key.  ``staff_id`` is None for the demo shop.  Raises InvalidInput without a scope or for an unknown store."""
    if not wish.scopes:
        raise InvalidInput
    token = PREFIX + new_token()
    values = {
        "name": wish.name,
        "scopes": list(wish.scopes),
        "store_id": wish.store_id,
        "points_per_month": wish.points_per_month,
        "cents_per_thousand": wish.cents_per_thousand,
    }
    with transaction() as session:
        if wish.store_id is not None and session.get(Store, wish.store_id) is None:
            raise InvalidInput
        statement = insert(ApiKey).values(
            **values,
            token_hash=token_hash(token),
            ending=token[-ENDING_LENGTH:],
            created_at=now,
            created_by_staff_id=staff_id,
        )
        key_id = int(session.execute(statement.returning(ApiKey.id)).scalar_one())
        audit.record(
            staff_id=staff_id, action="api_key.create", subject=f"api_key:{key_id}", now=now, after=values
        )
    return NewKey(key_id, token)


def revoke_key(key_id: int, *, staff_id: int, now: datetime) -> None:
    """End a key at once.  A repeat changes nothing.  Raises NotFound."""
    with transaction() as session:
        statement = update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None))
        changed = session.execute(statement.values(revoked_at=now), execution_options=QUIET)
        if changed.rowcount:  # type: ignore[attr-defined]
            audit.record(staff_id=staff_id, action="api_key.revoke", subject=f"api_key:{key_id}", now=now)
        elif session.scalar(select(ApiKey.id).where(ApiKey.id == key_id)) is None:
            raise NotFound


def mark_key_used(key_id: int, now: datetime) -> None:
    """Write down that a key was used just now.  An earlier moment changes nothing."""
    earlier = ApiKey.last_used_at.is_(None) | (ApiKey.last_used_at < now)
    statement = update(ApiKey).where(ApiKey.id == key_id, earlier).values(last_used_at=now)
    with transaction():
        db.session.execute(statement, execution_options=QUIET)
