"""Points that a refund takes back are gone: they become a debt, are kept from the cash that goes back, or are let go."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select, update

from shop.books.points import lots
from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Order, Payment, Refund
from shop.rules.orders.refunding import RefundPlan
from shop.rules.points.debt import NOTHING_KEPT, Deduction, keep_from_cash
from shop.rules.points.redeeming import OffsetRatio

QUIET = {"synchronize_session": False}
OFFERED = select(Order.quote).where(Order.id == bindparam("order_id"))
LET_GO = (
    update(Refund)
    .where(Refund.id == bindparam("of_refund"))
    .values(
        waived_points=bindparam("let_go"),
        cents=Refund.cents - bindparam("kept"),
        deducted_points=bindparam("kept_points"),
        deducted_cents=bindparam("kept"),
    )
)
NO_CASH_LEFT = (
    update(Refund)
    .where(Refund.id == bindparam("of_refund"), Refund.cents == 0, Refund.deducted_cents > 0)
    .values(cash_state="none")
)
KEEP_OF_PAYMENT = (
    update(Payment)
    .where(
        Payment.id == select(Refund.payment_id).where(Refund.id == bindparam("of_refund")).scalar_subquery()
    )
    .values(refunded_cents=Payment.refunded_cents - bindparam("kept"))
)


@dataclass(frozen=True)
class Settlement:
    """How what is missing is settled: all of it let go, or so many points kept from the cash; the rest is debt."""

    waives: bool
    kept: Deduction = NOTHING_KEPT


def settle(
    order_id: int,
    account_id: int,
    plan: RefundPlan,
    own: frozenset[int],
    under: Occasion,
    *,
    waive: bool | None,
) -> Settlement:
    """Decide before anything is taken back, with the account locked."""
    taken = lots.choose_for_claw_back(account_id, plan.claw_points, own, under.now)
    return settled_by(order_id, plan, sum(part.points for part in taken), under, waive=waive)


def settled_by(
    order_id: int, plan: RefundPlan, covered: int, under: Occasion, *, waive: bool | None
) -> Settlement:
    """What happens to the points that ``covered`` does not cover.

    ``waive`` is what staff with the right chose; None: as the rulebook says.
    """
    shortage, short = under.rulebook.returns.shortage, plan.claw_points - covered
    if waive or (waive is None and shortage == "waive"):
        return Settlement(waives=True)
    if shortage != "deduct" or short <= 0:
        return Settlement(waives=False)
    return Settlement(waives=False, kept=kept_for(order_id, short, plan.cents_back))


def kept_for(order_id: int, short_points: int, cents_back: int) -> Deduction:
    """What missing points are worth by the ratio that the order was placed at, within the cash that goes back."""
    quote = db.session.execute(OFFERED, {"order_id": order_id}).scalar_one()
    ratio = OffsetRatio(**quote["offset_limits"]["ratio"])
    return keep_from_cash(short_points, cents_back, ratio)


def write_down(refund_id: int, let_go: int, kept: Deduction) -> None:
    """Write on the refund what was let go, and what of it was kept in cash: so much less goes back to the member."""
    if not let_go:
        return
    values = {"of_refund": refund_id, "let_go": let_go, "kept": kept.cents, "kept_points": kept.points}
    db.session.execute(LET_GO, values, execution_options=QUIET)
    if kept.cents:
        named = {"of_refund": refund_id}
        db.session.execute(KEEP_OF_PAYMENT, {**named, "kept": kept.cents}, execution_options=QUIET)
        db.session.execute(NO_CASH_LEFT, named, execution_options=QUIET)
