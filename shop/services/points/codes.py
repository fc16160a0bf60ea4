"""Printed codes that are worth points (E19): a batch is made, handed out once, stopped; a code is used once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from shop.books import audit
from shop.books.points import accounts, codes, entries
from shop.books.points.adjustments import needs_second_person
from shop.books.points.codes import Batch, KnownCode, NewBatch
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import (
    BatchClosed,
    BatchHandedOut,
    BatchNeedsAnother,
    InvalidInput,
    KeyReused,
    MemberSuspended,
    NotFound,
    PointsCodeRefused,
    PointsCodeUsedByYou,
)
from shop.models import Member
from shop.rules.points.codes import LENGTH_MAX, LENGTH_MIN, PIECES_MAX, POINTS_MAX, state_of, tidy_code
from shop.rules.points.expiry import start_of_day
from shop.rules.reasons import because
from shop.rules.rulebook import SOURCE_CLASSES, SourceClass
from shop.services.members.attempts import POINTS_CODE_OF_MEMBER, POINTS_CODE_OF_PLACE, count_attempts
from shop.transaction import transaction

__all__ = ["BatchWish", "RedeemedCode", "create_batch", "hand_out_codes", "redeem_code", "stop_batch"]

NAME_MAX = 40
YEARS_MAX = timedelta(days=3660)
STATE = select(Member.state).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True, kw_only=True)
class BatchWish:
    """A batch as a merchant wants it.  The class decides the expiry of the points; the codes count up to ``last_on``."""

    name: str
    points: int
    pieces: int
    length: int
    source_class: SourceClass
    last_on: date


@dataclass(frozen=True)
class RedeemedCode:
    """What a code brought, and by which entry."""

    entry_id: int
    points: int


def create_batch(wish: BatchWish, *, key: str, staff_id: int, now: datetime) -> int:
    """Plan a batch; its codes do not exist before they are handed out.  Returns its id.

    The same ``key`` again makes nothing and returns the first batch.  Raises KeyReused for another wish, InvalidInput.
    """
    with transaction():
        occasion = occasion_at(now)
        batch = _sound(wish, occasion)
        if first := codes.batch_of_key(key):
            if not _is_same(first, batch):
                raise KeyReused
            return first.id
        batch_id = codes.open_batch(batch, key=key, staff_id=staff_id, now=now)
        after = {
            "name": batch.name,
            "points": batch.points,
            "pieces": batch.pieces,
            "last_on": str(wish.last_on),
        }
        _record("create", batch_id, staff_id, now, after)
        return batch_id


def _sound(wish: BatchWish, occasion: Occasion) -> NewBatch:
    is_sound = (
        0 < len(wish.name) <= NAME_MAX
        and 0 < wish.points <= POINTS_MAX
        and 0 < wish.pieces <= PIECES_MAX
        and LENGTH_MIN <= wish.length <= LENGTH_MAX
        and wish.source_class in SOURCE_CLASSES
        and occasion.today <= wish.last_on <= occasion.today + YEARS_MAX
    )
    if not is_sound:
        raise InvalidInput
    return NewBatch(
        name=wish.name,
        points=wish.points,
        pieces=wish.pieces,
        length=wish.length,
        source_class=wish.source_class,
        expires_at=start_of_day(wish.last_on + timedelta(days=1), occasion.zone),
    )


def _is_same(first: Batch, batch: NewBatch) -> bool:
    return all(getattr(first, name) == value for name, value in vars(batch).items())


def hand_out_codes(batch_id: int, *, staff_id: int, now: datetime) -> tuple[str, ...]:
    """Make the codes of a batch and return them, once: the shop keeps nothing but their keyed hashes.

    Raises NotFound, BatchHandedOut, BatchClosed; and BatchNeedsAnother when all codes together are worth more than one
    person may give alone and this is who made the batch.
    """
    with transaction():
        batch = codes.batch_of(batch_id)
        if batch is None:
            raise NotFound
        if batch.exported_at is not None:
            raise BatchHandedOut
        if state_of(batch.exported_at, batch.stopped_at, batch.expires_at, now) != "new":
            raise BatchClosed
        is_much = needs_second_person(batch.budget_points, occasion_at(now))
        if is_much and batch.created_by_staff_id == staff_id:
            raise BatchNeedsAnother
        made = codes.hand_out(batch, staff_id, now)
        _record(
            "export", batch_id, staff_id, now, {"pieces": batch.pieces, "points_total": batch.budget_points}
        )
        return made


def stop_batch(batch_id: int, *, staff_id: int, now: datetime) -> None:
    """Let no code of a batch count any more; what was given stays.  A repeat changes nothing.  Raises NotFound."""
    with transaction():
        batch = codes.batch_of(batch_id)
        if batch is None:
            raise NotFound
        if batch.stopped_at is None:
            codes.stop(batch_id, staff_id, now)
            _record("stop", batch_id, staff_id, now, None)


def redeem_code(member_id: int, written: str, *, key: str, place: str, now: datetime) -> RedeemedCode:
    """Credit the points of a code, once for all members at whatever moment; ``place`` is the network address that asks.

    The same ``key`` again answers as the first time.  Raises PointsCodeRefused for any code that does not count (the cause
    is not told), PointsCodeUsedByYou, MemberSuspended, TooManyRequests.
    """
    with transaction():
        refusal = count_attempts(
            ((POINTS_CODE_OF_MEMBER, str(member_id)), (POINTS_CODE_OF_PLACE, place)), now
        )
    if refusal:
        raise refusal
    letters = tidy_code(written)
    if letters is None:
        raise PointsCodeRefused
    with transaction() as session:
        account = accounts.lock(member_id)
        code = codes.known_code(letters)
        if code is None:
            raise PointsCodeRefused
        if code.member_id == member_id:
            return _again(code, key)
        if session.scalar(STATE, {"member_id": member_id}) != "active":
            raise MemberSuspended
        if not codes.use(code.id, member_id, key, now):
            raise PointsCodeRefused
        why = because("code_redeemed", batch=code.batch_name)
        line = Line("grant", "issued", _reference(code), (why,), source_class=code.source_class)
        entry_id = entries.earn(member_id, code.points, line, occasion_at(now), account=account)
    return RedeemedCode(entry_id, code.points)


def _again(code: KnownCode, key: str) -> RedeemedCode:
    entry_id = entries.entry_of(_reference(code))
    if code.request_key != key or entry_id is None:
        raise PointsCodeUsedByYou(code.points)
    return RedeemedCode(entry_id, code.points)


def _reference(code: KnownCode) -> str:
    return f"code:{code.id}"


def _record(deed: str, batch_id: int, staff_id: int, now: datetime, after: dict[str, object] | None) -> None:
    subject = f"code_batch:{batch_id}"
    audit.record(staff_id=staff_id, action=f"code_batch.{deed}", subject=subject, now=now, after=after)
