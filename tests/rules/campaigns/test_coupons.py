"""What a coupon takes off: never more than the goods it covers cost, and always to the cent."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.campaigns.coupons import CouponTerms, coupon_discount, valid_for_days
from shop.rules.orders.pricing import AppliedCoupon, price, quote_document, quote_from_document
from tests.rules.orders.test_pricing import line, request

TEN_OFF = CouponTerms(name="10 元券", kind="cents_off", off_cents=1000)
FIFTEEN_PERCENT = CouponTerms(name="八五折", kind="percent_off", off_percent=15)


@pytest.mark.parametrize(
    ("terms", "covered_cents", "cents", "codes"),
    [
        (TEN_OFF, 5000, 1000, ["coupon_cents_off"]),
        (TEN_OFF, 700, 700, ["coupon_cents_off"]),
        (TEN_OFF, 0, 0, ["coupon_not_for_these_goods"]),
        (replace(TEN_OFF, spend_cents_min=9900), 9899, 0, ["coupon_below_min"]),
        (replace(TEN_OFF, spend_cents_min=9900), 9900, 1000, ["coupon_cents_off"]),
        (FIFTEEN_PERCENT, 999, 149, ["coupon_percent_off"]),
        (FIFTEEN_PERCENT, 6, 0, ["coupon_percent_off"]),
        (
            replace(FIFTEEN_PERCENT, off_cents_max=100),
            999,
            100,
            ["coupon_percent_off", "coupon_cut_by_max"],
        ),
        (
            replace(TEN_OFF, scope="products", scope_ids=(7,)),
            5000,
            1000,
            ["coupon_cents_off", "coupon_on_some_goods"],
        ),
    ],
)
def test_what_a_coupon_takes_off(terms, covered_cents, cents, codes):
    discount = coupon_discount(terms, covered_cents)

    assert discount.cents == cents
    assert [reason.code for reason in discount.reasons] == codes


def test_what_a_coupon_covers():
    assert TEN_OFF.covers(1, ())
    assert replace(TEN_OFF, scope="products", scope_ids=(1, 2)).covers(2, (9,))
    assert not replace(TEN_OFF, scope="products", scope_ids=(1, 2)).covers(3, (1,))
    assert replace(TEN_OFF, scope="categories", scope_ids=(5,)).covers(3, (9, 5))
    assert not replace(TEN_OFF, scope="categories", scope_ids=(5,)).covers(5, ())


def test_terms_are_read_back_as_they_were_written():
    terms = replace(TEN_OFF, scope="categories", scope_ids=(5, 6), off_cents_max=7)

    assert CouponTerms.from_document(terms.to_document()) == terms


def test_thirty_days_end_with_the_thirtieth_day_after_today():
    late = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai

    validity = valid_for_days(30, late, ZoneInfo("Asia/Shanghai"))

    assert validity.from_at == late
    assert validity.until_at == datetime(2026, 4, 1, 16, 0, tzinfo=UTC)


def applied(*variant_ids: int, **terms: object) -> AppliedCoupon:
    return AppliedCoupon(
        code="ABCDEFGH23", terms=replace(TEN_OFF, **terms), variant_ids=frozenset(variant_ids)
    )


def test_the_coupon_comes_before_the_offset_and_the_freight():
    quote = price(
        request(
            line(1, unit_cents=5000),
            line(2, unit_cents=2500),
            coupon=applied(1, 2),
            offset_points_wanted=9999,
        )
    )

    assert [row.code for row in quote.rows] == ["line", "line", "coupon", "offset", "shipping"]
    assert [priced.coupon_cents for priced in quote.lines] == [667, 333]
    assert quote.offset_limits.points_max <= 6500
    assert quote.total_cents == 7500 - 1000 - quote.offset_cents + quote.shipping_cents
    assert quote_from_document(quote_document(quote)) == quote


def test_a_coupon_falls_only_on_the_goods_it_covers():
    covered, other = price(
        request(line(1, unit_cents=5000), line(2, unit_cents=2500), coupon=applied(1))
    ).lines

    assert (covered.coupon_cents, covered.paid_cents) == (1000, 4000)
    assert (other.coupon_cents, other.paid_cents) == (0, 2500)


def test_a_coupon_that_does_not_fit_changes_nothing():
    goods = line(1, unit_cents=5000)

    assert price(request(goods, coupon=applied(1, spend_cents_min=5001))) == price(request(goods))


def test_an_order_from_before_there_were_coupons_is_still_read():
    quote = price(request(line(1, unit_cents=5000)))
    document = quote_document(quote)
    for part in (document, *document["lines"]):
        part.pop("coupon_cents")
    del document["coupon_code"]

    assert quote_from_document(document) == quote


CENTS = st.integers(0, 50_000)


@given(
    cents=st.lists(CENTS, min_size=1, max_size=6),
    covered=st.sets(st.integers(1, 6)),
    off_cents=st.integers(1, 60_000),
    wanted=st.integers(0, 100_000),
    points=st.integers(0, 100_000),
)
def test_every_cent_has_its_place(cents, covered, off_cents, wanted, points):
    lines = [line(number, unit_cents=each, quantity=2) for number, each in enumerate(cents, 1)]

    quote = price(
        request(
            *lines,
            coupon=applied(*covered, off_cents=off_cents),
            offset_points_wanted=wanted,
            points_available=points,
        )
    )

    assert sum(row.cents for row in quote.rows) == quote.total_cents
    assert sum(each.coupon_cents for each in quote.lines) == quote.coupon_cents
    assert sum(each.paid_cents for each in quote.lines) == quote.paid_goods_cents
    assert all(each.paid_cents >= 0 and each.coupon_cents >= 0 for each in quote.lines)
    assert all(
        each.paid_cents == each.line_cents - each.coupon_cents - each.offset_cents for each in quote.lines
    )
    assert all(each.coupon_cents == 0 for each in quote.lines if each.variant_id not in covered)
