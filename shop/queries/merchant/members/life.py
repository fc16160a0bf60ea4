"""What staff see of the life of a member's points: a freeze, lapses that can be given back, merges and their way back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.extensions import db
from shop.models import (
    Lot,
    LotExtension,
    Member,
    MemberMerge,
    Order,
    PointsAccount,
    PointsEntry,
    PointsFreeze,
    Staff,
    is_main_account,
)

LAPSES_MAX = 20
REVERSIBLE = timedelta(days=7)
A_WEEK = timedelta(days=7)
FREEZE = (
    select(
        PointsFreeze.freezes_spending,
        PointsFreeze.freezes_earning,
        PointsFreeze.reason,
        PointsFreeze.review_on,
        PointsFreeze.frozen_at,
        Staff.name,
    )
    .join(Staff, Staff.id == PointsFreeze.staff_id)
    .where(PointsFreeze.member_id == bindparam("member_id"), PointsFreeze.lifted_at.is_(None))
)
Back = aliased(PointsEntry)
LAPSES = (
    select(PointsEntry.id, -PointsEntry.points, PointsEntry.occurred_at, Back.points)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Back, (Back.corrects_entry_id == PointsEntry.id) & (Back.kind == "grant"))
    .where(PointsAccount.member_id == bindparam("member_id"), PointsEntry.kind == "expire")
    .order_by(PointsEntry.id.desc())
    .limit(LAPSES_MAX)
)
Other = aliased(Member)
MERGES = (
    select(
        MemberMerge.id,
        MemberMerge.from_member_id,
        MemberMerge.into_member_id,
        Other.name,
        MemberMerge.merged_at,
        MemberMerge.reversed_at,
    )
    .join(
        Other,
        (Other.id == MemberMerge.from_member_id) & (MemberMerge.into_member_id == bindparam("member_id"))
        | (Other.id == MemberMerge.into_member_id) & (MemberMerge.from_member_id == bindparam("member_id")),
    )
    .order_by(MemberMerge.id.desc())
    .limit(LAPSES_MAX)
)
SIDE = (
    select(
        Member.id,
        Member.name,
        Member.phone_last4,
        Member.state,
        Member.growth,
        Member.joined_at,
        PointsAccount.balance_points,
        PointsAccount.debt_points,
        select(func.count())
        .where(Order.member_id == Member.id)
        .correlate(Member)
        .scalar_subquery()
        .label("orders"),
        select(func.count())
        .where(
            Lot.account_id == PointsAccount.id, Lot.remaining_points > 0, Lot.expires_at > bindparam("now")
        )
        .correlate(PointsAccount)
        .scalar_subquery()
        .label("lots"),
    )
    .join(PointsAccount, (PointsAccount.member_id == Member.id) & is_main_account)
    .where(Member.id == bindparam("member_id"))
)


@dataclass(frozen=True)
class OpenFreeze:
    freezes_spending: bool
    freezes_earning: bool
    reason: str
    review_on: date
    frozen_at: datetime
    staff_name: str


@dataclass(frozen=True)
class LapseRow:
    """A lapse.  ``reinstated`` is how many of its points were given back; None: nobody did."""

    entry_id: int
    points: int
    at: datetime
    reinstated: int | None


@dataclass(frozen=True)
class MergeRow:
    """A merge in which the member took part; ``is_gone``: it was this one that ended."""

    id: int
    is_gone: bool
    other_id: int
    other_name: str
    merged_at: datetime
    reversed_at: datetime | None
    is_reversible: bool


@dataclass(frozen=True)
class Life:
    """Everything about one member's points that is not a number."""

    freeze: OpenFreeze | None
    lapses: tuple[LapseRow, ...]
    merges: tuple[MergeRow, ...]


@dataclass(frozen=True)
class MergeSide:
    """One of two accounts, before they become one."""

    id: int
    name: str
    phone_last4: str
    state: str
    growth: int
    joined_at: datetime
    balance_points: int
    debt_points: int
    orders: int
    lots: int


@dataclass(frozen=True)
class Alerts:
    """What staff should look at: lots whose end was put off in the last week, and freezes whose day has come."""

    put_off_lots: int
    reviews: tuple[tuple[int, str, date], ...]


def life_of(member_id: int, now: datetime) -> Life:
    """The member's freeze, lapses and merges, in three statements."""
    named = {"member_id": member_id}
    freeze = db.session.execute(FREEZE, named).one_or_none()
    return Life(
        freeze=None if freeze is None else OpenFreeze(*freeze),
        lapses=tuple(LapseRow(*row) for row in db.session.execute(LAPSES, named)),
        merges=tuple(_merge(row, member_id, now) for row in db.session.execute(MERGES, named)),
    )


def lapse_of(member_id: int, entry_id: int) -> LapseRow | None:
    """One lapse of this member."""
    statement = LAPSES.where(PointsEntry.id == bindparam("entry_id"))
    row = db.session.execute(statement, {"member_id": member_id, "entry_id": entry_id}).one_or_none()
    return None if row is None else LapseRow(*row)


def merge_side(member_id: int, now: datetime) -> MergeSide | None:
    """What one account would bring or take in."""
    row = db.session.execute(SIDE, {"member_id": member_id, "now": now}).one_or_none()
    return None if row is None else MergeSide(*row)


def merge_of(merge_id: int, now: datetime) -> MergeRow | None:
    """One merge, seen from the account that ended."""
    gone = db.session.scalar(select(MemberMerge.from_member_id).where(MemberMerge.id == merge_id))
    if gone is None:
        return None
    rows = db.session.execute(MERGES.where(MemberMerge.id == merge_id), {"member_id": gone})
    return next((_merge(row, gone, now) for row in rows), None)


def points_alerts(now: datetime, today: date) -> Alerts:
    """What the first page of the back office reminds of."""
    put_off = select(func.count()).where(
        LotExtension.reason == "not_announced", LotExtension.created_at > now - A_WEEK
    )
    reviews = (
        select(PointsFreeze.member_id, Member.name, PointsFreeze.review_on)
        .join(Member, Member.id == PointsFreeze.member_id)
        .where(PointsFreeze.lifted_at.is_(None), PointsFreeze.review_on <= today)
        .order_by(PointsFreeze.review_on, PointsFreeze.id)
        .limit(LAPSES_MAX)
    )
    due = tuple((row[0], row[1], row[2]) for row in db.session.execute(reviews))
    return Alerts(int(db.session.scalar(put_off) or 0), due)


def _merge(row: Any, member_id: int, now: datetime) -> MergeRow:
    merge_id, from_id, into_id, name, merged_at, reversed_at = row
    return MergeRow(
        id=merge_id,
        is_gone=from_id == member_id,
        other_id=into_id if from_id == member_id else from_id,
        other_name=name,
        merged_at=merged_at,
        reversed_at=reversed_at,
        is_reversible=reversed_at is None and now <= merged_at + REVERSIBLE,
    )
