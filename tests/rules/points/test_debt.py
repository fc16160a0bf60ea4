"""A claw-back that the balance cannot cover."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.points.debt import cover_claw_back, repay_debt
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
