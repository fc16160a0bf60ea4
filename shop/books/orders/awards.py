"""An order is received: what was promised when it was placed is credited now, entry by entry, with its reasons."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books import outbox
from shop.books.orders import growth, moves, paid_orders
from shop.books.points import accounts, entries
from shop.books.points.earned import earned_under_caps
from shop.books.rulebooks import Occasion, occasion_under
from shop.extensions import db
from shop.models import Order
from shop.rules.orders.pricing import quote_from_document
from shop.rules.orders.refunding import awards_after_refunds
from shop.rules.points.caps import apply_caps
from shop.rules.points.earning import Award, credited_at
from shop.rules.reasons import because

ORDER = select(Order.number, Order.member_id, Order.rulebook_version, Order.quote).where(
    Order.id == bindparam("order_id")
)


def mark_received(
    order_id: int, event: str, *, actor: str, now: datetime, staff_id: int | None = None, reason: str = ""
) -> bool:
    """Move an order to received by ``receive``, ``hand_over`` or ``deliver``, and credit what its quote promised.

    The points come under the rulebook version of the order (a promise is kept), after its waiting days.  What was
    refunded before counts no more.  False when the order was in no state that allows the event: nothing changed.
    """
    order = db.session.execute(ORDER, {"order_id": order_id}).one()
    accounts.lock(order.member_id)
    if not moves.move(order_id, event, actor=actor, now=now, staff_id=staff_id, reason=reason):
        return False
    occasion = occasion_under(order.rulebook_version, now)
    promised = quote_from_document(order.quote).earn.awards
    left = awards_after_refunds(
        tuple(award.points for award in promised), paid_orders.load(order_id, occasion)
    )
    for number, (award, points) in enumerate(zip(promised, left, strict=True), start=1):
        _credit(order_id, f"order:{order.number}:award:{number}", order.member_id, award, points, occasion)
    growth.add(order.member_id, growth.growth_of(order_id))
    outbox.put("order_received", f"order_received:{order_id}", now, {"order_id": order_id})
    return True


def _credit(
    order_id: int, reference: str, member_id: int, award: Award, points: int, occasion: Occasion
) -> None:
    reasons = award.reasons
    if less := award.points - points:
        reasons = (
            *reasons,
            because("refunded_before_receipt", points=less, promised_points=award.points),
        )
    account = accounts.lock(member_id)
    earned = earned_under_caps(account.id, award.source_class, occasion)
    capped = apply_caps(points, award.source_class, earned, occasion.rulebook)
    if capped.points == 0:
        return
    entries.earn(
        member_id,
        capped.points,
        source_class=award.source_class,
        reference=reference,
        occasion=occasion,
        reasons=(*reasons, *capped.reasons),
        order_id=order_id,
        available_at=credited_at(occasion.now, occasion.rulebook.earning),
    )
