"""One person had two accounts: the points of one move to the other, and what belongs to them follows.

Entries are never changed: each lot leaves by one entry and arrives by another, with its class, credit and end.  Within
seven days the merge can be undone; what was spent meanwhile stays spent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import aliased

from shop.books import audit, belongings, logins, outbox
from shop.books.orders import growth
from shop.books.points import accounts, moving
from shop.books.rulebooks import occasion_at
from shop.errors import InvalidInput, MergeNotReversible, MergeRefused, NotFound
from shop.extensions import db
from shop.models import DrawAttempt, Member, MemberMerge, Order, PointsAccount, is_main_account
from shop.transaction import transaction

REVERSIBLE = timedelta(days=7)
REASON_LENGTH_MAX = 200
QUIET = {"synchronize_session": False}
every_account = aliased(PointsAccount)
HELD = (
    select(func.coalesce(func.sum(every_account.held_points), 0))
    .where(every_account.member_id == Member.id)
    .correlate(Member)
    .scalar_subquery()
)
BOTH = (
    select(
        Member.id,
        Member.state,
        Member.growth,
        HELD.label("held_points"),
        PointsAccount.is_spending_frozen,
        PointsAccount.is_earning_frozen,
    )
    .join(PointsAccount, (PointsAccount.member_id == Member.id) & is_main_account)
    .where(Member.id.in_(bindparam("members", expanding=True)))
)
UNPAID = select(func.count()).where(Order.member_id == bindparam("member_id"), Order.state == "placed")
UNCLAIMED = select(func.count()).where(
    DrawAttempt.member_id == bindparam("member_id"), DrawAttempt.claim_state == "waiting"
)
MERGED_HERE = select(func.count()).where(
    MemberMerge.into_member_id == bindparam("member_id"), MemberMerge.reversed_at.is_(None)
)


@dataclass(frozen=True)
class Merged:
    """A merge that stands: its number and the points that moved."""

    merge_id: int
    points: int


def merge_members(from_id: int, into_id: int, *, reason: str, staff_id: int, now: datetime) -> Merged:
    """Merge one member into another: lots, orders, coupons, tickets, favourites, growth; the first one's logins end.

    The same merge again answers with the first.  Raises InvalidInput, NotFound and MergeRefused with its cause.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise InvalidInput
    with transaction():
        if first := _standing(from_id, into_id):
            return Merged(first, 0)
        if cause := refusal_of(from_id, into_id, lock=True):
            raise MergeRefused(cause)
        occasion = occasion_at(now)
        merge_id = _open(from_id, into_id, reason, staff_id, now)
        points = moving.move_all(merge_id, from_id, into_id, occasion)
        moved = belongings.move_all(from_id, into_id, f"merge:{merge_id}", occasion)
        moved["growth"] = _move_growth(from_id, into_id)
        moved["points"] = points
        _write(merge_id, {"moved": moved})
        _set_state(from_id, "closed")
        logins.end_all_of_member(from_id, now)
        payload = {"merge_id": merge_id, "into_member_id": into_id, "points": points}
        outbox.put("members_merged", f"members_merged:{merge_id}", now, payload)
        _record("member.merge", from_id, {"into_member_id": into_id, "points": points}, reason, staff_id, now)
    return Merged(merge_id, points)


def undo_merge(merge_id: int, *, reason: str, staff_id: int, now: datetime) -> int:
    """Undo a merge within seven days: what is left of everything goes back.  Returns the points that went back.

    Raises InvalidInput, NotFound, and MergeNotReversible when it is too late or was done before.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_LENGTH_MAX:
        raise InvalidInput
    with transaction() as session:
        merge = session.execute(
            select(MemberMerge).where(MemberMerge.id == merge_id).with_for_update()
        ).scalar_one_or_none()
        if merge is None:
            raise NotFound
        if merge.reversed_at is not None or now > merge.merged_at + REVERSIBLE:
            raise MergeNotReversible
        from_id, into_id, moved = merge.from_member_id, merge.into_member_id, dict(merge.moved)
        accounts.lock_all(_account_ids((from_id, into_id)))
        points = moving.move_back(merge_id, from_id, into_id, occasion_at(now))
        _add_growth(from_id, into_id, -belongings.growth_to_give_back(moved))
        belongings.move_back(moved, from_id, into_id, f"part:{merge_id}", occasion_at(now))
        _set_state(from_id, "active")
        _write(merge_id, {"reversed_at": now, "reversed_by_staff_id": staff_id})
        _record("member.part", from_id, {"into_member_id": into_id, "points": points}, reason, staff_id, now)
    return points


def refusal_of(from_id: int, into_id: int, *, lock: bool = False) -> str | None:
    """Why two members cannot be merged now; None when they can.  Raises NotFound."""
    if from_id == into_id:
        return "same"
    if lock:
        accounts.lock_all(_account_ids((from_id, into_id)))
    rows = {row.id: row for row in db.session.execute(BOTH, {"members": [from_id, into_id]})}
    if len(rows) < 2:
        raise NotFound
    named = {"member_id": from_id}
    causes = {
        "closed": any(row.state != "active" for row in rows.values()),
        "frozen": any(row.is_spending_frozen or row.is_earning_frozen for row in rows.values()),
        "unpaid": db.session.scalar(UNPAID, named),
        "held": rows[from_id].held_points,
        "prizes": db.session.scalar(UNCLAIMED, named),
        "merged": db.session.scalar(MERGED_HERE, named),
    }
    return next((cause for cause, holds in causes.items() if holds), None)


def _account_ids(member_ids: Sequence[int]) -> list[int]:
    statement = select(PointsAccount.id).where(PointsAccount.member_id.in_(member_ids))
    return list(db.session.scalars(statement))


def _standing(from_id: int, into_id: int) -> int | None:
    statement = select(MemberMerge.id).where(
        MemberMerge.from_member_id == from_id,
        MemberMerge.into_member_id == into_id,
        MemberMerge.reversed_at.is_(None),
    )
    return db.session.scalar(statement)


def _open(from_id: int, into_id: int, reason: str, staff_id: int, now: datetime) -> int:
    row = {
        "from_member_id": from_id,
        "into_member_id": into_id,
        "reason": reason,
        "moved": {},
        "staff_id": staff_id,
        "merged_at": now,
    }
    return int(db.session.execute(insert(MemberMerge).values(row).returning(MemberMerge.id)).scalar_one())


def _write(merge_id: int, values: dict[str, Any]) -> None:
    statement = update(MemberMerge).where(MemberMerge.id == merge_id).values(values)
    db.session.execute(statement, execution_options=QUIET)


def _move_growth(from_id: int, into_id: int) -> int:
    amount = int(db.session.scalar(select(Member.growth).where(Member.id == from_id)) or 0)
    _add_growth(from_id, into_id, amount)
    return amount


def _add_growth(from_id: int, into_id: int, amount: int) -> None:
    growth.add(from_id, -amount)
    growth.add(into_id, amount)


def _set_state(member_id: int, state: str) -> None:
    statement = update(Member).where(Member.id == member_id).values(state=state)
    db.session.execute(statement, execution_options=QUIET)


def _record(
    action: str, member_id: int, after: dict[str, Any], reason: str, staff_id: int, now: datetime
) -> None:
    audit.record(
        staff_id=staff_id, action=action, subject=f"member:{member_id}", now=now, after=after, reason=reason
    )
