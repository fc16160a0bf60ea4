"""One order with everything that belongs to it: for its member, and for the back office."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from shop.books.rulebooks import occasion_under
from shop.crypto import unseal
from shop.extensions import db
from shop.models import (
    Lot,
    Member,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
    PointsEntry,
    Product,
    Refund,
    Staff,
    Store,
)
from shop.queries.orders.orders import Stage, may_be_number, stage
from shop.queries.points.balance import last_day_before
from shop.rules.rulebook import Rulebook

MEMBER_COLUMNS = (
    Member.name.label("member_name"),
    Member.avatar.label("member_avatar"),
    Member.tier_code.label("member_tier_code"),
    Member.phone_sealed.label("member_phone_sealed"),
)
STORE_COLUMNS = (
    Store.name.label("store_name"),
    Store.address.label("store_address"),
    Store.hours.label("store_hours"),
)
HEAD = (
    select(Order.__table__, stage, *MEMBER_COLUMNS, *STORE_COLUMNS)
    .join(Member, Member.id == Order.member_id)
    .outerjoin(Store, Store.id == Order.store_id)
    .where(Order.number == bindparam("number"))
)
LINES = (
    select(
        OrderLine.id,
        OrderLine.product_id,
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
        Lot.available_at,
        Lot.expires_at,
    )
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
class Parcel:
    """Where it goes: the copy of the address that the order keeps."""

    name: str
    phone: str
    region: str
    street: str


@dataclass(frozen=True)
class Pickup:
    """The store that keeps it."""

    name: str
    address: str
    hours: str


@dataclass(frozen=True)
class OrderDetail:
    """Everything about one order.  ``head`` holds its columns; ``quote`` is the stored document of its price."""

    head: Mapping[str, Any]
    stage: Stage
    parcel: Parcel | None
    store: Pickup | None
    member_phone: str
    lines: tuple[LineView, ...]
    events: tuple[EventView, ...]
    entries: tuple[EntryView, ...]
    payments: tuple[PaymentView, ...]
    refunds: tuple[RefundView, ...]
    wait_days: int
    receive_after_days: int
    seconds_left: int

    def __getattr__(self, name: str) -> Any:
        """The order's own columns read like attributes: ``order.number``, ``order.total_cents``."""
        try:
            return self.head[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def payment_token(self) -> str | None:
        """Names the cashier page of an order that waits for its cash."""
        return self.payments[0].token if self.payments and self.stage == "placed" else None

    @property
    def may_be_cancelled(self) -> bool:
        """By its member: before it is on its way."""
        return self.stage in ("placed", "paid", "pickup")

    @property
    def may_be_refunded(self) -> bool:
        return self.stage in ("paid", "pickup", "shipped", "received")

    @property
    def earned_points(self) -> int:
        """What the order has brought so far, net of what was taken back."""
        return sum(entry.points for entry in self.entries if entry.kind in ("earn", "claw_back"))

    @property
    def received_by_itself_at(self) -> datetime | None:
        """When a shipped order counts as received."""
        shipped_at: datetime | None = self.head["shipped_at"]
        return shipped_at + timedelta(days=self.receive_after_days) if shipped_at else None


def order_of_member(member_id: int, number: str, now: datetime) -> OrderDetail | None:
    """The order, if it is this member's; another member's does not exist.  A fixed number of statements."""
    return _order(number, now, Order.member_id == member_id)


def order_for_staff(number: str, now: datetime) -> OrderDetail | None:
    """Any order."""
    return _order(number, now)


def _order(number: str, now: datetime, *conditions: ColumnElement[bool]) -> OrderDetail | None:
    if not may_be_number(number):
        return None
    row = db.session.execute(HEAD.where(*conditions), {"number": number, "now": now}).one_or_none()
    if row is None:
        return None
    head = dict(row._mapping)
    rulebook: Rulebook = occasion_under(row.rulebook_version, now).rulebook
    values = {"order_id": row.id}
    return OrderDetail(
        head=head,
        stage=row.stage,
        parcel=_parcel(head.pop("address_sealed")),
        store=Pickup(row.store_name, row.store_address, row.store_hours) if row.store_name else None,
        member_phone=unseal(head.pop("member_phone_sealed")),
        lines=tuple(LineView(**each._mapping) for each in db.session.execute(LINES, values)),
        events=tuple(EventView(**each._mapping) for each in db.session.execute(EVENTS, values)),
        entries=tuple(_entry(each) for each in db.session.execute(ENTRIES, values)),
        payments=tuple(PaymentView(**each._mapping) for each in db.session.execute(PAYMENTS, values)),
        refunds=tuple(RefundView(**each._mapping) for each in db.session.execute(REFUNDS, values)),
        wait_days=rulebook.earning.wait_days,
        receive_after_days=rulebook.orders.receive_after_days,
        seconds_left=max(0, int((row.pay_by_at - now).total_seconds())),
    )


def _parcel(sealed: str | None) -> Parcel | None:
    if not sealed:
        return None
    parts = json.loads(unseal(sealed))
    return Parcel(parts["name"], parts["phone"], parts["region"], parts["street"])


def _entry(row: Any) -> EntryView:
    values = dict(row._mapping)
    expires_at = values.pop("expires_at")
    values["reasons"] = tuple(values["reasons"])
    return EntryView(**values, last_on=last_day_before(expires_at) if expires_at else None)
