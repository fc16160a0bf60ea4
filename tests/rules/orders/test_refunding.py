"""Refunds undo exactly what was paid and earned, in any number of parts."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.orders.refunding import (
    AwardedEntry,
    ClawBack,
    PaidLine,
    PaidOrder,
    RefundPlan,
    awards_after_refunds,
    plan_refund,
)
from shop.rules.points.earning import Award


def paid_line(line_id: int = 1, **values: int) -> PaidLine:
    usual = {
        "quantity": 1,
        "refunded_quantity": 0,
        "points_paid": 0,
        "points_refunded": 0,
        "offset_points_paid": 0,
        "offset_points_refunded": 0,
        "cents_paid": 0,
        "cents_refunded": 0,
    }
    return PaidLine(line_id=line_id, **{**usual, **values})


def order_of(*lines: PaidLine, awards: tuple[AwardedEntry, ...] = (), **values: object) -> PaidOrder:
    usual = {"shipping_cents": 0, "shipping_refunded_cents": 0}
    return PaidOrder(lines=lines, awards=awards, **{**usual, **values})


def after(order: PaidOrder, plan: RefundPlan) -> PaidOrder:
    """The order as the refund left it."""
    back = {line.line_id: line for line in plan.lines}
    clawed = {claw.entry_id: claw.points for claw in plan.claw_backs}
    lines = tuple(
        replace(
            line,
            refunded_quantity=line.refunded_quantity + back[line.line_id].quantity,
            points_refunded=line.points_refunded + back[line.line_id].points,
            offset_points_refunded=line.offset_points_refunded + back[line.line_id].offset_points,
            cents_refunded=line.cents_refunded + back[line.line_id].cents,
        )
        if line.line_id in back
        else line
        for line in order.lines
    )
    awards = tuple(
        replace(award, clawed_points=award.clawed_points + clawed.get(award.entry_id, 0))
        for award in order.awards
    )
    shipping_refunded_cents = order.shipping_refunded_cents + plan.shipping_cents
    return replace(order, lines=lines, awards=awards, shipping_refunded_cents=shipping_refunded_cents)


DOUBLED = (AwardedEntry(11, 399, 0), AwardedEntry(12, 399, 0))


def test_part_of_a_doubled_order_takes_back_both_rows():
    """Order C: 150 yuan of 399 back takes 150 base and 150 bonus."""
    order = order_of(paid_line(1, cents_paid=15000), paid_line(2, cents_paid=24900), awards=DOUBLED)

    plan = plan_refund(order, {1: 1}, refund_shipping=False)

    assert plan.cents_back == 15000
    assert plan.claw_backs == (ClawBack(11, 150), ClawBack(12, 150))
    assert [reason.code for reason in plan.reasons] == ["refunded_share", "clawed_back"]


def test_full_refund_brings_points_and_cash_back():
    """Order E: 1000 points to their lots, 80 yuan, and the 80 points earned are taken."""
    order = order_of(
        paid_line(1, offset_points_paid=1000, cents_paid=8000), awards=(AwardedEntry(21, 80, 0),)
    )

    plan = plan_refund(order, {1: 1}, refund_shipping=False)

    assert (plan.points_back, plan.cents_back, plan.claw_points) == (1000, 8000, 80)
    assert plan.reasons[0].code == "refunded_in_full"


def test_two_fifths_in_two_steps():
    order = order_of(paid_line(1, quantity=5, cents_paid=9999), awards=(AwardedEntry(1, 99, 0),))

    first = plan_refund(order, {1: 1}, refund_shipping=False)
    second = plan_refund(after(order, first), {1: 1}, refund_shipping=False)
    both = plan_refund(order, {1: 2}, refund_shipping=False)

    assert first.cents_back + second.cents_back == both.cents_back == 3999
    assert first.claw_points + second.claw_points == both.claw_points == 39


def test_last_piece_brings_the_exact_remainder():
    order = order_of(paid_line(1, quantity=3, cents_paid=100, points_paid=100))
    cents = []
    for _ in range(3):
        plan = plan_refund(order, {1: 1}, refund_shipping=False)
        cents.append((plan.cents_back, plan.points_back))
        order = after(order, plan)

    assert cents == [(33, 33), (33, 33), (34, 34)]


def test_goods_for_points_alone_keep_the_awards_of_the_rest():
    order = order_of(
        paid_line(1, points_paid=320), paid_line(2, cents_paid=10000), awards=(AwardedEntry(1, 100, 0),)
    )

    plan = plan_refund(order, {1: 1}, refund_shipping=False)

    assert (plan.points_back, plan.claw_backs, plan.reasons) == (320, (), ())


def test_freight_goes_back_once():
    order = order_of(paid_line(1, cents_paid=5000), shipping_cents=800)

    plan = plan_refund(order, {1: 1}, refund_shipping=True)
    again = plan_refund(after(order, plan), {}, refund_shipping=True)

    assert (plan.cents_back, plan.shipping_cents) == (5800, 800)
    assert again.cents_back == 0


def test_awards_on_freight_go_back_with_it():
    order = order_of(
        paid_line(1, quantity=2, cents_paid=9200),
        shipping_cents=800,
        awards=(AwardedEntry(1, 100, 0),),
        awards_include_shipping=True,
    )

    assert plan_refund(order, {1: 1}, refund_shipping=False).claw_points == 46
    assert plan_refund(order, {}, refund_shipping=True).claw_points == 8
    assert plan_refund(order, {1: 2}, refund_shipping=True).claw_points == 100


@pytest.mark.parametrize(
    ("take", "code"),
    [
        ({1: 3}, "refund_above_left"),
        ({1: -1}, "refund_above_left"),
        ({1: 10**12}, "refund_above_left"),
        ({99: 1}, "refund_above_left"),
        ({1: 1, 99: 1}, "refund_above_left"),
        ({}, "refund_of_nothing"),
        ({1: 0}, "refund_of_nothing"),
    ],
)
def test_impossible_refund_moves_nothing_and_says_why(take, code):
    order = order_of(paid_line(1, quantity=3, refunded_quantity=1, cents_paid=300, cents_refunded=100))

    plan = plan_refund(order, take, refund_shipping=False)

    assert code in [fault.code for fault in plan.faults]
    assert (plan.points_back, plan.cents_back, plan.claw_points) == (0, 0, 0)


def test_fault_names_what_is_left():
    order = order_of(paid_line(7, quantity=3, refunded_quantity=1))

    (fault,) = plan_refund(order, {7: 3}, refund_shipping=False).faults

    assert fault.params == {"line": 7, "wanted": 3, "left": 2}


ORDERS = st.builds(
    lambda lines, awards, shipping, include: order_of(
        *(replace(line, line_id=number) for number, line in enumerate(lines)),
        awards=tuple(AwardedEntry(number, points, 0) for number, points in enumerate(awards)),
        shipping_cents=shipping,
        awards_include_shipping=include,
    ),
    lines=st.lists(
        st.builds(
            paid_line,
            quantity=st.integers(1, 7),
            points_paid=st.integers(0, 5000),
            offset_points_paid=st.integers(0, 500),
            cents_paid=st.integers(0, 50_000),
        ),
        min_size=1,
        max_size=4,
    ),
    awards=st.lists(st.integers(1, 900), max_size=4),
    shipping=st.integers(0, 1500),
    include=st.booleans(),
)


@given(order=ORDERS, picks=st.lists(st.integers(0, 3), max_size=30))
def test_any_series_of_refunds_ends_at_what_was_paid(order, picks):
    paid = order
    pieces = [line.line_id for line in order.lines for _ in range(line.quantity)]
    for pick in picks:
        if len(pieces) > 1:
            line_id = pieces.pop(pick % len(pieces))
            order = after(order, plan_refund(order, {line_id: 1}, refund_shipping=False))
    rest = {line_id: pieces.count(line_id) for line_id in pieces}
    order = after(order, plan_refund(order, rest, refund_shipping=True))

    for line in order.lines:
        assert (line.points_refunded, line.offset_points_refunded, line.cents_refunded) == (
            line.points_paid,
            line.offset_points_paid,
            line.cents_paid,
        )
    assert order.shipping_refunded_cents == paid.shipping_cents
    assert [award.clawed_points for award in order.awards] == [award.points for award in paid.awards]


@given(order=ORDERS, data=st.data())
def test_in_parts_or_at_once_takes_the_same(order, data):
    first = {line.line_id: data.draw(st.integers(0, line.quantity)) for line in order.lines}
    second = {
        line.line_id: data.draw(st.integers(0, line.quantity - first[line.line_id])) for line in order.lines
    }
    both = {line_id: first[line_id] + second[line_id] for line_id in first}

    step = after(order, plan_refund(order, first, refund_shipping=False))
    in_parts = after(step, plan_refund(step, second, refund_shipping=False))
    at_once = after(order, plan_refund(order, both, refund_shipping=False))

    assert in_parts.lines == at_once.lines
    assert sum(award.clawed_points for award in in_parts.awards) == sum(
        award.clawed_points for award in at_once.awards
    )


# Refunds before the goods are received, waived points, and nothing at all


def promised(points: int, *lines: PaidLine, credited: int | None = None, **values: object) -> PaidOrder:
    """An order that promised points; ``credited`` None: it has not been received."""
    awards = () if credited is None else (AwardedEntry(11, credited, 0, promised=points),)
    return order_of(*lines, awards=awards, **values)


@given(
    points=st.integers(0, 5000),
    pieces=st.integers(1, 9),
    cents=st.integers(1, 90_000),
    first=st.integers(0, 9),
    second=st.integers(0, 9),
)
def test_refund_before_receipt_is_worth_the_same_as_after(points, pieces, cents, first, second):
    first, second = min(first, pieces), min(second, pieces - min(first, pieces))
    order = promised(points, paid_line(1, quantity=pieces, cents_paid=cents))

    def refunded(of: PaidOrder, count: int) -> PaidOrder:
        return after(of, plan_refund(of, {1: count}, refund_shipping=False)) if count else of

    early = refunded(order, first)
    (credited,) = awards_after_refunds((Award(points, "purchase", ()),), early)
    early = refunded(replace(early, awards=(AwardedEntry(11, credited, 0, promised=points),)), second)
    late = replace(order, awards=(AwardedEntry(11, points, 0),))
    late = refunded(refunded(late, first), second)

    assert kept(early) == kept(late)


def kept(order: PaidOrder) -> int:
    return sum(award.points - award.clawed_points for award in order.awards)


def test_second_refund_knows_what_was_withheld_before_receipt():
    """100 promised, half refunded before receipt: 50 credited.  A further quarter takes 25, not 37."""
    order = promised(
        100, paid_line(1, quantity=4, refunded_quantity=2, cents_paid=4000, cents_refunded=2000), credited=50
    )

    assert plan_refund(order, {1: 1}, refund_shipping=False).claw_points == 25


def test_what_was_waived_is_not_asked_for_again():
    order = promised(
        100, paid_line(1, quantity=2, refunded_quantity=1, cents_paid=4000, cents_refunded=2000), credited=100
    )
    order = replace(order, awards=(AwardedEntry(11, 100, 20),), waived_points=30)

    assert plan_refund(order, {1: 1}, refund_shipping=False).claw_points == 50


def test_freight_that_is_back_already_is_nothing_to_refund():
    order = order_of(paid_line(1, cents_paid=100), shipping_cents=800, shipping_refunded_cents=800)

    plan = plan_refund(order, {}, refund_shipping=True)

    assert [fault.code for fault in plan.faults] == ["refund_of_nothing"]
