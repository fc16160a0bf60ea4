"""Keys of programs: the one that a request names, in one query with what it was answered before; and the list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from shop.crypto import token_hash
from shop.extensions import db
from shop.models import ApiKey, ApiKeyMonth, ApiRequest, Staff, Store

SHOWN_MAX = 200
BY_TOKEN = (
    select(
        ApiKey.id,
        ApiKey.name,
        ApiKey.scopes,
        ApiKey.store_id,
        ApiKey.last_used_at,
        ApiRequest.request_hash,
        ApiRequest.status,
        ApiRequest.location,
        ApiRequest.body,
    )
    .outerjoin(
        ApiRequest, and_(ApiRequest.api_key_id == ApiKey.id, ApiRequest.key == bindparam("idempotency_key"))
    )
    .where(ApiKey.token_hash == bindparam("token_hash"), ApiKey.revoked_at.is_(None))
)
granted = (
    select(func.coalesce(func.sum(ApiKeyMonth.granted_points), 0))
    .where(ApiKeyMonth.api_key_id == ApiKey.id, ApiKeyMonth.month == bindparam("month"))
    .correlate(ApiKey)
    .scalar_subquery()
)
KEYS = (
    select(
        ApiKey.id,
        ApiKey.name,
        ApiKey.ending,
        ApiKey.scopes,
        Store.name.label("store_name"),
        ApiKey.points_per_month,
        granted.label("granted_points"),
        ApiKey.created_at,
        Staff.name.label("staff_name"),
        ApiKey.last_used_at,
        ApiKey.revoked_at,
    )
    .outerjoin(Store, Store.id == ApiKey.store_id)
    .outerjoin(Staff, Staff.id == ApiKey.created_by_staff_id)
    .order_by(ApiKey.revoked_at.is_not(None), ApiKey.id.desc())
    .limit(SHOWN_MAX)
)


@dataclass(frozen=True)
class EarlierAnswer:
    """What was answered under an idempotency key, and the hash of the request that got it."""

    request_hash: str
    status: int
    location: str | None
    body: str


@dataclass(frozen=True)
class CallingKey:
    """The key that a request carries.  ``earlier`` is set when its idempotency key was used before."""

    id: int
    name: str
    scopes: frozenset[str]
    store_id: int | None
    last_used_at: datetime | None
    earlier: EarlierAnswer | None


@dataclass(frozen=True)
class KeyRow:
    """One line of the list.  ``granted_points`` is what it gave this month."""

    id: int
    name: str
    ending: str
    scopes: tuple[str, ...]
    store_name: str | None
    points_per_month: int | None
    granted_points: int
    created_at: datetime
    staff_name: str | None
    last_used_at: datetime | None
    revoked_at: datetime | None


def key_of_token(token: str, idempotency_key: str) -> CallingKey | None:
    """The living key of a token, with the answer that it got under an idempotency key ("" for none), in one query."""
    values = {"token_hash": token_hash(token), "idempotency_key": idempotency_key}
    row = db.session.execute(BY_TOKEN, values).one_or_none()
    if row is None:
        return None
    earlier = (
        EarlierAnswer(row.request_hash, row.status, row.location, row.body) if row.request_hash else None
    )
    return CallingKey(row.id, row.name, frozenset(row.scopes), row.store_id, row.last_used_at, earlier)


def api_keys(month: str) -> list[KeyRow]:
    """All keys, living ones first, the newest first; ``month`` (2026-03) is the one whose gifts are counted."""
    rows = db.session.execute(KEYS, {"month": month})
    return [KeyRow(**{**row._mapping, "scopes": tuple(row.scopes)}) for row in rows]
