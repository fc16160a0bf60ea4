"""How goods can get to a person."""

import pytest

from shop.rules.orders.ways import ways_for


@pytest.mark.parametrize(
    ("kinds", "ways"),
    [
        (["physical"], ("shipping", "pickup")),
        (["physical", "physical"], ("shipping", "pickup")),
        (["voucher"], ("none",)),
        (["service", "virtual"], ("none",)),
        (["physical", "voucher"], ("pickup",)),
    ],
)
def test_ways(kinds, ways):
    assert ways_for(kinds) == ways
