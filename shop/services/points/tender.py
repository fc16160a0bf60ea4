"""Points as tender at a till: set aside for a bill, then taken or let go; given back when the goods come back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from shop.books import redemptions
from shop.books.points import entries, holds
from shop.books.points.entries import Line
from shop.books.redemptions import Tender
from shop.books.rulebooks import Occasion, occasion_at, occasion_under
from shop.crypto import new_token
from shop.errors import KeyReused, MemberSuspended, NotFound, PointsNotUsable, RedemptionEnded, RefundTooLarge
from shop.models import Member
from shop.rules.points.redeeming import OffsetLimits, offset_limits
from shop.rules.reasons import because
from shop.transaction import transaction

BATCH = 100
UNLIMITED_POINTS = 10**9
PAYER = select(Member.state, Member.tier_code).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True, kw_only=True)
class Bill:
    """What a till asks: ``points`` for a bill of ``bill_cents``.  ``receipt`` is the till's own name for it."""

    member_id: int
    bill_cents: int
    points: int
    receipt: str
    hold_minutes: int
    api_key_id: int
    store_id: int | None


def hold_for_bill(bill: Bill, now: datetime) -> str:
    """Set points aside for a bill until ``hold_minutes`` are over.  Returns the number of the redemption.

    Raises NotFound, MemberSuspended, PointsNotUsable when the rulebook does not let so many points pay for this bill, and
    InsufficientPoints.
    """
    with transaction() as session:
        payer = session.execute(PAYER, {"member_id": bill.member_id}).one_or_none()
        if payer is None or payer.state == "closed":
            raise NotFound
        if payer.state != "active":
            raise MemberSuspended
        occasion = occasion_at(now)
        limits = _limits(bill.bill_cents, payer.tier_code, occasion)
        if limits.accepted(bill.points) != bill.points:
            raise PointsNotUsable(bill.points, limits.points_max)
        return _open(bill, limits.cents_for(bill.points), occasion)


def capture_tender(number: str, *, store_id: int | None, now: datetime) -> None:
    """Take the points that were set aside.  A repeat changes nothing.

    ``store_id``: a till of that store; None: any.  Raises NotFound, and RedemptionEnded when the hold was let go or its time
    is over: a till that comes too late asks for a new one.
    """
    with transaction():
        tender = _mine(number, store_id)
        if tender.state == "captured":
            return
        if tender.state != "held" or tender.expires_at <= now:
            raise RedemptionEnded(tender.state if tender.state != "held" else "expired")
        reason = because(
            "spent_at_till", receipt=tender.receipt, bill_cents=tender.bill_cents, off_cents=tender.off_cents
        )
        line = Line("redeem", "redeemed", redemptions.redeem_reference(number), (reason,))
        taken = holds.capture(tender.hold_reference, line, occasion_at(now))
        assert taken is not None, "a held redemption can be captured under its member's lock"


def void_tender(number: str, *, store_id: int | None, now: datetime) -> None:
    """Let the points go.  A repeat changes nothing, nor does one after the time was over.

    Raises NotFound, and RedemptionEnded when they were taken before: that is a refund.
    """
    with transaction():
        tender = _mine(number, store_id)
        if tender.state == "captured":
            raise RedemptionEnded(tender.state)
        holds.void(tender.hold_reference, now)


def refund_tender(
    number: str, refund: str, points: int | None, *, store_id: int | None, now: datetime
) -> None:
    """Give points of a captured redemption back to the lots they came from; ``points`` None: all that are left.

    ``refund`` is the till's own name for it: the same one again changes nothing.  Raises NotFound, RedemptionEnded when
    nothing was captured, RefundTooLarge, and KeyReused when that name came with other points.
    """
    with transaction():
        tender = _mine(number, store_id)
        if first := redemptions.refund_of(tender.id, refund):
            if points not in (None, first[0]):
                raise KeyReused
            return
        if tender.state != "captured":
            raise RedemptionEnded(tender.state)
        _give_back(tender, refund, points, occasion_under(tender.rulebook_version, now))


def end_overdue_tenders(now: datetime) -> int:
    """Let go of the points of tills that never came back.  Returns how many.  Safe to run twice and on two machines."""
    ended = 0
    while references := _overdue(now):
        for reference in references:
            with transaction():
                ended += holds.void(reference, now, state="expired")
        if len(references) < BATCH:
            break
    return ended


def _limits(bill_cents: int, tier_code: str, occasion: Occasion) -> OffsetLimits:
    """What the rulebook lets a member of a tier pay of a bill: the hold itself knows what the member has."""
    return offset_limits(
        goods_cents=bill_cents,
        offsettable_cents=bill_cents,
        points_available=UNLIMITED_POINTS,
        rulebook=occasion.rulebook,
        at=occasion.now,
        tier_code=tier_code,
    )


def _open(bill: Bill, off_cents: int, occasion: Occasion) -> str:
    number = f"r_{new_token()}"
    hold_id = holds.place(
        bill.member_id,
        bill.points,
        reference=redemptions.hold_reference(number),
        expires_at=occasion.now + timedelta(minutes=bill.hold_minutes),
        now=occasion.now,
    )
    redemptions.open_redemption(
        {
            "number": number,
            "hold_id": hold_id,
            "member_id": bill.member_id,
            "api_key_id": bill.api_key_id,
            "store_id": bill.store_id,
            "receipt": bill.receipt,
            "bill_cents": bill.bill_cents,
            "off_cents": off_cents,
            "points": bill.points,
            "rulebook_version": occasion.version,
            "created_at": occasion.now,
        }
    )
    return number


def _mine(number: str, store_id: int | None) -> Tender:
    """The redemption, its member's account locked; another store's does not exist for a till of this one."""
    tender = redemptions.locked_tender(number)
    if tender is None or store_id not in (None, tender.store_id):
        raise NotFound
    return tender


def _give_back(tender: Tender, refund: str, points: int | None, occasion: Occasion) -> None:
    """The cents follow the points in all that went back so far, so that the parts add up to the whole."""
    before_points, before_cents = redemptions.refunded(tender.id)
    left = tender.points - before_points
    points = left if points is None else points
    if not 0 < points <= left:
        raise RefundTooLarge
    off_cents = tender.off_cents * (before_points + points) // tender.points - before_cents
    spent = entries.entry_of(redemptions.redeem_reference(tender.number))
    assert spent is not None, "a captured redemption has an entry"
    reference = f"{redemptions.PREFIX}{tender.number}:refund:{refund}"
    line = Line("restore", "redeemed", reference, (because("returned_by_till", receipt=tender.receipt),))
    grace_days = occasion.rulebook.returns.grace_days
    entry_id = entries.restore(tender.member_id, spent, points, line, occasion, grace_days)
    redemptions.record_refund(
        tender.id, refund, points=points, off_cents=off_cents, entry_id=entry_id, now=occasion.now
    )


def _overdue(now: datetime) -> list[str]:
    with transaction():
        return redemptions.overdue(now, BATCH)
