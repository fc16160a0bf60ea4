"""One order with everything that belongs to it: for its member, and for the back office."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select

from shop.books.rulebooks import occasion_under
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Member, Order, Store
from shop.queries.orders.order.parts import EntryView, EventView, LineView, PaymentView, RefundView, parts_of
from shop.queries.orders.orders import Stage, may_be_number, stage
from shop.rules.points.kinds import MAIN_KIND
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
    def shipping_points_left(self) -> int:
        """Points that paid freight and have not gone back."""
        return int(self.head["shipping_offset_points"] - self.head["refunded_shipping_points"])

    @property
    def shipping_cents_left(self) -> int:
        """Cash that paid freight and has not gone back."""
        paid_cents = self.head["shipping_cents"] - self.head["shipping_offset_cents"]
        return int(paid_cents - self.head["refunded_shipping_cents"])

    @property
    def earned_points(self) -> int:
        """What the order has brought so far of the main kind, net of what was taken back."""
        return sum(
            entry.points
            for entry in self.entries
            if entry.kind in ("earn", "claw_back") and entry.points_kind == MAIN_KIND
        )

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
    return OrderDetail(
        head=head,
        stage=row.stage,
        parcel=_parcel(head.pop("address_sealed")),
        store=Pickup(row.store_name, row.store_address, row.store_hours) if row.store_name else None,
        member_phone=unseal(head.pop("member_phone_sealed")),
        **vars(parts_of(row.id)),
        wait_days=rulebook.earning.wait_days,
        receive_after_days=rulebook.orders.receive_after_days,
        seconds_left=max(0, int((row.pay_by_at - now).total_seconds())),
    )


def _parcel(sealed: str | None) -> Parcel | None:
    if not sealed:
        return None
    parts = json.loads(unseal(sealed))
    return Parcel(parts["name"], parts["phone"], parts["region"], parts["street"])
