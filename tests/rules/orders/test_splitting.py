"""Parts that add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.orders.splitting import largest_remainder


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (100, [1, 1, 1], (34, 33, 33)),
        (10, [3, 3, 4], (3, 3, 4)),
        (2, [1, 1, 1], (1, 1, 0)),
        (5, [0, 7, 0], (0, 5, 0)),
        (5, [0, 0], (5, 0)),
        (0, [], ()),
        (75, [126, 25], (63, 12)),
    ],
)
def test_split(total, weights, parts):
    assert largest_remainder(total, weights) == parts


@given(total=st.integers(0, 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=10))
def test_parts_sum_to_the_total_and_stay_near_their_share(total, weights):
    parts = largest_remainder(total, weights)

    assert sum(parts) == total
    assert all(part >= 0 for part in parts)
    whole = sum(weights)
    if whole:
        assert all(
            abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True)
        )


@given(data=st.data(), weights=st.lists(st.integers(0, 1000), min_size=1, max_size=10))
def test_no_part_exceeds_its_weight_while_the_total_does_not(data, weights):
    total = data.draw(st.integers(0, sum(weights)))

    assert all(
        part <= weight for part, weight in zip(largest_remainder(total, weights), weights, strict=True)
    )
