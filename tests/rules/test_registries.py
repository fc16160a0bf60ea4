"""Reasons and faults are registries: every code is given somewhere, and nothing else can be."""

import re
from pathlib import Path

import pytest

from shop.rules.faults import FAULT_CODES, fault
from shop.rules.reasons import REASON_CODES, Reason, because

SHOP = Path(__file__).parents[2] / "shop"
SOURCE = "\n".join(
    path.read_text()
    for layer in ("rules", "books", "services")
    for path in (SHOP / layer).rglob("*.py")
    if path.name not in ("reasons.py", "faults.py")
)


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_is_given_somewhere(code):
    assert re.search(rf'because\(\s*"{code}"', SOURCE)


@pytest.mark.parametrize("code", FAULT_CODES)
def test_every_fault_is_found_by_a_rule(code):
    assert f'"{code}"' in SOURCE


def test_reason_survives_its_document():
    reason = because("cut_by_cap", cap="互动", per="month", cap_points=300, offered_points=120, cut_points=30)

    assert Reason.from_document(reason.to_document()) == reason


def test_retired_reason_stays_readable():
    document = {"code": "given_long_ago", "params": {"points": 3}}

    assert Reason.from_document(document).to_document() == document


def test_wrong_parameters_are_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        because("cut_by_cap", cap="互动")
    with pytest.raises(AssertionError):
        fault("tiers", "repeated")
