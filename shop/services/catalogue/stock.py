"""Stock as the back office moves it: goods arrive, or a count is put right."""

from datetime import datetime

from sqlalchemy import func, select, update

from shop.books import audit, outbox, stock
from shop.errors import KeyReused, NotFound, UnitsReserved
from shop.extensions import db
from shop.models import Product, StockLevel, StockMovement, Variant
from shop.transaction import transaction

QUIET = {"synchronize_session": False}


def receive_stock(
    variant_id: int, units: int, reason: str, staff_id: int | None, key: str, now: datetime
) -> None:
    """New units arrive.  The same ``key`` again changes nothing; with other units it raises KeyReused.

    When the product was sold out, those who wait for it are told (event stock_back).  Raises NotFound.
    """
    assert units > 0, "what arrives is positive"
    with transaction():
        product_id = _lock_product_of(variant_id)
        reference = f"stock:{key}"
        if _is_repeat(reference, "received", variant_id, units):
            return
        was_sold_out = _available_of(product_id) <= 0
        stock.receive(variant_id, units, reference, now, reason=reason, staff_id=staff_id)
        _tell_if_back(product_id, was_sold_out, key, now)
        _record("stock.receive", variant_id, units, reason, staff_id, now)


def adjust_stock(variant_id: int, units: int, reason: str, staff_id: int, key: str, now: datetime) -> None:
    """Put the count right by so many units, up or down.  A repeat of the ``key`` as in ``receive_stock``.

    Raises UnitsReserved when open orders hold what would go, and NotFound.
    """
    assert units != 0, "a correction changes something"
    with transaction() as session:
        product_id = _lock_product_of(variant_id)
        reference = f"stock:{key}"
        if _is_repeat(reference, "adjusted", variant_id, units):
            return
        was_sold_out = _available_of(product_id) <= 0
        if not stock.adjust(variant_id, units, reference, now, reason=reason, staff_id=staff_id):
            level = session.get_one(StockLevel, variant_id)
            raise UnitsReserved(level.on_hand, level.reserved)
        _tell_if_back(product_id, was_sold_out, key, now)
        _record("stock.adjust", variant_id, units, reason, staff_id, now)


def set_stock_alert(variant_id: int, below: int, staff_id: int, now: datetime) -> None:
    """From how few units on a variant counts as 快没了.  Raises NotFound."""
    with transaction() as session:
        _lock_product_of(variant_id)
        before = session.scalar(select(StockLevel.alert_below).where(StockLevel.variant_id == variant_id))
        if before == below:
            return
        statement = update(StockLevel).where(StockLevel.variant_id == variant_id).values(alert_below=below)
        session.execute(statement, execution_options=QUIET)
        audit.record(
            staff_id=staff_id,
            action="stock.set_alert",
            subject=f"variant:{variant_id}",
            now=now,
            before={"alert_below": before},
            after={"alert_below": below},
        )


def _lock_product_of(variant_id: int) -> int:
    statement = (
        select(Product.id)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id == variant_id)
        .with_for_update(of=Product)
    )
    product_id = db.session.scalar(statement)
    if product_id is None:
        raise NotFound
    return product_id


def _is_repeat(reference: str, kind: str, variant_id: int, units: int) -> bool:
    statement = select(StockMovement.kind, StockMovement.variant_id, StockMovement.units).where(
        StockMovement.reference == reference
    )
    known = db.session.execute(statement).one_or_none()
    if known is None:
        return False
    if tuple(known) != (kind, variant_id, units):
        raise KeyReused
    return True


def _available_of(product_id: int) -> int:
    statement = (
        select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.reserved), 0))
        .join(Variant, Variant.id == StockLevel.variant_id)
        .where(Variant.product_id == product_id, Variant.state == "active")
    )
    return int(db.session.scalar(statement) or 0)


def _tell_if_back(product_id: int, was_sold_out: bool, key: str, now: datetime) -> None:
    if was_sold_out and _available_of(product_id) > 0:
        outbox.put("stock_back", f"stock_back:{product_id}:{key}", now, {"product_id": product_id})


def _record(
    action: str, variant_id: int, units: int, reason: str, staff_id: int | None, now: datetime
) -> None:
    on_hand = db.session.scalar(select(StockLevel.on_hand).where(StockLevel.variant_id == variant_id))
    after = {"units": units, "on_hand": on_hand}
    subject = f"variant:{variant_id}"
    audit.record(staff_id=staff_id, action=action, subject=subject, now=now, after=after, reason=reason)
