"""Points given or taken by hand: one entry, one audit row, one event; once for each key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from shop.books import audit, outbox
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import InvalidInput, KeyReused, NotFound
from shop.extensions import db
from shop.models import PointsAccount, PointsEntry
from shop.rules.points.expiry import start_of_day
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import because
from shop.rules.rulebook import SOURCE_CLASSES, SourceClass

POINTS_MAX = 1_000_000
REASON_LENGTH_MAX = 200


@dataclass(frozen=True)
class Wish:
    """What somebody wants to adjust.  ``points`` above 0 gives; ``expires_on`` is the last day, None: as the class says.

    ``attachment`` names a file that was kept; ``points_kind`` is the main one or one of the rulebook.
    """

    member_id: int
    points: int
    reason: str
    source_class: SourceClass
    expires_on: date | None
    attachment: str | None
    staff_id: int | None
    key: str
    points_kind: str = MAIN_KIND

    def to_payload(self) -> dict[str, Any]:
        """JSON, to be done later exactly as it stands."""
        return {**vars(self), "expires_on": self.expires_on.isoformat() if self.expires_on else None}

    @staticmethod
    def from_payload(payload: Mapping[str, Any]) -> "Wish":
        day = payload["expires_on"]
        return Wish(**{**payload, "expires_on": date.fromisoformat(day) if day else None})


@dataclass(frozen=True)
class Adjustment:
    """The entry that was written, and the balance after it."""

    entry_id: int
    points: int
    balance_after_points: int


def check_wish(wish: Wish, occasion: Occasion) -> None:
    """Raises InvalidInput for what cannot be meant, and NotFound for nobody."""
    is_sound = (
        0 < len(wish.reason) <= REASON_LENGTH_MAX
        and 0 < abs(wish.points) <= POINTS_MAX
        and wish.source_class in SOURCE_CLASSES
        and occasion.rulebook.has_kind(wish.points_kind)
        and (
            wish.expires_on is None
            or (wish.points > 0 and occasion.today <= wish.expires_on <= date(9000, 1, 1))
        )
    )
    if not is_sound:
        raise InvalidInput
    if db.session.scalar(select(PointsAccount.id).where(PointsAccount.member_id == wish.member_id)) is None:
        raise NotFound


def needs_second_person(points: int, occasion: Occasion) -> bool:
    """Whether so many points, given or taken, are above what one person may adjust alone (E20)."""
    above = occasion.rulebook.publishing.adjustments_second_person_above
    return above is not None and abs(points) > above


def book(wish: Wish, now: datetime) -> Adjustment:
    """Write the adjustment.  The same key again writes nothing and returns the first.

    Raises InvalidInput, NotFound, InsufficientPoints when more is taken than there is, and KeyReused when the key came
    with another wish.
    """
    occasion = occasion_at(now)
    check_wish(wish, occasion)
    before = accounts.lock(wish.member_id, wish.points_kind).balance_points
    if first := booked_before(wish):
        return first
    entry_id = _move(wish, occasion)
    after = accounts.lock(wish.member_id, wish.points_kind).balance_points
    outbox.put("points_adjusted", f"points_adjusted:{entry_id}", now, {"entry_id": entry_id})
    audit.record(
        staff_id=wish.staff_id,
        action="points.adjust",
        subject=f"member:{wish.member_id}",
        now=now,
        before={"balance_points": before},
        after={"balance_points": after, "points": wish.points, "entry_id": entry_id, **_extras(wish)},
        reason=wish.reason,
    )
    return Adjustment(entry_id, wish.points, after)


def booked_before(wish: Wish) -> Adjustment | None:
    """The adjustment already booked under this key.  Raises KeyReused when it was another one."""
    statement = (
        select(
            PointsEntry.id,
            PointsEntry.points,
            PointsEntry.balance_after_points,
            PointsEntry.reasons,
            PointsAccount.member_id,
            PointsAccount.kind,
        )
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .where(PointsEntry.reference == f"adjust:{wish.key}")
    )
    row = db.session.execute(statement).one_or_none()
    if row is None:
        return None
    told = row.reasons[0]["params"]["reason"]
    wished = (wish.member_id, wish.points_kind, wish.points, wish.reason)
    if (row.member_id, row.kind, row.points, told) != wished:
        raise KeyReused
    return Adjustment(row.id, row.points, row.balance_after_points)


def _move(wish: Wish, occasion: Occasion) -> int:
    line = Line(
        kind="adjust",
        program_account="adjusted",
        reference=f"adjust:{wish.key}",
        reasons=(because("adjusted", reason=wish.reason),),
        source_class=wish.source_class,
        staff_id=wish.staff_id,
    )
    if wish.points < 0:
        return entries.redeem(wish.member_id, -wish.points, line, occasion, points_kind=wish.points_kind)
    ends = start_of_day(wish.expires_on + timedelta(days=1), occasion.zone) if wish.expires_on else None
    line = replace(line, source_class=wish.source_class)
    return entries.earn(
        wish.member_id, wish.points, line, occasion, expires_at=ends, points_kind=wish.points_kind
    )


def _extras(wish: Wish) -> dict[str, Any]:
    """What the audit row says besides: only what was chosen."""
    said: dict[str, Any] = {}
    if wish.points_kind != MAIN_KIND:
        said["points_kind"] = wish.points_kind
    if wish.expires_on:
        said["expires_on"] = wish.expires_on.isoformat()
    if wish.attachment:
        said["attachment"] = wish.attachment
    return said
