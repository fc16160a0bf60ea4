"""The parts of an order: its lines, what happened to it, its entries, payments and refunds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.extensions import db
from shop.models import (
    Lot,
    OrderEvent,
    OrderLine,
    Payment,
    PointsAccount,
    PointsEntry,
    Product,
    Refund,
    Staff,
)
from shop.queries.points.balance import last_day_before

LINES = (
    select(
        OrderLine.id,
        OrderLine.product_id,
        OrderLine.gift_id,
        OrderLine.sku,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.picture_key,
        OrderLine.quantity,
        OrderLine.line_points,
        OrderLine.line_cents,
        OrderLine.offset_points,
        OrderLine.paid_cents,
        OrderLine.refunded_quantity,
        Product.slug,
        Product.state.label("product_state"),
    )
    .join(Product, Product.id == OrderLine.product_id)
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.id)
)
EVENTS = (
    select(
        OrderEvent.event,
        OrderEvent.to_state,
        OrderEvent.actor,
        OrderEvent.reason,
        OrderEvent.at,
        Staff.name.label("staff_name"),
    )
    .outerjoin(Staff, Staff.id == OrderEvent.staff_id)
    .where(OrderEvent.order_id == bindparam("order_id"))
    .order_by(OrderEvent.id.desc())
)
ENTRIES = (
    select(
        PointsEntry.id,
        PointsEntry.kind,
        PointsEntry.points,
        PointsEntry.reference,
        PointsEntry.reasons,
        PointsEntry.occurred_at,
        PointsEntry.debt_points,
        PointsAccount.kind.label("points_kind"),
        Lot.available_at,
        Lot.expires_at,
    )
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Lot, Lot.entry_id == PointsEntry.id)
    .where(PointsEntry.order_id == bindparam("order_id"))
    .order_by(PointsEntry.id)
)
PAYMENTS = (
    select(
        Payment.token,
        Payment.provider,
        Payment.state,
        Payment.amount_cents,
        Payment.refunded_cents,
        Payment.captured_at,
    )
    .where(Payment.order_id == bindparam("order_id"))
    .order_by(Payment.id.desc())
)
REFUNDS = (
    select(
        Refund.id,
        Refund.points,
        Refund.cents,
        Refund.shipping_cents,
        Refund.clawed_points,
        Refund.waived_points,
        Refund.cash_state,
        Refund.reason,
        Refund.created_at,
        Refund.done_at,
        Staff.name.label("staff_name"),
    )
    .outerjoin(Staff, Staff.id == Refund.staff_id)
    .where(Refund.order_id == bindparam("order_id"))
    .order_by(Refund.id.desc())
)


@dataclass(frozen=True)
class LineView:
    """One variant of the order, as it was sold; ``slug`` leads to the product of today while it is on sale."""

    id: int
    product_id: int
    gift_id: int | None
    sku: str
    title: str
    variant_title: str
    picture_key: str | None
    quantity: int
    line_points: int
    line_cents: int
    offset_points: int
    paid_cents: int
    refunded_quantity: int
    slug: str
    product_state: str

    @property
    def is_on_sale(self) -> bool:
        return self.product_state == "on_sale"

    @property
    def is_gift(self) -> bool:
        """Whether it came on top, for nothing."""
        return self.gift_id is not None

    @property
    def left(self) -> int:
        """Pieces that have not been refunded."""
        return self.quantity - self.refunded_quantity


@dataclass(frozen=True)
class EventView:
    event: str
    to_state: str
    actor: str
    reason: str
    at: datetime
    staff_name: str | None


@dataclass(frozen=True)
class EntryView:
    """An entry of the points book that this order made; a new lot has an ``available_at`` and a last day."""

    id: int
    kind: str
    points: int
    reference: str
    reasons: tuple[Mapping[str, Any], ...]
    occurred_at: datetime
    debt_points: int
    points_kind: str
    available_at: datetime | None
    last_on: date | None


@dataclass(frozen=True)
class PaymentView:
    token: str
    provider: str
    state: str
    amount_cents: int
    refunded_cents: int
    captured_at: datetime | None


@dataclass(frozen=True)
class RefundView:
    id: int
    points: int
    cents: int
    shipping_cents: int
    clawed_points: int
    waived_points: int
    cash_state: str
    reason: str
    created_at: datetime
    done_at: datetime | None
    staff_name: str | None


@dataclass(frozen=True)
class Parts:
    """All parts of one order."""

    lines: tuple[LineView, ...]
    events: tuple[EventView, ...]
    entries: tuple[EntryView, ...]
    payments: tuple[PaymentView, ...]
    refunds: tuple[RefundView, ...]


def parts_of(order_id: int) -> Parts:
    """Read them in five statements, however many there are."""
    values = {"order_id": order_id}
    return Parts(
        lines=tuple(LineView(**row._mapping) for row in db.session.execute(LINES, values)),
        events=tuple(EventView(**row._mapping) for row in db.session.execute(EVENTS, values)),
        entries=tuple(_entry(row) for row in db.session.execute(ENTRIES, values)),
        payments=tuple(PaymentView(**row._mapping) for row in db.session.execute(PAYMENTS, values)),
        refunds=tuple(RefundView(**row._mapping) for row in db.session.execute(REFUNDS, values)),
    )


def _entry(row: Any) -> EntryView:
    values = dict(row._mapping)
    expires_at = values.pop("expires_at")
    values["reasons"] = tuple(values["reasons"])
    return EntryView(**values, last_on=last_day_before(expires_at) if expires_at else None)
