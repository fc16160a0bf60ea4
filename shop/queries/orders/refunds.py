"""What giving an order back would mean, before anybody does it: the same plan that the books follow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from shop.books import month_reversals, purchases
from shop.books.orders import paid_orders, shortages
from shop.books.orders.paying import spent_entry
from shop.books.points import entries, lots
from shop.books.rulebooks import Occasion, occasion_under, rulebook_of
from shop.extensions import db
from shop.models import Hold, Lot, Member, Order, OrderLine, PointsAccount, RulebookVersion, is_main_account
from shop.models.points.hold import HeldLot
from shop.queries.orders.orders import Stage, may_be_number, stage
from shop.queries.points.balance import last_day_before
from shop.rules.orders.refunding import PaidOrder, RefundPlan, plan_refund
from shop.rules.points.debt import cover_claw_back, repay_debt
from shop.rules.points.expiry import expiry_of_return
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import asks_for_month
from shop.rules.reasons import Reason

paid_from = aliased(PointsAccount)
DEBT = func.coalesce(
    select(paid_from.debt_points)
    .where(paid_from.member_id == Order.member_id, paid_from.kind == Order.points_kind)
    .correlate(Order)
    .scalar_subquery(),
    0,
)
ORDER = (
    select(
        Order.id,
        Order.number,
        Order.total_points,
        Order.total_cents,
        Order.coupon_cents,
        Order.earn_points,
        Order.shipping_cents,
        Order.refunded_shipping_cents,
        Order.rulebook_version,
        Order.paid_at,
        stage,
        PointsAccount.id.label("account_id"),
        Order.points_kind,
        DEBT.label("debt_points"),
    )
    .join(Member, Member.id == Order.member_id)
    .join(PointsAccount, (PointsAccount.member_id == Member.id) & is_main_account)
    .where(Order.number == bindparam("number"))
)
RULES = (
    select(RulebookVersion.document)
    .join(Order, Order.rulebook_version == RulebookVersion.id)
    .where(Order.number == bindparam("number"))
)
HELD = (
    select(Lot.expires_at, HeldLot.points)
    .join(Hold, Hold.id == HeldLot.hold_id)
    .join(Lot, Lot.id == HeldLot.lot_id)
    .where(Hold.reference == bindparam("reference"), Hold.state == "held")
    .order_by(Lot.expires_at, Lot.id)
)
LINES = select(OrderLine.id, OrderLine.quantity, OrderLine.refunded_quantity).where(
    OrderLine.order_id == bindparam("order_id")
)


@dataclass(frozen=True)
class PointsReturn:
    """Points that come back to one batch.  ``last_on`` None: they never lapse; ``has_grace``: the old batch is over."""

    points: int
    last_on: date | None
    has_grace: bool = False


@dataclass(frozen=True)
class RefundPreview:
    """What a refund would do.  With ``faults`` it would be refused.

    ``owed_points`` would become a debt, ``waived_points`` be let go, because the balance does not cover the claw-back;
    ``kept_cents`` would stay with the shop for ``kept_points`` that are gone; ``filled_points`` of what comes back would
    fill a debt first.  ``brings_coupon``: everything goes back, and so does the coupon.  ``month_points`` are bonuses of
    the month's orders that are reached no more.
    ``gifts``: lines and pieces that go back because what had brought them does.
    """

    points: int
    cents: int
    shipping_cents: int
    returns: tuple[PointsReturn, ...]
    filled_points: int
    claw_points: int
    owed_points: int
    waived_points: int
    kept_points: int
    kept_cents: int
    reasons: tuple[Reason, ...]
    faults: tuple[Reason, ...]
    brings_coupon: bool = False
    month_points: int = 0
    gifts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Cancellation:
    """What a member gets back by cancelling.  ``lost_earn_points``: the promise that ends with the order."""

    number: str
    stage: Stage
    points: int
    cents: int
    shipping_cents: int
    returns: tuple[PointsReturn, ...]
    filled_points: int
    lost_earn_points: int
    brings_coupon: bool
    points_kind: str

    @property
    def is_possible(self) -> bool:
        return self.stage in ("placed", "paid", "pickup")


def cancellation_of(number: str, member_id: int, now: datetime) -> Cancellation | None:
    """What cancelling would bring back; None for an order that is not this member's."""
    if not may_be_number(number):
        return None
    mine = ORDER.where(Order.member_id == member_id)
    order = db.session.execute(mine, {"number": number, "now": now}).one_or_none()
    if order is None:
        return None
    if order.paid_at is None:
        held = db.session.execute(HELD, {"reference": f"order:{number}"})
        returns = tuple(PointsReturn(row.points, last_day_before(row.expires_at)) for row in held)
        return Cancellation(
            number=number,
            stage=order.stage,
            points=order.total_points,
            cents=0,
            shipping_cents=0,
            returns=_together(returns),
            filled_points=0,
            lost_earn_points=order.earn_points,
            brings_coupon=order.coupon_cents > 0,
            points_kind=order.points_kind,
        )
    preview = _preview(order, _everything(order.id), now, refund_shipping=True)
    return Cancellation(
        number=number,
        stage=order.stage,
        points=preview.points,
        cents=preview.cents,
        shipping_cents=preview.shipping_cents,
        returns=preview.returns,
        filled_points=preview.filled_points,
        lost_earn_points=order.earn_points,
        brings_coupon=order.coupon_cents > 0,
        points_kind=order.points_kind,
    )


