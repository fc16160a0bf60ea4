"""The back office's hand on gifts on top: saving one, starting it and stopping it, each with its audit row."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from shop.books import audit
from shop.errors import EditedMeanwhile, GiftGoodsUnknown, GiftTargetUnknown, NotFound
from shop.extensions import db
from shop.models import Category, Gift, Variant
from shop.models.columns import JsonObject
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
ACTIONS = {"on": "gift.start", "off": "gift.stop"}


@dataclass(frozen=True, kw_only=True)
class GiftEdit:
    """A gift as typed: for the product of ``sku``, a category, or anything (both None).  ``gift_sku`` comes on top."""

    name: str
    sku: str | None
    category_id: int | None
    quantity_min: int
    gift_sku: str
    quantity: int
    order_max: int
    member_max: int | None
    starts_at: datetime
    ends_at: datetime | None


def create_gift(edit: GiftEdit, staff_id: int, now: datetime) -> int:
    """Begin a new gift as a draft.  Returns its id.  Raises GiftTargetUnknown and GiftGoodsUnknown."""
    with transaction() as session:
        values = _values(edit)
        row = {**values, "state": "draft", "created_at": now, "updated_at": now}
        gift_id = int(session.execute(insert(Gift).values(row).returning(Gift.id)).scalar_one())
        _audit("gift.create", gift_id, staff_id, now, None, _plain(values))
        return gift_id


def save_gift(gift_id: int, edit: GiftEdit, seen_revision: int, staff_id: int, now: datetime) -> None:
    """Change a gift.  Orders that were placed before keep its old terms.

    Raises NotFound, EditedMeanwhile, GiftTargetUnknown and GiftGoodsUnknown.
    """
    with transaction() as session:
        gift = _locked(gift_id)
        if gift.revision != seen_revision:
            raise EditedMeanwhile
        values = _values(edit)
        changed = {name: getattr(gift, name) for name in values if getattr(gift, name) != values[name]}
        session.execute(
            update(Gift)
            .where(Gift.id == gift_id)
            .values(**values, revision=seen_revision + 1, updated_at=now),
            execution_options=QUIET,
        )
        after = {name: values[name] for name in changed}
        _audit("gift.save", gift_id, staff_id, now, _plain(changed), _plain(after))


def start_gift(gift_id: int, staff_id: int, now: datetime) -> None:
    """Let it come with orders, for the first time or again.  A repeat changes nothing.  Raises NotFound."""
    _set_state(gift_id, "on", staff_id, now)


def stop_gift(gift_id: int, staff_id: int, now: datetime) -> None:
    """Let it come with no further order.  A repeat changes nothing.  Raises NotFound."""
    _set_state(gift_id, "off", staff_id, now)


def _set_state(gift_id: int, state: str, staff_id: int, now: datetime) -> None:
    with transaction() as session:
        before = _locked(gift_id).state
        if before == state or (before == "draft" and state == "off"):
            return
        session.execute(
            update(Gift)
            .where(Gift.id == gift_id)
            .values(state=state, updated_at=now, revision=Gift.revision + 1),
            execution_options=QUIET,
        )
        _audit(ACTIONS[state], gift_id, staff_id, now, {"state": before}, {"state": state})


def _locked(gift_id: int) -> Any:
    statement = select(Gift.__table__).where(Gift.id == gift_id).with_for_update()
    row = db.session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return row


def _values(edit: GiftEdit) -> dict[str, Any]:
    goods = _variant(edit.gift_sku)
    if goods is None or goods.state != "active":
        raise GiftGoodsUnknown(edit.gift_sku)
    return {
        "name": edit.name,
        "product_id": _product(edit.sku) if edit.sku is not None else None,
        "category_id": _category(edit.category_id) if edit.category_id is not None else None,
        "quantity_min": edit.quantity_min,
        "variant_id": goods.id,
        "quantity": edit.quantity,
        "order_max": edit.order_max,
        "member_max": edit.member_max,
        "starts_at": edit.starts_at,
        "ends_at": edit.ends_at,
    }


def _variant(sku: str) -> Any:
    statement = select(Variant.id, Variant.product_id, Variant.state).where(Variant.sku == sku)
    return db.session.execute(statement).one_or_none()


def _product(sku: str) -> int:
    row = _variant(sku)
    if row is None:
        raise GiftTargetUnknown(sku)
    return int(row.product_id)


def _category(category_id: int) -> int:
    if db.session.scalar(select(Category.id).where(Category.id == category_id)) is None:
        raise GiftTargetUnknown(str(category_id))
    return category_id


def _plain(values: dict[str, Any]) -> JsonObject:
    """Moments as texts, so that the audit row can keep them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _audit(
    action: str, gift_id: int, staff_id: int, now: datetime, before: JsonObject | None, after: JsonObject
) -> None:
    subject = f"gift:{gift_id}"
    audit.record(staff_id=staff_id, action=action, subject=subject, now=now, before=before, after=after)
