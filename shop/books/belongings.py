"""What belongs to a member besides points, and follows when two accounts become one: and the way back."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from shop.books import tickets
from shop.books.orders import growth
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import (
    Coupon,
    CouponCount,
    Order,
    Purchase,
    PurchaseCount,
    Redemption,
    TicketAccount,
    Watch,
)
from shop.models.columns import JsonObject

FOLLOWING = {"orders": Order, "purchases": Purchase, "coupons": Coupon, "redemptions": Redemption}
QUIET = {"synchronize_session": False}


def move_all(from_id: int, into_id: int, reference: str, occasion: Occasion) -> JsonObject:
    """Give everything to the other member.  Returns what moved, so that it can find its way back."""
    moved: JsonObject = {name: _move_rows(model, from_id, into_id) for name, model in FOLLOWING.items()}
    moved["orders_growth"] = _growth_of(moved["orders"])
    moved["watches"] = _move_watches(from_id, into_id)
    moved["counts"] = _move_counts(from_id, into_id)
    moved["tickets"] = _move_tickets(from_id, into_id, reference, occasion)
    _count_coupons(from_id, into_id)
    return moved


def move_back(moved: JsonObject, from_id: int, into_id: int, reference: str, occasion: Occasion) -> None:
    """Give back what came, as far as it is still there."""
    for name, model in FOLLOWING.items():
        _move_rows(model, into_id, from_id, moved[name])
    _move_rows(Watch, into_id, from_id, moved["watches"])
    for product_id, period, units in moved["counts"]:
        _shift_count(into_id, from_id, product_id, period, units)
    for draw_id, number in moved["tickets"]:
        _shift_tickets(into_id, from_id, draw_id, number, reference, occasion)
    _count_coupons(from_id, into_id)


def growth_to_give_back(moved: JsonObject) -> int:
    """The growth that came, less what its orders lost by refunds since."""
    return int(moved["growth"]) - (int(moved["orders_growth"]) - _growth_of(moved["orders"]))


def _growth_of(order_ids: Iterable[int]) -> int:
    return sum(growth.growth_of(order_id) for order_id in order_ids)


def _move_rows(model: Any, from_id: int, into_id: int, ids: list[int] | None = None) -> list[int]:
    """Move all rows of a member, or those named.  Returns their ids."""
    conditions = [model.member_id == from_id]
    if ids is not None:
        conditions.append(model.id.in_(ids))
    statement = update(model).where(*conditions).values(member_id=into_id).returning(model.id)
    return sorted(db.session.scalars(statement, execution_options=QUIET))


def _move_watches(from_id: int, into_id: int) -> list[int]:
    """Favourites that the other member does not have yet."""
    has = select(Watch.product_id, Watch.kind).where(Watch.member_id == into_id)
    known = {(row.product_id, row.kind) for row in db.session.execute(has)}
    mine = db.session.execute(
        select(Watch.id, Watch.product_id, Watch.kind).where(Watch.member_id == from_id)
    )
    return _move_rows(
        Watch, from_id, into_id, [row.id for row in mine if (row.product_id, row.kind) not in known]
    )


def _move_counts(from_id: int, into_id: int) -> list[list[Any]]:
    """Units taken of goods that are limited for each member."""
    statement = select(PurchaseCount.product_id, PurchaseCount.period, PurchaseCount.units).where(
        PurchaseCount.member_id == from_id, PurchaseCount.units > 0
    )
    rows: list[list[Any]] = [list(row) for row in db.session.execute(statement)]
    for product_id, period, units in rows:
        _shift_count(from_id, into_id, product_id, period, units)
    return rows


def _shift_count(from_id: int, into_id: int, product_id: int, period: str, units: int) -> None:
    def one(member_id: int) -> Any:
        return (
            PurchaseCount.member_id == member_id,
            PurchaseCount.product_id == product_id,
            PurchaseCount.period == period,
        )

    had = int(db.session.scalar(select(PurchaseCount.units).where(*one(from_id))) or 0)
    units = min(units, had)
    if units == 0:
        return
    db.session.execute(
        update(PurchaseCount).where(*one(from_id)).values(units=had - units), execution_options=QUIET
    )
    added = update(PurchaseCount).where(*one(into_id)).values(units=PurchaseCount.units + units)
    if db.session.execute(added, execution_options=QUIET).rowcount == 0:  # type: ignore[attr-defined]
        row = {"member_id": into_id, "product_id": product_id, "period": period, "units": units}
        db.session.execute(insert(PurchaseCount).values(row))


def _move_tickets(from_id: int, into_id: int, reference: str, occasion: Occasion) -> list[list[int]]:
    statement = select(TicketAccount.draw_id, TicketAccount.balance).where(
        TicketAccount.member_id == from_id, TicketAccount.balance > 0
    )
    rows = [list(row) for row in db.session.execute(statement)]
    for draw_id, number in rows:
        _shift_tickets(from_id, into_id, draw_id, number, reference, occasion)
    return rows


def _shift_tickets(
    from_id: int, into_id: int, draw_id: int, number: int, reference: str, occasion: Occasion
) -> None:
    number = min(number, tickets.left(from_id, draw_id))
    if number:
        named: dict[str, Any] = {"source": "merge", "occasion": occasion}
        tickets.take(from_id, draw_id, number, reference=f"{reference}:out:{draw_id}", **named)
        tickets.give(into_id, draw_id, number, reference=f"{reference}:in:{draw_id}", **named)


def _count_coupons(*member_ids: int) -> None:
    """How many coupons of each template these members have, counted anew."""
    counts = table_of(CouponCount)
    db.session.execute(delete(counts).where(counts.c.member_id.in_(member_ids)))
    had = (
        select(Coupon.member_id, Coupon.template_id, func.count())
        .where(Coupon.member_id.in_(member_ids), Coupon.state != "given_back")
        .group_by(Coupon.member_id, Coupon.template_id)
    )
    db.session.execute(insert(counts).from_select(["member_id", "template_id", "units"], had))
