"""What programs were answered, so that a repeat of a request gets the first answer."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from shop.extensions import db, table_of
from shop.models import ApiRequest

NEW_REQUEST = insert(table_of(ApiRequest))
ANSWERED = select(ApiRequest.request_hash, ApiRequest.status, ApiRequest.location, ApiRequest.body).where(
    ApiRequest.api_key_id == bindparam("api_key_id"), ApiRequest.key == bindparam("key")
)


def keep(
    api_key_id: int,
    key: str,
    request_hash: str,
    *,
    status: int,
    location: str | None,
    body: str,
    now: datetime,
) -> None:
    """Keep an answer, in the transaction of what the request did.  A second one under the key breaks the constraint."""
    row = {
        "api_key_id": api_key_id,
        "key": key,
        "request_hash": request_hash,
        "status": status,
        "location": location,
        "body": body,
        "created_at": now,
    }
    db.session.execute(NEW_REQUEST, row)


def kept(api_key_id: int, key: str) -> tuple[str, int, str | None, str] | None:
    """The request's hash, and the status, location and body of what was answered under a key."""
    row = db.session.execute(ANSWERED, {"api_key_id": api_key_id, "key": key}).one_or_none()
    return (row.request_hash, row.status, row.location, row.body) if row else None


def forget_before(moment: datetime) -> None:
    """Forget what was answered before; the keys may be used again, for the things themselves are still unique."""
    db.session.execute(
        delete(ApiRequest).where(ApiRequest.created_at < moment),
        execution_options={"synchronize_session": False},
    )
