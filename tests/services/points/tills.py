"""A till in a line: what it reports, and what a member has."""

from dataclasses import replace

from shop.queries.points.balance import balance_of
from shop.rules.rulebook import (
    PurchaseNumberCondition,
    Rule,
)
from shop.services.points.adjusting import adjust_points
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from tests.factories import (
    AT_ONCE,
    MONDAY,
    make_rulebook,
    make_staff,
)

FIRST_OF_MONTH = PurchaseNumberCondition(number=1, span="month", counts_refunded=True)


def rule(code, effect, *conditions, **values):
    return Rule(code=code, name=code, effect=effect, conditions=conditions, **values)


def reported(external_id, *cents, at=MONDAY, **values):
    lines = values.pop("lines", tuple(ReportedLine(cents=each, sku=f"L{n}") for n, each in enumerate(cents)))
    return ReportedPurchase(source="till", external_id=external_id, at=at, lines=lines, **values)


def buys(member_id, external_id, *cents, now=MONDAY, **values):
    return record_purchase(member_id, reported(external_id, *cents, at=now, **values), now)


def gives_back(external_id, refund_id, *, now=MONDAY, **values):
    return refund_purchase(
        ReportedRefund(source="till", external_id=external_id, refund_id=refund_id, **values), now
    )


def rules(*rules, **sections):
    make_rulebook(replace(AT_ONCE, rules=rules, **sections))


def spends(member_id, points):
    staff_id = make_staff()
    adjust_points(member_id, -points, reason="用掉", staff_id=staff_id, key=f"{member_id}", now=MONDAY)


def points_of(done):
    return [award.points for award in done.awards]


def available(member_id, now=MONDAY):
    return balance_of(member_id, now).available