def lets_shortages_go(number: str) -> bool:
    """Whether the rules of this order let points go that are gone."""
    document = db.session.scalar(RULES, {"number": number})
    return document is not None and rulebook_of(document).returns.shortage == "waive"


def refund_preview(
    number: str, take: Mapping[int, int], now: datetime, *, refund_shipping: bool, waive: bool | None = None
) -> RefundPreview | None:
    """What refunding these pieces (line id -> pieces) would do; None for an order that does not exist."""
    if not may_be_number(number):
        return None
    order = db.session.execute(ORDER, {"number": number, "now": now}).one_or_none()
    return _preview(order, take, now, refund_shipping=refund_shipping, waive=waive) if order else None


def _everything(order_id: int) -> dict[int, int]:
    rows = db.session.execute(LINES, {"order_id": order_id})
    return {row.id: row.quantity - row.refunded_quantity for row in rows}


def _preview(
    order: object, take: Mapping[int, int], now: datetime, *, refund_shipping: bool, waive: bool | None = None
) -> RefundPreview:
    under = occasion_under(order.rulebook_version, now)  # type: ignore[attr-defined]
    paid = paid_orders.load(order.id, under)  # type: ignore[attr-defined]
    plan = plan_refund(paid, take, refund_shipping=refund_shipping)
    returns = _returns(order.number, plan, under)  # type: ignore[attr-defined]
    own = frozenset(award.entry_id for award in paid.awards)
    taken = lots.choose_for_claw_back(order.account_id, plan.claw_points, own, now)  # type: ignore[attr-defined]
    filled = repay_debt(plan.points_back, order.debt_points).repaid  # type: ignore[attr-defined]
    has_grace = under.rulebook.returns.grace_days > 0
    living = sum(each.points for each in returns if has_grace or not each.has_grace)
    covered = sum(part.points for part in taken) + max(0, living - filled)  # what returns can be taken again
    kept = shortages.settled_by(order.id, plan, covered, under, waive=waive)  # type: ignore[attr-defined]
    returns_rule = replace(under.rulebook.returns, shortage="waive" if kept.waives else "debt")
    cover = cover_claw_back(plan.claw_points, covered, returns_rule, kept_points=kept.kept.points)
    return RefundPreview(
        points=plan.points_back,
        cents=plan.cents_back - kept.kept.cents,
        shipping_cents=plan.shipping_cents,
        returns=returns,
        filled_points=filled,
        claw_points=plan.claw_points,
        owed_points=cover.debt,
        waived_points=cover.waived - kept.kept.points,
        kept_points=kept.kept.points,
        kept_cents=kept.kept.cents,
        reasons=plan.reasons,
        faults=plan.faults,
        brings_coupon=order.coupon_cents > 0 and _takes_everything(paid, plan),  # type: ignore[attr-defined]
        month_points=_of_month(order.id, plan, under),  # type: ignore[attr-defined]
        gifts=_gifts_back(paid, plan, take),
    )


def _gifts_back(paid: PaidOrder, plan: RefundPlan, take: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    gifts = {line.line_id for line in paid.lines if line.gift}
    return tuple(
        (line.line_id, line.quantity)
        for line in plan.lines
        if line.line_id in gifts and line.quantity > take.get(line.line_id, 0)
    )


def _of_month(order_id: int, plan: RefundPlan, under: Occasion) -> int:
    """Bonuses of the month that fall, where the rules know any."""
    purchase = purchases.of_order(order_id) if asks_for_month(under.rulebook) else None
    if purchase is None or plan.faults:
        return 0
    back = sum(line.cents for line in plan.lines)
    fallen = month_reversals.fallen_by(purchase.purchase_id, back)
    return sum(each.points for each in fallen if each.award.points_kind == MAIN_KIND)


def _takes_everything(paid: PaidOrder, plan: RefundPlan) -> bool:
    left = sum(line.quantity - line.refunded_quantity for line in paid.lines)
    return left == sum(line.quantity for line in plan.lines)


def _returns(number: str, plan: RefundPlan, under: Occasion) -> tuple[PointsReturn, ...]:
    spent = spent_entry(number)
    if not plan.points_back or spent is None:
        return ()
    parts, late = entries.where_it_came_from(spent, plan.points_back, under.now)
    ends = _ends_of([part.lot_id for part in parts])
    returns = [PointsReturn(part.points, last_day_before(ends[part.lot_id])) for part in parts]
    if late:
        grace_days = under.rulebook.returns.grace_days
        end = expiry_of_return(late.expires_at, under.now, grace_days, under.zone)
        returns.append(PointsReturn(late.points, last_day_before(end.expires_at), has_grace=True))
    return _together(tuple(returns))


def _ends_of(lot_ids: list[int]) -> dict[int, datetime]:
    rows = db.session.execute(select(Lot.id, Lot.expires_at).where(Lot.id.in_(lot_ids)))
    return {row.id: row.expires_at for row in rows}


def _together(returns: tuple[PointsReturn, ...]) -> tuple[PointsReturn, ...]:
    """One line for each last day, soonest first."""
    sums: dict[tuple[date | None, bool], int] = {}
    for each in returns:
        key = (each.last_on, each.has_grace)
        sums[key] = sums.get(key, 0) + each.points
    order = sorted(sums, key=lambda key: (key[0] or date.max, key[1]))
    return tuple(PointsReturn(sums[key], *key) for key in order)
