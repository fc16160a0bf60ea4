"""Giving back: points to the lots they came from, cash by the way it came, goods to the shelf; taking earned points back.

A refund never prices again: it undoes shares of what the order's own rows say, cumulatively and never twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shop.books import month_reversals, outbox, purchase_counts, purchases, stock
from shop.books.coupons import using
from shop.books.orders import growth, moves, paid_orders, shortages
from shop.books.orders.paying import spent_entry
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_under
from shop.errors import RefundTooLarge
from shop.extensions import db
from shop.models import Order, OrderLine, Payment, PointsEntry, Refund, RefundLine
from shop.rules.orders.refunding import PaidOrder, RefundPlan, bringing, plan_refund

QUIET = {"synchronize_session": False}
ORDER = select(Order.id, Order.number, Order.member_id, Order.rulebook_version).where(
    Order.id == bindparam("order_id")
)
BY_REFERENCE = select(Refund.id).where(Refund.reference == bindparam("reference"))
CAPTURED = select(Payment.id).where(Payment.order_id == bindparam("order_id"), Payment.state == "captured")
LINES = select(OrderLine.id, OrderLine.variant_id, OrderLine.product_id, OrderLine.limit_period).where(
    OrderLine.order_id == bindparam("order_id")
)
ADD_TO_LINE = (
    update(OrderLine)
    .where(OrderLine.id == bindparam("line"))
    .values(
        refunded_quantity=OrderLine.refunded_quantity + bindparam("pieces"),
        refunded_points=OrderLine.refunded_points + bindparam("points_back"),
        refunded_offset_points=OrderLine.refunded_offset_points + bindparam("offset_back"),
        refunded_cents=OrderLine.refunded_cents + bindparam("cents_back"),
    )
)
ADD_TO_ORDER = (
    update(Order)
    .where(Order.id == bindparam("of_order"))
    .values(
        refunded_points=Order.refunded_points + bindparam("points_back"),
        refunded_cents=Order.refunded_cents + bindparam("cents_back"),
        refunded_shipping_points=Order.refunded_shipping_points + bindparam("shipping_points_back"),
        refunded_shipping_cents=Order.refunded_shipping_cents + bindparam("shipping_back"),
    )
)
ADD_TO_PAYMENT = (
    update(Payment)
    .where(Payment.id == bindparam("of_payment"))
    .values(refunded_cents=Payment.refunded_cents + bindparam("cents_back"))
)
POINTS = select(PointsEntry.points).where(PointsEntry.id == bindparam("entry_id"))


@dataclass(frozen=True, kw_only=True)
class RefundWish:
    """What to give back: line id -> pieces.  ``goods_back``: lines whose goods lie on the shelf again.

    ``waive``: whether points that are gone are let go; None: as the rulebook says.
    """

    take: Mapping[int, int]
    refund_shipping: bool
    goods_back: frozenset[int] = frozenset()
    reason: str = ""
    staff_id: int | None = None
    actor: str = "staff"
    closing_event: str = "refund_in_full"
    waive: bool | None = None


def refund(order_id: int, wish: RefundWish, reference: str, occasion: Occasion) -> int:
    """Book a refund and everything that belongs to it.  A repeated reference answers with the first refund.

    Raises RefundTooLarge when more is asked than is left; nothing is written then.
    """
    order = db.session.execute(ORDER, {"order_id": order_id}).one()
    accounts.lock(order.member_id)
    if known := db.session.scalar(BY_REFERENCE, {"reference": reference}):
        return int(known)
    under = occasion_under(order.rulebook_version, occasion.now)
    paid = paid_orders.load(order_id, under)
    plan = plan_refund(paid, wish.take, refund_shipping=wish.refund_shipping)
    if plan.faults:
        raise RefundTooLarge
    growth_before = growth.growth_of(order_id)
    refund_id = _write_refund(order_id, plan, wish, reference, under)
    _give_points_back(order, refund_id, plan, under)
    kept_cents = _claw_back(order, refund_id, plan, paid, under, waive=wish.waive)
    _add_up(order_id, plan, kept_cents)
    _take_back_of_month(order_id, refund_id, under, waive=wish.waive)
    growth.add(order.member_id, growth.growth_of(order_id) - growth_before)
    _close_if_nothing_is_left(order_id, paid, plan, wish, under)
    _give_goods_back(order, refund_id, plan, _goods_back(paid, wish), under)
    outbox.put("refund_made", f"refund_made:{refund_id}", under.now, {"refund_id": refund_id})
    return refund_id


def _write_refund(order_id: int, plan: RefundPlan, wish: RefundWish, reference: str, under: Occasion) -> int:
    payment_id = db.session.scalar(CAPTURED, {"order_id": order_id}) if plan.cents_back else None
    values: dict[str, Any] = {
        "order_id": order_id,
        "payment_id": payment_id,
        "reference": reference,
        "points": plan.points_back,
        "cents": plan.cents_back,
        "shipping_points": plan.shipping_points,
        "shipping_cents": plan.shipping_cents,
        "clawed_points": plan.claw_points,
        "cash_state": "queued" if plan.cents_back else "none",
        "reason": wish.reason[:200],
        "reasons": [reason.to_document() for reason in plan.reasons],
        "staff_id": wish.staff_id,
        "created_at": under.now,
    }
    refund_id = int(db.session.execute(insert(Refund).values(values).returning(Refund.id)).scalar_one())
    rows = [
        {
            "refund_id": refund_id,
            "line_id": line.line_id,
            "quantity": line.quantity,
            "points": line.points,
            "offset_points": line.offset_points,
            "cents": line.cents,
        }
        for line in plan.lines
    ]
    if rows:
        db.session.execute(insert(RefundLine), rows)
    if payment_id:
        back = {"of_payment": payment_id, "cents_back": plan.cents_back}
        db.session.execute(ADD_TO_PAYMENT, back, execution_options=QUIET)
    return refund_id


def _give_points_back(order: Any, refund_id: int, plan: RefundPlan, under: Occasion) -> None:
    if plan.points_back == 0:
        return
    spent = spent_entry(order.number)
    assert spent is not None, "points to give back, but none were spent"
    line = Line("restore", "redeemed", f"refund:{refund_id}:restore", order_id=order.id)
    grace_days = under.rulebook.returns.grace_days
    entries.restore(order.member_id, spent, plan.points_back, line, under, grace_days)


def _claw_back(
    order: Any, refund_id: int, plan: RefundPlan, paid: PaidOrder, under: Occasion, *, waive: bool | None
) -> int:
    """Take back what the order earned.  Returns the cents that are kept from the cash for points that are gone."""
    own = frozenset(award.entry_id for award in paid.awards)
    account_id = accounts.lock(order.member_id).id
    settled = shortages.settle(order.id, account_id, plan, own, under, waive=waive)
    let_go = 0
    for claw in plan.claw_backs:
        line = Line(
            "claw_back",
            "clawed_back",
            f"refund:{refund_id}:claw:{claw.entry_id}",
            plan.reasons_of(claw),
            "purchase",
            order.id,
            claw.entry_id,
        )
        entry_id = entries.claw_back(
            order.member_id,
            claw.points,
            line,
            own,
            under,
            waive=settled.waives,
            kept_points=max(0, settled.kept.points - let_go),
        )
        let_go += claw.points + int(db.session.scalar(POINTS, {"entry_id": entry_id}) or 0)
    shortages.write_down(refund_id, let_go, settled.kept)
    return settled.kept.cents


def _add_up(order_id: int, plan: RefundPlan, kept_cents: int) -> None:
    for line in plan.lines:
        values = {
            "line": line.line_id,
            "pieces": line.quantity,
            "points_back": line.points,
            "offset_back": line.offset_points,
            "cents_back": line.cents,
        }
        db.session.execute(ADD_TO_LINE, values, execution_options=QUIET)
    sums = {
        "of_order": order_id,
        "points_back": plan.points_back,
        "cents_back": plan.cents_back - kept_cents,
        "shipping_points_back": plan.shipping_points,
        "shipping_back": plan.shipping_cents,
    }
    db.session.execute(ADD_TO_ORDER, sums, execution_options=QUIET)
    if purchase := purchases.of_order(order_id):
        purchases.add_refunded(purchase.purchase_id, sum(line.cents for line in plan.lines))


def _take_back_of_month(order_id: int, refund_id: int, under: Occasion, *, waive: bool | None) -> None:
    """What the month does not reach any more goes back too, whichever order brought it."""
    if purchase := purchases.of_order(order_id):
        month_reversals.take_back(purchase.purchase_id, f"refund:{refund_id}", under.now, waive=waive)


def _close_if_nothing_is_left(
    order_id: int, paid: PaidOrder, plan: RefundPlan, wish: RefundWish, under: Occasion
) -> None:
    left = sum(line.quantity - line.refunded_quantity for line in paid.lines)
    if left == sum(line.quantity for line in plan.lines):
        moves.move(
            order_id,
            wish.closing_event,
            actor=wish.actor,
            now=under.now,
            staff_id=wish.staff_id,
            reason=wish.reason,
        )
        using.take_back(order_id, under.now)
        payload = {"order_id": order_id, "reason": wish.closing_event}
        outbox.put("order_closed", f"order_closed:{order_id}", under.now, payload)


def _goods_back(paid: PaidOrder, wish: RefundWish) -> frozenset[int]:
    """The lines whose goods lie on the shelf again: a gift that nobody spoke of comes with what had brought it."""
    gifts = {
        line.line_id
        for line in paid.lines
        if line.gift
        and not wish.take.get(line.line_id)
        and any(each.line_id in wish.goods_back for each in bringing(paid, line))
    }
    return wish.goods_back | gifts


def _give_goods_back(
    order: Any, refund_id: int, plan: RefundPlan, goods_back: frozenset[int], under: Occasion
) -> None:
    rows = {row.id: row for row in db.session.execute(LINES, {"order_id": order.id})}
    lines = sorted(
        plan.lines, key=lambda line: (rows[line.line_id].product_id, rows[line.line_id].variant_id)
    )
    for line in lines:
        if period := rows[line.line_id].limit_period:
            product_id = rows[line.line_id].product_id
            purchase_counts.count_out(order.member_id, product_id, period, line.quantity)
    for line in sorted(lines, key=lambda each: rows[each.line_id].variant_id):
        if line.line_id in goods_back:
            reference = f"refund:{refund_id}:returned:{line.line_id}"
            stock.take_back(rows[line.line_id].variant_id, line.quantity, reference, under.now)
