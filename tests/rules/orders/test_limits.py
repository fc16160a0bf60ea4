"""How many pieces one order may take, and why no more."""

import pytest

from shop.rules.orders.limits import QUANTITY_MAX, order_limits


@pytest.mark.parametrize(
    ("per_order_max", "member_left", "available", "quantity_max", "code"),
    [
        (None, None, 10**6, QUANTITY_MAX, "limited_per_order"),
        (2, None, 50, 2, "limited_per_order"),
        (2, 1, 50, 1, "limited_per_member"),
        (None, 0, 50, 0, "limited_per_member"),
        (None, -1, 50, 0, "limited_per_member"),
        (5, 4, 3, 3, "limited_by_stock"),
        (5, 4, 0, 0, "limited_by_stock"),
        (5, 4, -2, 0, "limited_by_stock"),
        (2, 2, 2, 2, "limited_per_order"),
    ],
)
def test_lowest_bound_decides_and_is_told(per_order_max, member_left, available, quantity_max, code):
    limit = order_limits(per_order_max=per_order_max, member_left=member_left, available=available)

    assert limit.quantity_max == quantity_max
    assert [reason.code for reason in limit.reasons] == [code]
