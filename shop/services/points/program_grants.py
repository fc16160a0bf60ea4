"""A program gives points by hand of nobody: a campaign elsewhere, a partner, a survey."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books import api_budgets, audit, outbox
from shop.books.points import accounts, entries
from shop.books.points.adjustments import needs_second_person
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import InvalidInput, KeyReused, NotFound, PartnerBudgetUsed, SecondPersonNeeded
from shop.extensions import db
from shop.models import Member, PointsAccount, PointsEntry
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import because
from shop.rules.rulebook import SourceClass
from shop.transaction import transaction


@dataclass(frozen=True, kw_only=True)
class Gift:
    """Points for a member, with the reason that the member reads.  The class decides their expiry."""

    member_id: int
    points: int
    reason: str
    source_class: SourceClass
    points_kind: str = MAIN_KIND


def grant_by_program(gift: Gift, *, api_key_id: int, key: str, now: datetime) -> int:
    """Give points.  Returns the entry.  The same ``key`` again gives nothing and returns the first entry.

    Raises NotFound, InvalidInput for a kind that is none, KeyReused when the key came with another gift,
    SecondPersonNeeded above what one person may give alone (E20): a program is nobody's second person; and
    PartnerBudgetUsed when the key has a budget for the month and these points do not fit.
    """
    reference = f"api-grant:{api_key_id}:{key}"
    with transaction():
        _lock(gift.member_id)
        if first := _booked(reference, gift):
            return first
        occasion = occasion_at(now)
        if not occasion.rulebook.has_kind(gift.points_kind):
            raise InvalidInput
        if needs_second_person(gift.points, occasion):
            raise SecondPersonNeeded
        line = Line(
            "grant",
            "partner" if api_budgets.is_partner(api_key_id) else "issued",
            reference,
            (because("adjusted", reason=gift.reason),),
            source_class=gift.source_class,
        )
        entry_id = entries.earn(gift.member_id, gift.points, line, occasion, points_kind=gift.points_kind)
        _count_in(api_key_id, gift.points, occasion)
        outbox.put("points_adjusted", f"points_adjusted:{entry_id}", now, {"entry_id": entry_id})
        audit.record(
            staff_id=None,
            action="points.grant",
            subject=f"member:{gift.member_id}",
            now=now,
            after={"points": gift.points, "entry_id": entry_id, "api_key_id": api_key_id},
            reason=gift.reason,
        )
    return entry_id


def _lock(member_id: int) -> None:
    state = db.session.scalar(select(Member.state).where(Member.id == member_id))
    if state is None or state == "closed":
        raise NotFound
    accounts.lock(member_id)


def _booked(reference: str, gift: Gift) -> int | None:
    """The entry already booked under this reference; refused when it was another gift."""
    row = db.session.execute(
        select(
            PointsEntry.id,
            PointsEntry.points,
            PointsEntry.reasons,
            PointsAccount.member_id,
            PointsAccount.kind,
        )
        .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
        .where(PointsEntry.reference == reference)
    ).one_or_none()
    if row is None:
        return None
    told = (row.member_id, row.kind, row.points, row.reasons[0]["params"]["reason"])
    if told != (gift.member_id, gift.points_kind, gift.points, gift.reason):
        raise KeyReused
    return int(row.id)


def _count_in(api_key_id: int, points: int, occasion: Occasion) -> None:
    if not api_budgets.count_in(api_key_id, f"{occasion.today:%Y-%m}", points):
        raise PartnerBudgetUsed(points)
