"""The quote: the same price everywhere, to the cent, with its reasons."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.orders.pricing import (
    WAYS,
    Quote,
    QuoteLine,
    QuoteRequest,
    digest,
    price,
    quote_document,
    quote_from_document,
)
from shop.rules.points.occurrences import MemberFacts
from shop.rules.rulebook import DEFAULT_RULEBOOK, OffsetWindow, ShippingRule
from tests.rules.rulebooks import NATURAL, SHANGHAI, at, rulebook_with


def line(number: int = 1, **values: object) -> QuoteLine:
    shown = {
        "variant_id": number,
        "sku": f"SKU-{number}",
        "title": f"商品 {number}",
        "quantity": 1,
        "unit_points": 0,
        "unit_cents": 0,
        "offset_allowed": True,
        "needs_shipping": True,
    }
    return QuoteLine(**{**shown, **values})


def request(*lines: QuoteLine, **values: object) -> QuoteRequest:
    usual = {
        "way": "shipping",
        "tier_code": "branch",
        "points_available": 2460,
        "offset_points_wanted": 0,
        "at": at("2026-06-01T10:00:00"),
        "rulebook": DEFAULT_RULEBOOK,
        "rulebook_version": 4,
    }
    values = {**usual, **values}
    member = MemberFacts(tier_code=values.pop("tier_code"))
    return QuoteRequest(lines=lines, member=member, zone=SHANGHAI, **values)


COFFEE = line(1, unit_points=680, unit_cents=1990, offset_allowed=False)
SCARF = line(2, unit_cents=12900)


def test_the_ratio_of_a_tier_is_kept_with_its_reason():
    window = OffsetWindow(name="青枝月", starts_at=at("2026-06-01"), ends_at=at("2026-07-01"), points=50,
                          per_cents=100, tiers=("branch",))  # fmt: skip
    rules = rulebook_with(offset=replace(DEFAULT_RULEBOOK.offset, windows=(window,)))

    quote = price(request(SCARF, rulebook=rules, offset_points_wanted=1000))
    other = price(request(SCARF, rulebook=rules, offset_points_wanted=1000, tier_code="sprout"))

    assert (quote.offset_cents, other.offset_cents) == (2000, 1000)
    row = next(row for row in quote.rows if row.code == "offset")
    assert row.reasons[0].code == "offset_window_of_tier"
    assert quote_from_document(json.loads(json.dumps(quote_document(quote)))) == quote


def test_cart_of_mixed_goods():
    quote = price(request(COFFEE, SCARF, offset_points_wanted=1200))

    assert (quote.goods_points, quote.goods_cents) == (680, 14890)
    assert (quote.offset_points, quote.offset_cents) == (1200, 1200)
    assert (quote.total_points, quote.total_cents) == (1880, 13690)
    assert quote.shipping_cents == 0
    assert quote.offset_limits.points_max == 1780
    assert [award.points for award in quote.earn.awards] == [136, 27]
    assert [row.code for row in quote.rows] == ["line", "line", "offset", "shipping"]
    assert [row.reasons[-1].code for row in quote.rows] == [
        "unit_price",
        "unit_price",
        "offset_limited_by_balance",
        "shipping_free",
    ]


def test_offset_falls_only_on_goods_that_allow_it():
    coffee, scarf = price(request(COFFEE, SCARF, offset_points_wanted=1200)).lines

    assert (coffee.offset_points, coffee.offset_cents, coffee.paid_cents) == (0, 0, 1990)
    assert (scarf.offset_points, scarf.offset_cents, scarf.paid_cents) == (1200, 1200, 11700)


@pytest.mark.parametrize(
    ("cents", "points", "wanted", "moment", "offset_cents", "paid_cents", "earned"),
    [
        (26850, 0, 0, "2026-01-15", 0, 26850, 268),
        (12000, 568, 300, "2026-03-08", 2000, 10000, 100),
        (39900, 368, 0, "2026-05-20", 0, 39900, 399),
        (18000, 1166, 1000, "2026-11-05", 10000, 8000, 80),
        (18000, 1166, 1000, "2026-11-11T23:59:59", 10000, 8000, 80),
        (18000, 1166, 1000, "2026-11-12T00:00:00", 5000, 13000, 130),
    ],
)
def test_orders_of_the_reference_story(cents, points, wanted, moment, offset_cents, paid_cents, earned):
    quote = price(
        request(
            line(unit_cents=cents),
            tier_code="sprout",
            points_available=points,
            offset_points_wanted=wanted,
            at=at(moment),
            rulebook=NATURAL,
        )
    )

    assert quote.offset_points == wanted
    assert (quote.offset_cents, quote.total_cents, quote.earn.total) == (offset_cents, paid_cents, earned)


@pytest.mark.parametrize(
    ("lines", "changes", "cents", "codes"),
    [
        ((line(unit_cents=9899),), {}, 800, ["shipping_fee", "shipping_free_missing"]),
        ((line(unit_cents=9900),), {}, 0, ["shipping_free"]),
        (
            (line(unit_cents=10000),),
            {"offset_points_wanted": 110},
            800,
            ["shipping_fee", "shipping_free_missing"],
        ),
        ((line(unit_points=320),), {}, 0, ["shipping_free_for_points"]),
        ((line(unit_points=320),), {"way": "pickup"}, 0, ["picked_up"]),
        ((line(unit_points=320),), {"way": "none"}, 0, ["shipping_not_needed"]),
        ((line(unit_points=320, needs_shipping=False),), {}, 0, ["shipping_not_needed"]),
        ((line(unit_points=320),), {"rulebook": NATURAL}, 0, ["shipping_not_charged"]),
        (
            (line(unit_cents=99_000),),
            {
                "rulebook": rulebook_with(
                    shipping=ShippingRule(fee_cents=800, free_from_cents=None, free_for_points_only=True)
                )
            },
            800,
            ["shipping_fee"],
        ),
    ],
)
def test_freight(lines, changes, cents, codes):
    quote = price(request(*lines, **changes))

    assert quote.shipping_cents == cents
    assert [reason.code for reason in quote.rows[-1].reasons] == codes


def test_missing_points_are_told_and_no_offset_is_offered():
    quote = price(request(line(unit_points=2680, unit_cents=4900), offset_points_wanted=100))

    assert quote.points_missing == 220
    assert (quote.total_points, quote.offset_points, quote.offset_limits.points_max) == (2680, 0, 0)


def test_guest_sees_a_price():
    quote = price(request(SCARF, tier_code=None, points_available=0, offset_points_wanted=500))

    assert (quote.total_points, quote.total_cents, quote.earn.total) == (0, 12900, 129)


def test_empty_cart_costs_nothing():
    quote = price(request())

    assert (quote.total_points, quote.total_cents, quote.earn.total) == (0, 0, 0)


LINES = st.lists(
    st.builds(
        line,
        number=st.integers(1, 99),
        quantity=st.integers(1, 9),
        unit_points=st.integers(0, 3000),
        unit_cents=st.integers(0, 50_000),
        offset_allowed=st.booleans(),
        needs_shipping=st.booleans(),
    ),
    max_size=6,
)
REQUESTS = st.builds(
    lambda lines, **values: request(*lines, **values),
    lines=LINES,
    way=st.sampled_from(WAYS),
    tier_code=st.sampled_from([None, "sprout", "crown"]),
    points_available=st.integers(0, 20_000),
    offset_points_wanted=st.integers(-10, 30_000),
    at=st.sampled_from([at("2026-03-05"), at("2026-06-01"), at("2026-11-05")]),
    rulebook=st.sampled_from([DEFAULT_RULEBOOK, NATURAL]),
)


def assert_adds_up(quote: Quote) -> None:
    """O1: lines, rows and totals are the same money, and no part is negative."""
    lines = quote.lines
    assert quote.total_points == quote.goods_points + quote.offset_points
    assert quote.total_cents == quote.goods_cents - quote.offset_cents + quote.shipping_cents
    assert (sum(row.points for row in quote.rows), sum(row.cents for row in quote.rows)) == (
        quote.total_points,
        quote.total_cents,
    )
    paid_points = sum(priced.line_points + priced.offset_points for priced in lines)
    assert paid_points + quote.shipping_offset_points == quote.total_points
    assert sum(priced.paid_cents for priced in lines) == quote.paid_goods_cents
    for priced in lines:
        assert 0 <= priced.offset_cents <= (priced.line_cents if priced.offset_allowed else 0)
        assert priced.paid_cents == priced.line_cents - priced.offset_cents
        assert priced.offset_points >= 0
        assert priced.offset_cents or not priced.offset_points
    assert min(quote.goods_points, quote.total_cents, quote.shipping_cents, quote.offset_cents) >= 0


@given(asked=REQUESTS)
def test_every_quote_adds_up(asked):
    quote = price(asked)

    assert_adds_up(quote)
    assert quote.points_missing > 0 or quote.total_points <= asked.points_available


@given(asked=REQUESTS)
def test_stored_quote_is_the_same_quote(asked):
    quote = price(asked)

    stored = json.loads(json.dumps(quote_document(quote)))

    assert quote_from_document(stored) == quote
    assert digest(quote_from_document(stored)) == digest(quote)


@given(asked=REQUESTS)
def test_points_wanted_by_the_quote_are_accepted_again(asked):
    quote = price(asked)

    assert price(replace(asked, offset_points_wanted=quote.offset_points)) == quote


ASKED = request(COFFEE, SCARF, offset_points_wanted=1200)


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, lines=(COFFEE, replace(SCARF, unit_cents=12901))),
        replace(ASKED, lines=(COFFEE, replace(SCARF, quantity=2))),
        replace(ASKED, lines=(replace(COFFEE, unit_points=681), SCARF)),
        replace(ASKED, offset_points_wanted=1210),
        replace(ASKED, way="pickup"),
        replace(ASKED, member=MemberFacts(tier_code="fruit")),
        replace(
            ASKED,
            rulebook=rulebook_with(offset=replace(DEFAULT_RULEBOOK.offset, points=50, points_max=600)),
        ),
    ],
)
def test_another_deal_has_another_digest(other):
    assert digest(price(other)) != digest(price(ASKED))


@pytest.mark.parametrize(
    "same",
    [
        replace(ASKED, at=at("2026-06-01T10:05:00")),
        replace(ASKED, rulebook_version=5),
        replace(ASKED, points_available=5000),
        replace(ASKED, lines=(replace(COFFEE, title="保山咖啡豆"), SCARF)),
    ],
)
def test_the_same_deal_has_the_same_digest(same):
    assert digest(price(same)) == digest(price(ASKED))
