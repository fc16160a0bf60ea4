"""What the cashier page shows of one payment, to its member only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, func, select

from shop.adapters.payments import providers
from shop.extensions import db
from shop.models import Order, OrderLine, Payment

Stage = Literal["waiting", "refused", "paid", "ended", "refunded"]
TITLE = (
    select(OrderLine.title)
    .where(OrderLine.order_id == Order.id)
    .order_by(OrderLine.id)
    .limit(1)
    .correlate(Order)
    .scalar_subquery()
)
PIECES = (
    select(func.sum(OrderLine.quantity))
    .where(OrderLine.order_id == Order.id)
    .correlate(Order)
    .scalar_subquery()
)
CASHIER = (
    select(
        Payment.token,
        Payment.provider,
        Payment.state,
        Payment.amount_cents,
        Order.number,
        Order.state.label("order_state"),
        Order.paid_at,
        Order.pay_by_at,
        Order.points_kind,
        Order.total_points,
        TITLE.label("title"),
        PIECES.label("pieces"),
    )
    .join(Order, Order.id == Payment.order_id)
    .where(Payment.token == bindparam("token"), Order.member_id == bindparam("member_id"))
)


@dataclass(frozen=True)
class Cashier:
    """One payment.  An overdue order counts as ended, whether or not the job has run.

    Stages: waiting (pay now) · refused (this attempt failed, try again) · paid · ended (the order no longer waits) ·
    refunded (paid too late, the cash is on its way back).
    """

    token: str
    provider: str
    stage: Stage
    amount_cents: int
    number: str
    points_kind: str
    total_points: int
    title: str
    pieces: int
    seconds_left: int
    providers: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether the order still waits for its cash."""
        return self.stage in ("waiting", "refused")


def cashier_of(token: str, member_id: int, now: datetime) -> Cashier | None:
    """The payment with this token; None when there is none, or when it is someone else's."""
    row = db.session.execute(CASHIER, {"token": token, "member_id": member_id}).one_or_none()
    if row is None:
        return None
    seconds_left = max(0, int((row.pay_by_at - now).total_seconds()))
    return Cashier(
        token=row.token,
        provider=row.provider,
        stage=_stage(
            row.state, row.order_state, is_paid=row.paid_at is not None, is_overdue=row.pay_by_at <= now
        ),
        amount_cents=row.amount_cents,
        number=row.number,
        points_kind=row.points_kind,
        total_points=row.total_points,
        title=row.title,
        pieces=int(row.pieces),
        seconds_left=seconds_left,
        providers=tuple(providers()),
    )


def _stage(payment_state: str, order_state: str, *, is_paid: bool, is_overdue: bool) -> Stage:
    if payment_state == "refunded_late":
        return "refunded"
    if is_paid:
        return "paid"
    if order_state != "placed" or is_overdue:
        return "ended"
    return "waiting" if payment_state == "pending" else "refused"
