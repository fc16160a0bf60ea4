"""A claw-back that the balance cannot cover."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.debt import Deduction, cover_claw_back, keep_from_cash, repay_debt
from shop.rules.points.redeeming import OffsetRatio
from shop.rules.rulebook import ReturnRule

DEBT = ReturnRule(shortage="debt", grace_days=7)
WAIVE = ReturnRule(shortage="waive", grace_days=7)


@pytest.mark.parametrize(
    ("returns", "asked", "available", "taken", "debt", "waived"),
    [
        (DEBT, 268, 246, 246, 22, 0),
        (WAIVE, 268, 246, 246, 0, 22),
        (DEBT, 80, 1246, 80, 0, 0),
        (DEBT, 80, 0, 0, 80, 0),
        (DEBT, 80, -20, 0, 80, 0),
        (DEBT, 0, 0, 0, 0, 0),
    ],
)
def test_shortage_goes_by_the_rulebook(returns, asked, available, taken, debt, waived):
    cover = cover_claw_back(asked, available, returns)

    assert (cover.taken, cover.debt, cover.waived) == (taken, debt, waived)
    assert bool(cover.reasons) == bool(debt or waived)


def test_next_earnings_fill_the_debt_first():
    repaid = repay_debt(80, 22)

    assert (repaid.credited, repaid.repaid) == (58, 22)
    assert repaid.reasons[0].to_document() == {"code": "debt_repaid", "params": {"points": 22}}


@given(earned=st.integers(0, 1000), debt=st.integers(0, 1000))
def test_earnings_are_split_without_loss(earned, debt):
    repaid = repay_debt(earned, debt)

    assert repaid.credited + repaid.repaid == earned
    assert 0 <= repaid.repaid <= debt
    assert repaid.credited == 0 or repaid.repaid == debt


@pytest.mark.parametrize(
    ("short", "cents_back", "ratio", "points", "cents"),
    [
        (100, 10_000, OffsetRatio(20, 100), 100, 500),
        (100, 300, OffsetRatio(20, 100), 60, 300),
        (100, 0, OffsetRatio(20, 100), 0, 0),
        (7, 10_000, OffsetRatio(3, 10), 7, 23),
        (1, 10_000, OffsetRatio(1000, 100), 0, 0),
        (0, 10_000, OffsetRatio(20, 100), 0, 0),
    ],
)
def test_missing_points_are_kept_at_their_worth_within_the_cash(short, cents_back, ratio, points, cents):
    assert keep_from_cash(short, cents_back, ratio) == Deduction(points, cents)


@given(
    short=st.integers(0, 10**6),
    cents_back=st.integers(0, 10**7),
    points=st.integers(1, 10_000),
    per_cents=st.integers(1, 10_000),
)
def test_never_more_is_kept_than_goes_back_nor_than_the_points_are_worth(
    short, cents_back, points, per_cents
):
    ratio = OffsetRatio(points, per_cents)

    kept = keep_from_cash(short, cents_back, ratio)

    assert 0 <= kept.points <= short
    assert kept.cents <= cents_back
    assert kept.cents == ratio.cents_for(kept.points)


def test_what_was_kept_in_cash_is_let_go_and_only_the_rest_is_owed():
    returns = ReturnRule(shortage="debt", grace_days=7)

    cover = cover_claw_back(100, 30, returns, kept_points=50)

    assert (cover.taken, cover.debt, cover.waived) == (30, 20, 50)
    assert [reason.code for reason in cover.reasons] == ["shortage_kept_from_cash", "shortage_becomes_debt"]
