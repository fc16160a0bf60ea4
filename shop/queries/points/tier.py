"""A member's tier: where on the ladder, and how far to the next step."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Member, Order, Refund
from shop.rules.points.tiers import next_tier
from shop.rules.rulebook import EarningRule, TierRule


@dataclass(frozen=True)
class Standing:
    """``percent`` is the way from this step to the next; 100 on the highest."""

    tier: TierRule
    since_at: datetime
    growth: int
    ladder: tuple[TierRule, ...]
    next: TierRule | None
    missing_growth: int
    percent: int
    earning: EarningRule

    @property
    def position(self) -> int:
        """How many steps are below."""
        return next((place for place, tier in enumerate(self.ladder) if tier.code == self.tier.code), 0)


def standing_of(member_id: int, now: datetime) -> Standing:
    """The member's standing under the rulebook in force."""
    statement = select(Member.growth, Member.tier_code, Member.tier_since_at).where(Member.id == member_id)
    member = db.session.execute(statement).one()
    rulebook = occasion_at(now).rulebook
    tier, above = rulebook.tier(member.tier_code), next_tier(member.growth, rulebook)
    return Standing(
        tier=tier,
        since_at=member.tier_since_at,
        growth=member.growth,
        ladder=rulebook.tiers,
        next=above.tier if above else None,
        missing_growth=above.missing_growth if above else 0,
        percent=member.growth * 100 // above.tier.growth_from if above else 100,
        earning=rulebook.earning,
    )


def member_of_order(order_id: int) -> int:
    """Whose order it is."""
    return db.session.execute(select(Order.member_id).where(Order.id == order_id)).scalar_one()


def member_of_refund(refund_id: int) -> int:
    """To whom a refund goes."""
    statement = (
        select(Order.member_id).join(Refund, Refund.order_id == Order.id).where(Refund.id == refund_id)
    )
    return db.session.execute(statement).scalar_one()
