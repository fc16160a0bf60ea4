"""The book of printed codes: batches, their codes as keyed hashes, and the one use of each."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, exists, insert, select, update

from shop.books.points.bulk import chunks
from shop.crypto import blind_index
from shop.extensions import db, table_of
from shop.models import CodeBatch, PointsCode
from shop.rules.points.codes import LETTERS
from shop.rules.rulebook import SourceClass

QUIET = {"synchronize_session": False}
BATCHES, CODES = table_of(CodeBatch), table_of(PointsCode)
COLUMNS = (
    CodeBatch.id, CodeBatch.name, CodeBatch.points, CodeBatch.pieces, CodeBatch.length, CodeBatch.source_class,
    CodeBatch.expires_at, CodeBatch.created_by_staff_id, CodeBatch.exported_at, CodeBatch.stopped_at,
)  # fmt: skip
BATCH: Select[*tuple[Any, ...]] = select(*COLUMNS).where(CodeBatch.id == bindparam("batch_id"))
BY_KEY: Select[*tuple[Any, ...]] = select(*COLUMNS).where(CodeBatch.request_key == bindparam("key"))
KNOWN: Select[*tuple[Any, ...]] = (
    select(
        PointsCode.id,
        PointsCode.member_id,
        PointsCode.request_key,
        CodeBatch.name,
        CodeBatch.points,
        CodeBatch.source_class,
    )
    .join(CodeBatch, CodeBatch.id == PointsCode.batch_id)
    .where(PointsCode.code_index == bindparam("index"))
)
IS_OPEN = exists().where(
    BATCHES.c.id == CODES.c.batch_id,
    BATCHES.c.stopped_at.is_(None),
    BATCHES.c.expires_at > bindparam("now", type_=CodeBatch.expires_at.type),
)
USE = (
    update(CODES)
    .where(CODES.c.id == bindparam("code_id"), CODES.c.used_at.is_(None), IS_OPEN)
    .values(
        used_at=bindparam("now", type_=CodeBatch.expires_at.type),
        member_id=bindparam("by_member"),
        request_key=bindparam("by_key"),
    )
)


@dataclass(frozen=True, kw_only=True)
class NewBatch:
    """A batch to be written.  ``expires_at`` is the first moment at which its codes count no more."""

    name: str
    points: int
    pieces: int
    length: int
    source_class: SourceClass
    expires_at: datetime


@dataclass(frozen=True)
class Batch:
    """A batch that exists."""

    id: int
    name: str
    points: int
    pieces: int
    length: int
    source_class: SourceClass
    expires_at: datetime
    created_by_staff_id: int
    exported_at: datetime | None
    stopped_at: datetime | None

    @property
    def budget_points(self) -> int:
        """What all codes together are worth."""
        return self.points * self.pieces


@dataclass(frozen=True)
class KnownCode:
    """A code of ours, and who has used it."""

    id: int
    member_id: int | None
    request_key: str | None
    batch_name: str
    points: int
    source_class: SourceClass


def open_batch(batch: NewBatch, *, key: str, staff_id: int, now: datetime) -> int:
    """Write a batch without codes.  Returns its id; a second one under the same key fails on the constraint."""
    row = {**vars(batch), "request_key": key, "created_at": now, "created_by_staff_id": staff_id}
    return int(db.session.execute(insert(BATCHES).values(row).returning(BATCHES.c.id)).scalar_one())


def batch_of_key(key: str) -> Batch | None:
    """The batch that was asked for under this key, if any."""
    row = db.session.execute(BY_KEY, {"key": key}).one_or_none()
    return Batch(*row) if row else None


def batch_of(batch_id: int) -> Batch | None:
    """One batch; its row is locked, so that it is handed out and stopped once."""
    row = db.session.execute(BATCH.with_for_update(), {"batch_id": batch_id}).one_or_none()
    return Batch(*row) if row else None


def hand_out(batch: Batch, staff_id: int, now: datetime) -> tuple[str, ...]:
    """Make the codes of a locked batch and return them: from here on only their keyed hashes are known."""
    made: set[str] = set()
    while len(made) < batch.pieces:
        made.add("".join(secrets.choice(LETTERS) for _letter in range(batch.length)))
    codes = tuple(made)
    for some in chunks(codes):
        rows = [{"batch_id": batch.id, "code_index": index_of(code)} for code in some]
        db.session.execute(insert(CODES), rows)
    _set(batch.id, exported_at=now, exported_by_staff_id=staff_id)
    return codes


def stop(batch_id: int, staff_id: int, now: datetime) -> None:
    """From now on no code of a locked batch counts."""
    _set(batch_id, stopped_at=now, stopped_by_staff_id=staff_id)


def known_code(code: str) -> KnownCode | None:
    """The code with these letters, if it is one of ours."""
    row = db.session.execute(KNOWN, {"index": index_of(code)}).one_or_none()
    return KnownCode(*row) if row else None


def use(code_id: int, member_id: int, key: str, now: datetime) -> bool:
    """Use a code: the guarded update decides between many at one moment.  False when it was used, stopped or is over."""
    values: dict[str, Any] = {"code_id": code_id, "by_member": member_id, "by_key": key, "now": now}
    return bool(db.session.execute(USE, values, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]


def index_of(code: str) -> str:
    """What the shop keeps of a code's letters."""
    return blind_index(f"points-code:{code}")


def _set(batch_id: int, **values: object) -> None:
    db.session.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(**values))
