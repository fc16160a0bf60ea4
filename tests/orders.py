"""What stories about orders need: an address, a wish as the checkout page sends it, a merchant who changes a price."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import event, insert, select, update
from werkzeug.test import TestResponse

from shop.crypto import seal
from shop.extensions import db
from shop.models import Address, Member, Variant
from shop.queries.orders.quote import Ask, checkout_of
from shop.services.orders.checkout import OrderWish
from shop.transaction import transaction
from tests.factories import MONDAY


def address_for(member_id: int, *, now: datetime = MONDAY) -> int:
    """A delivery address of a member, his default one."""
    parts = {
        "name": "林小满",
        "phone": "+8613805712046",
        "region": "浙江省杭州市拱墅区",
        "street": "小河路 12 号",
    }
    row = {"member_id": member_id, "sealed": seal(json.dumps(parts)), "is_default": True, "created_at": now}
    with transaction() as session:
        return int(session.execute(insert(Address).values(row).returning(Address.id)).scalar_one())


def sku_of(variant_id: int) -> str:
    return db.session.scalars(select(Variant.sku).where(Variant.id == variant_id)).one()


def wish_for(member_id: int, ask: Ask, now: datetime = MONDAY) -> OrderWish:
    """What the form sends when the member agrees to what the checkout page shows."""
    checkout = checkout_of(member_id, ask, now)
    assert checkout, "there is nothing to check out"
    return OrderWish(
        sku=ask.sku,
        quantity=ask.quantity,
        items=ask.items,
        way=checkout.quote.way,
        address_id=ask.address_id or (checkout.address and checkout.address.id),
        store_id=ask.store_id or (checkout.store and checkout.store.id),
        points_wanted=ask.points_wanted or 0,
        note=ask.note,
        agreed=checkout.digest,
        coupon_code=checkout.quote.coupon_code,
    )


def change_price(variant_id: int, points: int) -> None:
    with transaction() as session:
        session.execute(update(Variant).where(Variant.id == variant_id).values(price_points=points))


def suspend(member_id: int) -> None:
    with transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(state="suspended"))


def hidden_inputs(page: TestResponse, form_id: str = "checkout-form") -> dict[str, str]:
    """What the form of an order carries with it: tokens, the digest, what is ordered."""
    form = page.text.partition(f'id="{form_id}"')[2].partition("</form>")[0]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """Every SQL statement that is executed meanwhile."""
    statements: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)
