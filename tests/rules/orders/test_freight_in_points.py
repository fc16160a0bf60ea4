"""Points that pay the freight: only where the rulebook allows it, and within the limits of the whole bill."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.orders.pricing import price, quote_document, quote_from_document
from shop.rules.rulebook import DEFAULT_RULEBOOK, OffsetRule, ShippingRule
from tests.rules.orders.test_pricing import assert_adds_up, line, request
from tests.rules.rulebooks import rulebook_with

OFFSET = replace(DEFAULT_RULEBOOK.offset, share_percent_max=100, points_min=0, step_points=1)
FREIGHT = ShippingRule(fee_cents=800, free_from_cents=9900, free_for_points_only=False)
PAYS = rulebook_with(offset=replace(OFFSET, pays_shipping=True), shipping=FREIGHT)
PAYS_NOT = rulebook_with(offset=OFFSET, shipping=FREIGHT)


def asked(*lines, wanted=10**6, rulebook=PAYS, **values):
    return price(
        request(*lines, rulebook=rulebook, offset_points_wanted=wanted, points_available=10**6, **values)
    )


def test_freight_is_paid_in_cash_unless_the_rulebook_says_otherwise():
    before, after = (asked(line(unit_cents=5000), rulebook=each) for each in (PAYS_NOT, PAYS))

    assert (before.offset_points, before.total_cents, before.shipping_offset_points) == (5000, 800, 0)
    assert (after.offset_points, after.total_cents) == (5800, 0)
    assert (after.shipping_offset_points, after.shipping_offset_cents) == (800, 800)
    assert after.paid_goods_cents == after.paid_shipping_cents == 0
    offset = next(row for row in after.rows if row.code == "offset")
    assert [reason.code for reason in offset.reasons][-2:] == [
        "offset_limited_by_goods_and_shipping",
        "offset_pays_shipping",
    ]


def test_goods_come_first():
    quote = asked(line(unit_cents=5000), wanted=5100)

    assert (quote.lines[0].offset_points, quote.shipping_offset_points) == (5000, 100)
    assert (quote.paid_goods_cents, quote.paid_shipping_cents) == (0, 700)


def test_freight_of_goods_for_points_alone_is_paid_with_points():
    quote = asked(line(unit_points=320, offset_allowed=False))

    assert (quote.total_points, quote.total_cents) == (1120, 0)
    assert (quote.goods_points, quote.offset_points, quote.shipping_offset_points) == (320, 800, 800)


@pytest.mark.parametrize(
    ("changes", "points", "code"),
    [
        ({"share_percent_max": 50}, 2900, "offset_limited_by_share_with_shipping"),
        ({"cash_cents_min": 300}, 5500, "offset_limited_by_cash_min"),
        ({"points_max": 5200}, 5200, "offset_limited_by_points_max"),
    ],
)
def test_every_limit_is_of_goods_and_freight_together(changes, points, code):
    rulebook = rulebook_with(offset=replace(PAYS.offset, **changes), shipping=FREIGHT)

    quote = asked(line(unit_cents=5000), rulebook=rulebook)

    assert (quote.offset_points, quote.total_cents) == (points, 5800 - points)
    assert code in [reason.code for reason in quote.offset_limits.reasons]


def test_freight_paid_with_points_earns_nothing():
    earning = replace(DEFAULT_RULEBOOK.earning, includes_shipping=True)
    rulebook = replace(PAYS, earning=earning)

    cash, points = (asked(line(unit_cents=500), rulebook=rulebook, wanted=each) for each in (0, 1300))

    assert (cash.earn.total, points.earn.total) == (15, 0)


@given(
    share=st.integers(0, 100),
    least=st.integers(0, 3000),
    most=st.none() | st.integers(100, 20_000),
    step=st.integers(1, 50),
    cents=st.integers(0, 30_000),
    other_cents=st.integers(0, 5000),
    free_from=st.none() | st.integers(0, 20_000),
    available=st.integers(0, 40_000),
    wanted=st.integers(0, 60_000),
)
def test_every_step_keeps_the_limits_of_its_own_bill(
    share, least, most, step, cents, other_cents, free_from, available, wanted
):
    offset = OffsetRule(points=100, per_cents=100, step_points=step, points_min=0, points_max=most,
                        share_percent_max=share, cash_cents_min=least, windows=(), pays_shipping=True)  # fmt: skip
    shipping = ShippingRule(fee_cents=800, free_from_cents=free_from, free_for_points_only=False)
    rulebook = rulebook_with(offset=offset, shipping=shipping)
    lines = (line(1, unit_cents=cents), line(2, unit_cents=other_cents, offset_allowed=False))

    quote = price(request(*lines, rulebook=rulebook, points_available=available, offset_points_wanted=wanted))

    assert_adds_up(quote)
    whole = quote.goods_cents + quote.shipping_cents
    assert quote.offset_cents * 100 <= whole * share
    assert quote.offset_points <= min(available, wanted)
    assert quote.shipping_offset_cents <= quote.shipping_cents
    assert not quote.offset_points or quote.total_cents >= min(least, whole)
    assert quote.lines[1].offset_points == 0
    assert quote_from_document(json.loads(json.dumps(quote_document(quote)))) == quote
