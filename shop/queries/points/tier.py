"""A member's tier: where on the ladder, until when, how far to the next step, and how it came about."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers import history
from shop.extensions import db
from shop.models import Member, Order, Refund, Staff, TierChange, TierPack
from shop.queries.points.tier_progress import Keeping, Progress, keeping_of, progress_of
from shop.rules.points.tiers import position_of, term_end
from shop.rules.rulebook import EarningRule, Rulebook, TierPolicy, TierRule

CHANGES_SHOWN_MAX = 30
MEMBER = select(Member.growth, Member.tier_code, Member.tier_since_at, Member.joined_at).where(
    Member.id == bindparam("member_id")
)
CHANGES = (
    select(
        TierChange.id,
        TierChange.from_code,
        TierChange.to_code,
        TierChange.why,
        TierChange.at,
        TierChange.until_at,
        TierChange.measure,
        TierChange.amount,
        TierChange.needed,
        TierChange.rulebook_version,
        TierChange.entry_id,
        TierChange.reason,
        Staff.name.label("staff_name"),
    )
    .outerjoin(Staff, Staff.id == TierChange.staff_id)
    .where(TierChange.member_id == bindparam("member_id"))
    .order_by(TierChange.id.desc())
    .limit(CHANGES_SHOWN_MAX)
)
PACKS = select(TierPack.kind, TierPack.pieces).where(
    TierPack.member_id == bindparam("member_id"), TierPack.month == bindparam("month")
)


@dataclass(frozen=True)
class Change:
    """One row of the history, with names instead of codes; a tier that the ladder no longer has keeps its code.

    ``amount`` and ``needed`` are in the unit of ``measure``; None where nothing was measured.
    """

    id: int
    from_name: str | None
    to_name: str
    rises: bool | None
    why: str
    at: datetime
    until_at: datetime | None
    measure: str | None
    amount: int | None
    needed: int | None
    rulebook_version: int | None
    entry_id: int | None
    reason: str
    staff_name: str | None


@dataclass(frozen=True)
class Standing:
    """Where a member stands.  ``changes`` newest first; ``why`` is that of the last one."""

    tier: TierRule
    why: str
    since_at: datetime
    joined_at: datetime
    ladder: tuple[TierRule, ...]
    policy: TierPolicy
    progress: Progress
    keeping: Keeping | None
    changes: tuple[Change, ...]
    packs: dict[str, int]
    earning: EarningRule

    @property
    def position(self) -> int:
        """How many steps are below."""
        return next((place for place, tier in enumerate(self.ladder) if tier.code == self.tier.code), 0)

    @property
    def for_sale(self) -> tuple[TierRule, ...]:
        """The steps above that points can buy."""
        return tuple(tier for tier in self.ladder[self.position + 1 :] if tier.price_points is not None)


@dataclass(frozen=True)
class Offer:
    """A tier that this member can buy: for how many points, and the first moment without it."""

    tier: TierRule
    price_points: int
    until_at: datetime


def standing_of(member_id: int, now: datetime) -> Standing:
    """The member's standing under the rulebook in force."""
    member = db.session.execute(MEMBER, {"member_id": member_id}).one()
    occasion = occasion_at(now)
    rulebook = occasion.rulebook
    decided = history.decided_for(member_id, member.tier_code, occasion)
    return Standing(
        tier=rulebook.tier(member.tier_code),
        why=decided.held.why,
        since_at=member.tier_since_at,
        joined_at=member.joined_at,
        ladder=rulebook.tiers,
        policy=rulebook.tier_policy,
        progress=progress_of(member_id, member.growth, member.tier_code, occasion),
        keeping=keeping_of(member_id, decided, occasion),
        changes=changes_of(member_id, rulebook),
        packs=_packs(member_id, occasion),
        earning=rulebook.earning,
    )


def changes_of(member_id: int, rulebook: Rulebook) -> tuple[Change, ...]:
    """The latest rows of the member's tier history, newest first."""
    return tuple(_change(row, rulebook) for row in db.session.execute(CHANGES, {"member_id": member_id}))


def offer_of(member_id: int, code: str, now: datetime) -> Offer | None:
    """A tier above the member's own that is for sale; None otherwise."""
    member = db.session.execute(MEMBER, {"member_id": member_id}).one()
    occasion = occasion_at(now)
    rulebook, place = occasion.rulebook, position_of(code, occasion.rulebook)
    if place <= position_of(member.tier_code, rulebook) or rulebook.tiers[place].price_points is None:
        return None
    tier = rulebook.tiers[place]
    assert tier.price_points is not None, "it is for sale"
    return Offer(tier, tier.price_points, term_end(tier.price_months, occasion.today, occasion.zone))


def member_of_order(order_id: int) -> int:
    """Whose order it is."""
    return db.session.execute(select(Order.member_id).where(Order.id == order_id)).scalar_one()


def member_of_refund(refund_id: int) -> int:
    """To whom a refund goes."""
    statement = (
        select(Order.member_id).join(Refund, Refund.order_id == Order.id).where(Refund.id == refund_id)
    )
    return db.session.execute(statement).scalar_one()


def _change(row: object, rulebook: Rulebook) -> Change:
    values = dict(row._mapping)  # type: ignore[attr-defined]
    from_code, to_code = values.pop("from_code"), values.pop("to_code")
    names = {tier.code: tier.name for tier in rulebook.tiers}
    before, after = position_of(from_code, rulebook), position_of(to_code, rulebook)
    return Change(
        from_name=names.get(from_code, from_code) if from_code else None,
        to_name=names.get(to_code, to_code),
        rises=None if from_code == to_code or before < 0 else after > before,
        **values,
    )


def _packs(member_id: int, occasion: Occasion) -> dict[str, int]:
    """What this month has brought already: kind -> pieces."""
    values = {"member_id": member_id, "month": f"{occasion.today:%Y-%m}"}
    return {row.kind: row.pieces for row in db.session.execute(PACKS, values)}
