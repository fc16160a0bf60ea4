"""Gifts on top: how many come with an order, why none does, and how many go back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.campaigns.gifts import GiftTerms, decide, pieces_for, pieces_to_give_back


def terms(quantity_min=2, quantity=1, order_max=3):
    return GiftTerms(
        gift_id=1, name="买二送一", quantity_min=quantity_min, quantity=quantity, order_max=order_max
    )


@pytest.mark.parametrize(("redeemed", "pieces"), [(0, 0), (1, 0), (2, 1), (3, 1), (5, 2), (6, 3), (40, 3)])
def test_every_so_many_bring_one_up_to_the_most(redeemed, pieces):
    assert pieces_for(terms(), redeemed) == pieces


@pytest.mark.parametrize(
    ("redeemed", "left", "available", "fits", "pieces", "code"),
    [
        (4, None, 9, True, 2, "gift_comes"),
        (1, None, 9, True, 0, "gift_needs_more"),
        (4, 0, 9, True, 0, "gift_had_before"),
        (4, 1, 9, True, 1, "gift_comes"),
        (4, None, 0, True, 0, "gift_sold_out"),
        (4, None, -1, True, 0, "gift_sold_out"),
        (4, None, 1, True, 1, "gift_comes"),
        (4, None, 9, False, 0, "gift_goes_another_way"),
    ],
)
def test_what_comes_and_why(redeemed, left, available, fits, pieces, code):
    decision = decide(terms(), redeemed, member_left=left, available=available, fits_way=fits)

    assert (decision.pieces, decision.reason.code) == (pieces, code)


@given(
    quantity_min=st.integers(1, 9),
    quantity=st.integers(1, 5),
    order_max=st.integers(5, 40),
    redeemed=st.integers(0, 60),
    back=st.lists(st.integers(0, 10), max_size=8),
)
def test_whoever_keeps_goods_keeps_what_they_bring(quantity_min, quantity, order_max, redeemed, back):
    rule = terms(quantity_min, quantity, order_max)
    given_pieces, left = pieces_for(rule, redeemed), redeemed
    for pieces in [*back, redeemed]:
        left = max(0, left - pieces)
        given_pieces -= pieces_to_give_back(rule, given=given_pieces, redeemed_left=left)
        assert given_pieces == pieces_for(rule, left)
    assert given_pieces == 0
