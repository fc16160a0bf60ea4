"""Points as tender at a till: what would be possible for a bill, and one redemption as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books import redemptions
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Member
from shop.queries.points.balance import balance_of
from shop.rules.points.redeeming import offset_limits

TIER = select(Member.tier_code).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True)
class BillQuote:
    """How many points may pay for a bill.  ``points`` is the wish brought within the limits, ``off_cents`` its worth."""

    available: int
    points_min: int
    points_max: int
    step_points: int
    points: int
    off_cents: int
    rulebook_version: int
    reasons: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class RedemptionView:
    """``state`` is held, captured, voided or expired, as of this moment."""

    number: str
    member_id: int
    receipt: str
    state: str
    points: int
    bill_cents: int
    off_cents: int
    refunded_points: int
    refunded_cents: int
    expires_at: datetime
    rulebook_version: int


def quote_of_bill(member_id: int, bill_cents: int, points_wanted: int | None, now: datetime) -> BillQuote:
    """Quote a bill for a member; without a wish, as many points as may be used.  Writes nothing."""
    occasion, available = occasion_at(now), balance_of(member_id, now).available
    limits = offset_limits(
        goods_cents=bill_cents,
        offsettable_cents=bill_cents,
        points_available=available,
        rulebook=occasion.rulebook,
        at=now,
        tier_code=db.session.scalar(TIER, {"member_id": member_id}),
    )
    points = limits.accepted(limits.points_max if points_wanted is None else points_wanted)
    return BillQuote(
        available=available,
        points_min=limits.points_min,
        points_max=limits.points_max,
        step_points=limits.step_points,
        points=points,
        off_cents=limits.cents_for(points),
        rulebook_version=occasion.version,
        reasons=tuple(reason.to_document() for reason in limits.reasons),
    )


def redemption_of(number: str, store_id: int | None, now: datetime) -> RedemptionView | None:
    """A redemption; for a key of a store, only that store's."""
    tender = redemptions.tender_of(number)
    if tender is None or store_id not in (None, tender.store_id):
        return None
    points, cents = redemptions.refunded(tender.id)
    is_over = tender.state == "held" and tender.expires_at <= now
    return RedemptionView(
        number=tender.number,
        member_id=tender.member_id,
        receipt=tender.receipt,
        state="expired" if is_over else tender.state,
        points=tender.points,
        bill_cents=tender.bill_cents,
        off_cents=tender.off_cents,
        refunded_points=points,
        refunded_cents=cents,
        expires_at=tender.expires_at,
        rulebook_version=tender.rulebook_version,
    )
