"""What lies in a member's cart.  Kept at most ``LINES_MAX`` variants long."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from shop.extensions import db
from shop.models import CartItem, Variant

LINES_MAX = 50
QUIET = {"synchronize_session": False}
LINES = (
    select(Variant.sku, CartItem.quantity)
    .join(Variant, Variant.id == CartItem.variant_id)
    .where(CartItem.member_id == bindparam("member_id"))
    .order_by(CartItem.added_at.desc(), Variant.id.desc())
)
MINE = (CartItem.member_id == bindparam("of_member")) & (CartItem.variant_id == bindparam("of_variant"))
SET = update(CartItem).where(MINE).values(quantity=bindparam("wanted"))
REMOVE = delete(CartItem).where(MINE)
COUNT = select(func.count()).select_from(CartItem).where(CartItem.member_id == bindparam("member_id"))


def wishes_of(member_id: int, chosen: Collection[str] = ()) -> dict[str, int]:
    """SKU -> pieces, newest first; only the ``chosen`` SKUs, or everything when nothing was chosen."""
    rows = db.session.execute(LINES, {"member_id": member_id})
    return {row.sku: row.quantity for row in rows if not chosen or row.sku in chosen}


def is_full(member_id: int) -> bool:
    """Whether no further variant finds room."""
    return int(db.session.scalar(COUNT, {"member_id": member_id}) or 0) >= LINES_MAX


def put(member_id: int, variant_id: int, quantity: int, now: datetime) -> None:
    """Let the cart hold so many pieces of a variant; 0 takes it out."""
    mine = {"of_member": member_id, "of_variant": variant_id}
    if quantity == 0:
        db.session.execute(REMOVE, mine, execution_options=QUIET)
        return
    changed = db.session.execute(SET, {**mine, "wanted": quantity}, execution_options=QUIET)
    if not changed.rowcount:  # type: ignore[attr-defined]
        row = {"member_id": member_id, "variant_id": variant_id, "quantity": quantity, "added_at": now}
        db.session.execute(insert(CartItem).values(row))


def take_out(member_id: int, variant_ids: Collection[int]) -> None:
    """Take variants out, whatever their number: they were ordered."""
    statement = delete(CartItem).where(CartItem.member_id == member_id, CartItem.variant_id.in_(variant_ids))
    db.session.execute(statement, execution_options=QUIET)
