"""A gift that is on, for stories of redemption."""

from typing import Any

from sqlalchemy import insert

from shop.models import Gift
from shop.transaction import transaction
from tests.factories import MONDAY


def make_gift(variant_id: int, **values: Any) -> int:
    """One piece with every piece of anything, at most five with an order.  Returns its id."""
    row = {
        "name": "随单礼",
        "state": "on",
        "variant_id": variant_id,
        "quantity_min": 1,
        "quantity": 1,
        "order_max": 5,
        "starts_at": MONDAY,
        "created_at": MONDAY,
        "updated_at": MONDAY,
        **values,
    }
    with transaction() as session:
        return int(session.execute(insert(Gift).values(row).returning(Gift.id)).scalar_one())
