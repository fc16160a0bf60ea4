"""The sign-in book: one row per member and shop-day (invariant G1).

Callers hold the lock of the member's points account, so two sign-ins of one member never overlap; the primary key
stands behind it.  ``streak`` of a row follows from the days alone: a make-up lengthens the run that it joins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Row, bindparam, func, insert, select, update

from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import SignIn
from shop.rules.reasons import Reason

SignedRow = Row[date, str, int, int, int, list[int]]
ONE_DAY = timedelta(days=1)
QUIET = {"synchronize_session": False}
COLUMNS = (SignIn.day, SignIn.kind, SignIn.streak, SignIn.points, SignIn.cost_points, SignIn.milestones)
OF_DAY = select(*COLUMNS).where(SignIn.member_id == bindparam("member"), SignIn.day == bindparam("day"))
LAST_BEFORE = (
    select(*COLUMNS)
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
    .values(streak=SignIn.streak + bindparam("longer"))
)
NEW_SIGN_IN = insert(table_of(SignIn))


@dataclass(frozen=True)
class SignedDay:
    """A row of the book."""

    day: date
    kind: str
    streak: int
    points: int
    cost_points: int
    milestones: tuple[int, ...]


@dataclass(frozen=True)
class NewSignIn:
    """What a sign-in brought: points of the day and of its milestones, and what a make-up cost."""

    day: date
    streak: int
    points: int
    milestones: tuple[int, ...]
    reasons: Sequence[Reason]
    kind: str = "daily"
    cost_points: int = 0


def of_day(member_id: int, day: date) -> SignedDay | None:
    """The sign-in of a day, if there is one."""
    return _first(db.session.execute(OF_DAY, {"member": member_id, "day": day}).one_or_none())


def last_before(member_id: int, day: date) -> SignedDay | None:
    """The latest sign-in before a day."""
    return _first(db.session.execute(LAST_BEFORE, {"member": member_id, "day": day}).one_or_none())


def since(member_id: int, first: date) -> list[SignedDay]:
    """The sign-ins from a day on, in order."""
    return [_signed_day(row) for row in db.session.execute(SINCE, {"member": member_id, "first": first})]


def runs_around(member_id: int, day: date) -> list[SignedDay]:
    """The sign-ins from the start of the run that ends the day before ``day``, up to the latest."""
    before = last_before(member_id, day)
    joins = before is not None and before.day == day - ONE_DAY
    return since(member_id, day - before.streak * ONE_DAY if before and joins else day)


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
        "cost_points": signin.cost_points,
        "reasons": [reason.to_document() for reason in signin.reasons],
        "rulebook_version": occasion.version,
        "created_at": occasion.now,
    }
    db.session.execute(NEW_SIGN_IN, row)


def lengthen_run(member_id: int, made_up: date, run_end: date, longer: int) -> None:
    """The days after a made-up one are now that many further into their run."""
    values = {"member": member_id, "made_up": made_up, "run_end": run_end, "longer": longer}
    db.session.execute(LENGTHEN, values, execution_options=QUIET)


def _first(row: SignedRow | None) -> SignedDay | None:
    return None if row is None else _signed_day(row)


def _signed_day(row: SignedRow) -> SignedDay:
    return SignedDay(row.day, row.kind, row.streak, row.points, row.cost_points, tuple(row.milestones))
