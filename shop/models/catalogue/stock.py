"""Stock: the level of each variant, its journal, reservations of open orders, and counts against limits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative, one_of

MOVEMENT_KINDS = ("received", "reserved", "released", "sold", "returned", "adjusted")
RESERVATION_STATES = ("open", "sold", "released")


class StockLevel(Model):
    """``on_hand`` is what lies in the shop, reserved units included; available = on hand - reserved, never stored.

    Invariant S1 in these words: received + adjusted = on_hand + sold - returned.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        *not_negative("on_hand", "reserved", "sold", "returned"),
        CheckConstraint("reserved <= on_hand", name="reserved_within_on_hand"),
        CheckConstraint("returned <= sold", name="returned_within_sold"),
        CheckConstraint("received + adjusted = on_hand + sold - returned", name="units_add_up"),
    )

    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    received: Mapped[int] = mapped_column(default=0)
    adjusted: Mapped[int] = mapped_column(default=0)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    sold: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    alert_below: Mapped[int] = mapped_column(default=0)


class StockMovement(Model):
    """One line of the stock journal."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        one_of("kind", MOVEMENT_KINDS),
        Index("ix_stock_movements_variant_id_id", "variant_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    kind: Mapped[str] = mapped_column(String(16))
    units: Mapped[int]
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    reason: Mapped[str] = mapped_column(String(200), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class StockReservation(Model):
    """Units set aside for one open order; ends once, as sold or released."""

    __tablename__ = "stock_reservations"
    __table_args__ = (
        one_of("state", RESERVATION_STATES),
        CheckConstraint("units > 0", name="units_positive"),
        Index("ix_stock_reservations_variant_id", "variant_id"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True)
    units: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="open")


class PurchaseCount(Model):
    """Units of a product that a member took in a period ("ever", or a month like 2026-11), against its limit."""

    __tablename__ = "purchase_counts"
    __table_args__ = not_negative("units")

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    units: Mapped[int]
