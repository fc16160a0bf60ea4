"""The book of devices: which members were seen in which browser, by keyed hashes of what its cookie says."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.crypto import blind_index
from shop.extensions import db, table_of
from shop.models import MemberDevice

DEVICES = table_of(MemberDevice)
SEEN = select(DEVICES.c.member_id).where(
    DEVICES.c.member_id == bindparam("member_id"), DEVICES.c.device_index == bindparam("index")
)


def note(member_id: int, token: str, now: datetime) -> None:
    """Write down that a member is in the browser with this token.  Without a token nothing is known, and nothing written."""
    if not token:
        return
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {
        "member_id": member_id,
        "device_index": _index_of(token),
        "first_seen_at": now,
        "last_seen_at": now,
    }
    statement = dialect.insert(DEVICES).values(row)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "device_index"], set_={"last_seen_at": now}
        )
    )


def is_known(member_id: int, token: str) -> bool:
    """Whether a member was ever seen in the browser with this token."""
    if not token:
        return False
    values = {"member_id": member_id, "index": _index_of(token)}
    return db.session.scalar(SEEN, values) is not None


def _index_of(token: str) -> str:
    return blind_index(f"device:{token}")
