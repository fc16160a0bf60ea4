"""How far the sweeps over all members have got, so that the next run goes on there."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db
from shop.models import TierMark

ALL = 2**53
"""Behind the last member: the sweep is done."""
NEVER_RUN = datetime(1970, 1, 1, tzinfo=UTC)
MARK = select(TierMark.version, TierMark.member_id, TierMark.at).where(TierMark.name == bindparam("name"))


@dataclass(frozen=True)
class Mark:
    """Up to which member under which version, and when."""

    version: int = 0
    member_id: int = 0
    at: datetime = NEVER_RUN


def of(name: str) -> Mark:
    """The mark of a sweep; that of one that never ran is at the very beginning."""
    row = db.session.execute(MARK, {"name": name}).one_or_none()
    return Mark(*row) if row else Mark()


def put(name: str, *, version: int, member_id: int, at: datetime) -> None:
    """Set the mark.  Two sweeps at once only repeat each other: what they do is the same."""
    values = {"version": version, "member_id": member_id, "at": at}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(TierMark).values(name=name, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=[TierMark.name], set_=values))
