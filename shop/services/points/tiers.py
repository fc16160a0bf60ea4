"""A member's tier follows the growth."""

from datetime import datetime

from sqlalchemy import select, update

from shop.books import outbox
from shop.books.rulebooks import occasion_at
from shop.models import Member
from shop.rules.points.tiers import tier_for
from shop.rules.rulebook import Rulebook
from shop.transaction import transaction

QUIET = {"synchronize_session": False}


def check_tier(member_id: int, now: datetime, *, may_fall: bool = False) -> str | None:
    """Put a member on the tier that their growth has reached.  Returns the new tier's code, or None for no change.

    Upwards at once; downwards only with ``may_fall``, after a refund took growth away.
    """
    with transaction() as session:
        statement = select(Member.growth, Member.tier_code).where(Member.id == member_id).with_for_update()
        member = session.execute(statement).one_or_none()
        if member is None:
            return None
        rulebook = occasion_at(now).rulebook
        tier = tier_for(member.growth, rulebook)
        if tier.code == member.tier_code or not (
            may_fall or _is_above(tier.code, member.tier_code, rulebook)
        ):
            return None
        values = {"tier_code": tier.code, "tier_since_at": now}
        session.execute(update(Member).where(Member.id == member_id).values(values), execution_options=QUIET)
        key = f"tier_changed:{member_id}:{tier.code}:{now.isoformat()}"
        payload = {"member_id": member_id, "tier_code": tier.code, "tier_name": tier.name}
        outbox.put("tier_changed", key, now, payload)
    return tier.code


def _is_above(code: str, other: str, rulebook: Rulebook) -> bool:
    """Whether a tier stands above another; one that this rulebook no longer has is below all."""
    codes = [tier.code for tier in rulebook.tiers]
    return other not in codes or codes.index(code) > codes.index(other)
