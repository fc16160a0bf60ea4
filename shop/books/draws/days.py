"""A day of a draw: a seed that nobody knows before the next day, and the counters that attempts move."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.crypto import seal, unseal
from shop.extensions import db, table_of
from shop.models import Draw, DrawDay, DrawMemberDay
from shop.rules.engagement.draw import commitment

SEED_BYTES = 32
QUIET = {"synchronize_session": False}
THIS_DAY = (DrawDay.draw_id == bindparam("of_draw")) & (DrawDay.day == bindparam("of_day"))
NEXT = (
    update(DrawDay)
    .where(THIS_DAY)
    .values(attempts=DrawDay.attempts + 1)
    .returning(DrawDay.attempts, DrawDay.seed_sealed, DrawDay.points_given)
)
GIVE = (
    update(DrawDay)
    .where(THIS_DAY, DrawDay.points_given + bindparam("more") <= bindparam("budget"))
    .values(points_given=DrawDay.points_given + bindparam("more"))
)
KNOWN = select(DrawDay.day).where(THIS_DAY)
FIRST_ATTEMPT = {"attempts": 1, "free_used": 0}
MEMBER_DAY = (
    (DrawMemberDay.draw_id == bindparam("of_draw"))
    & (DrawMemberDay.member_id == bindparam("of_member"))
    & (DrawMemberDay.day == bindparam("of_day"))
)
USE_FREE = (
    update(DrawMemberDay)
    .where(MEMBER_DAY, DrawMemberDay.free_used < bindparam("free"))
    .values(free_used=DrawMemberDay.free_used + 1)
)
NO_BUDGET = 2**62


@dataclass(frozen=True)
class Turn:
    """The next attempt of a day: its number, the day's seed, and the points the day has given so far."""

    counter: int
    seed: bytes
    points_given: int


def ensure(draw_id: int, day: date) -> None:
    """Make the day's seed and publish its commitment, unless that has happened."""
    if db.session.scalar(KNOWN, {"of_draw": draw_id, "of_day": day}):
        return
    seed = secrets.token_bytes(SEED_BYTES)
    row = {
        "draw_id": draw_id,
        "day": day,
        "seed_sealed": seal(seed.hex()),
        "commitment": commitment(seed),
        "attempts": 0,
        "points_given": 0,
    }
    db.session.execute(_insert(DrawDay).values(row).on_conflict_do_nothing())


def next_turn(draw_id: int, day: date) -> Turn:
    """Take the next number of the day, which begins with it.  Until the transaction ends, nobody else takes one."""
    this_day = {"of_draw": draw_id, "of_day": day}
    row = db.session.execute(NEXT, this_day, execution_options=QUIET).one_or_none()
    if row is None:
        ensure(draw_id, day)
        row = db.session.execute(NEXT, this_day, execution_options=QUIET).one()
    return Turn(row.attempts, bytes.fromhex(unseal(row.seed_sealed)), row.points_given)


def give_points(draw_id: int, day: date, points: int, budget: int | None) -> bool:
    """Count points against the day's budget.  False when it leaves no room."""
    limit = NO_BUDGET if budget is None else budget
    values = {"of_draw": draw_id, "of_day": day, "more": points, "budget": limit}
    return bool(db.session.execute(GIVE, values, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]


def count_attempt(draw: Draw, member_id: int, day: date) -> bool:
    """Count an attempt against the member's limit of the day.  False when it is reached."""
    if draw.attempts_per_day < 1:
        return False
    row = {"draw_id": draw.id, "member_id": member_id, "day": day, **FIRST_ATTEMPT}
    statement = _insert(DrawMemberDay).values(row)
    counted = statement.on_conflict_do_update(
        index_elements=["draw_id", "member_id", "day"],
        set_={"attempts": DrawMemberDay.attempts + 1},
        where=DrawMemberDay.attempts < draw.attempts_per_day,
    ).returning(table_of(DrawMemberDay).c.attempts)
    return db.session.execute(counted).first() is not None


def use_free_chance(draw: Draw, member_id: int, day: date) -> bool:
    """Use one of the member's free chances of the day.  False when there is none left."""
    if draw.free_per_day < 1:
        return False
    return _move(USE_FREE, draw.id, member_id, day, free=draw.free_per_day)


def _move(statement: object, draw_id: int, member_id: int, day: date, **limit: int) -> bool:
    values = {"of_draw": draw_id, "of_member": member_id, "of_day": day, **limit}
    changed = db.session.execute(statement, values, execution_options=QUIET)  # type: ignore[call-overload]
    return bool(changed.rowcount)


def _insert(model: type[DrawDay] | type[DrawMemberDay]) -> postgresql.Insert | sqlite.Insert:
    if db.session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table_of(model))
    return sqlite.insert(table_of(model))
