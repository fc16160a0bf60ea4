"""The sign-in book: one row per member and shop-day (invariant G1).

Callers hold the lock of the member's points account, so two sign-ins of one member never overlap; the primary key
stands behind it.  ``streak`` of a row follows from the days alone: a make-up lengthens the run that it joins.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, select, update

from shop.books.rulebooks import Occasion, occasion_under
from shop.extensions import db, table_of
from shop.models import SignIn
from shop.models.columns import JsonObject
from shop.rules.engagement.signin import ONE_DAY, Cycle, DaySigned, Table
from shop.rules.reasons import Reason

QUIET = {"synchronize_session": False}
DAYS_BACK = 7  # nothing that was signed earlier and in another month decides about today
COLUMNS = (
    SignIn.day,
    SignIn.kind,
    SignIn.streak,
    SignIn.points,
    SignIn.cost_points,
    SignIn.milestones,
    SignIn.month_steps,
    SignIn.cycle_version,
    SignIn.cycle_offset,
    SignIn.rulebook_version,
    SignIn.created_at,
)
OF_DAY = select(*COLUMNS, SignIn.reasons).where(
    SignIn.member_id == bindparam("member"), SignIn.day == bindparam("day")
)
STREAK_BEFORE = (
    select(SignIn.day, SignIn.streak)
    .where(SignIn.member_id == bindparam("member"), SignIn.day < bindparam("day"))
    .order_by(SignIn.day.desc())
    .limit(1)
)
SINCE = (
    select(*COLUMNS)
    .where(SignIn.member_id == bindparam("member"), SignIn.day >= bindparam("first"))
    .order_by(SignIn.day)
)
MAKEUPS = select(func.count()).where(
    SignIn.member_id == bindparam("member"),
    SignIn.kind == "makeup",
    SignIn.day.between(bindparam("first"), bindparam("last")),
)
LENGTHEN = (
    update(SignIn)
    .where(
        SignIn.member_id == bindparam("member"),
        SignIn.day > bindparam("made_up"),
        SignIn.day <= bindparam("run_end"),
    )
    .values(
        streak=SignIn.streak + bindparam("longer"),
        cycle_offset=case(
            (SignIn.cycle_offset > 0, SignIn.cycle_offset + bindparam("longer")),
            else_=bindparam("new_offset"),
        ),
    )
)
NEW_SIGN_IN = insert(table_of(SignIn))


@dataclass(frozen=True)
class SignedDay:
    """A row of the book.  ``reasons`` are read for a single day only."""

    day: date
    kind: str
    streak: int
    points: int
    cost_points: int
    milestones: tuple[int, ...]
    month_steps: tuple[int, ...]
    cycle_version: int
    cycle_offset: int
    rulebook_version: int
    created_at: datetime
    reasons: tuple[JsonObject, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NewSignIn:
    """What a sign-in brought: points of the day, its milestones and steps, and what a make-up cost."""

    day: date
    streak: int
    cycle: Cycle
    points: int
    milestones: tuple[int, ...]
    month_steps: tuple[int, ...]
    reasons: Sequence[Reason]
    kind: str = "daily"
    cost_points: int = 0


def of_day(member_id: int, day: date) -> SignedDay | None:
    """The sign-in of a day with its reasons, if there is one."""
    row = db.session.execute(OF_DAY, {"member": member_id, "day": day}).one_or_none()
    return None if row is None else replace(_signed_day(row), reasons=tuple(row.reasons))


def since(member_id: int, first: date) -> list[SignedDay]:
    """The sign-ins from a day on, in order."""
    return [_signed_day(row) for row in db.session.execute(SINCE, {"member": member_id, "first": first})]


def of_late(member_id: int, day: date) -> list[SignedDay]:
    """The sign-ins that decide what one on ``day`` brings: of its month and of the seven days before."""
    return since(member_id, min(day.replace(day=1), day - DAYS_BACK * ONE_DAY))


def around(member_id: int, day: date) -> list[SignedDay]:
    """The same for a missed day: with the whole run that ends before it, up to the latest."""
    first = min(day.replace(day=1), day - DAYS_BACK * ONE_DAY)
    before = db.session.execute(STREAK_BEFORE, {"member": member_id, "day": day}).one_or_none()
    if before is not None and before.day == day - ONE_DAY:
        first = min(first, day - before.streak * ONE_DAY)
    return since(member_id, first)


def days_of(rows: Iterable[SignedDay], occasion: Occasion) -> list[DaySigned]:
    """The rows as rules see them, with the tables of their versions."""
    rows = list(rows)
    numbers = {number for row in rows for number in (row.cycle_version, row.rulebook_version)}
    tables = {number: _table(number, occasion) for number in numbers}
    return [
        DaySigned(
            row.day,
            row.streak,
            Cycle(tables[row.cycle_version], row.cycle_offset),
            tables[row.rulebook_version],
            row.created_at,
            row.milestones,
        )
        for row in rows
    ]


def makeups_in_month(member_id: int, month: date) -> int:
    """How many days of the month of ``month`` were made up."""
    first = month.replace(day=1)
    last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    return int(db.session.scalar(MAKEUPS, {"member": member_id, "first": first, "last": last}) or 0)


def record(member_id: int, signin: NewSignIn, occasion: Occasion) -> None:
    """Write a sign-in.  A second one of the same day fails on the primary key."""
    row = {
        "member_id": member_id,
        "day": signin.day,
        "kind": signin.kind,
        "streak": signin.streak,
        "points": signin.points,
        "milestones": list(signin.milestones),
        "month_steps": list(signin.month_steps),
        "cost_points": signin.cost_points,
        "reasons": [reason.to_document() for reason in signin.reasons],
        "rulebook_version": occasion.version,
        "cycle_version": signin.cycle.table.version,
        "cycle_offset": signin.cycle.offset,
        "created_at": occasion.now,
    }
    db.session.execute(NEW_SIGN_IN, row)


def lengthen_run(member_id: int, made_up: date, run_end: date, *, longer: int, new_offset: int) -> None:
    """The days after a made-up one are now that many further into their run.

    Those that their table counted from the start of the run, it counts from ``new_offset`` days after the new start.
    """
    values = {
        "member": member_id,
        "made_up": made_up,
        "run_end": run_end,
        "longer": longer,
        "new_offset": new_offset,
    }
    db.session.execute(LENGTHEN, values, execution_options=QUIET)


def _table(version: int, occasion: Occasion) -> Table:
    if version != occasion.version:
        occasion = occasion_under(version, occasion.now)
    return Table(version, occasion.rulebook.signin)


def _signed_day(row: Any) -> SignedDay:
    return SignedDay(
        day=row.day,
        kind=row.kind,
        streak=row.streak,
        points=row.points,
        cost_points=row.cost_points,
        milestones=tuple(row.milestones),
        month_steps=tuple(row.month_steps),
        cycle_version=row.cycle_version,
        cycle_offset=row.cycle_offset,
        rulebook_version=row.rulebook_version,
        created_at=row.created_at,
    )
