"""How many points something earns.  The one evaluator: what pages promise, what is booked, what the simulator replays.

Pure: the same occurrence under the same rulebook gives the same awards, with the reasons that made them.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.base import Base, base_of
from shop.rules.points.bonuses import Bonus, Threshold, bonuses_on
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import PURCHASE, BoughtLine, MemberFacts, Occurrence
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import EarningRule, Rulebook, SourceClass


@dataclass(frozen=True, slots=True)
class Award:
    """Points of one source, with the arithmetic that made them: one line of the ledger.

    ``rule`` is the code of the rule that gave it; None is the base, ``tier`` the tier's multiplier.  ``shares`` say how the
    points fall on the lines of a purchase, the freight last; a refund takes back by them.
    """

    points: int
    source_class: SourceClass
    reasons: tuple[Reason, ...]
    rule: str | None = None
    shares: tuple[int, ...] = ()
    threshold: Threshold | None = None
    points_kind: str = MAIN_KIND


@dataclass(frozen=True, slots=True)
class Awards:
    """What an event earns: one award for each line of the ledger."""

    awards: tuple[Award, ...]

    @property
    def total(self) -> int:
        """All points of the main kind together."""
        return sum(award.points for award in self.awards if award.points_kind == MAIN_KIND)

    @property
    def further(self) -> dict[str, int]:
        """Points of further kinds, by the kind's code."""
        sums: dict[str, int] = {}
        for award in self.awards:
            if award.points_kind != MAIN_KIND:
                sums[award.points_kind] = sums.get(award.points_kind, 0) + award.points
        return sums


def evaluate(occurrence: Occurrence, rulebook: Rulebook) -> Awards:
    """What an occurrence earns: its base, then each bonus; all rounded down, never below 0.

    Caps of classes depend on what the member earned elsewhere and are applied when the points are booked
    (``caps.apply_caps``).
    """
    if occurrence.event == PURCHASE:
        base = base_of(occurrence, rulebook)
    else:
        base = Base(occurrence.base_points, (occurrence.base_points,), ())
    awards = [Award(base.points, "purchase", base.reasons, None, base.shares)] if occurrence.lines else []
    awards += [_award_of(bonus) for bonus in bonuses_on(base, occurrence, rulebook)]
    return _within_order_cap(tuple(award for award in awards if award.points), rulebook)


def purchase_awards(
    *, paid_goods_cents: int, shipping_cents: int, tier_code: str | None, rulebook: Rulebook
) -> Awards:
    """What one line of goods earns a member of whom only the tier is known: for examples."""
    purchase = Occurrence(
        at=datetime(2000, 1, 1, tzinfo=UTC),
        lines=(BoughtLine(cents=paid_goods_cents),),
        shipping_cents=shipping_cents,
        member=MemberFacts(tier_code=tier_code),
    )
    return evaluate(purchase, rulebook)


def credited_at(since: datetime, earning: EarningRule) -> datetime:
    """When the points of an order become spendable: the waiting days after ``since``, to the second."""
    return since + timedelta(days=earning.wait_days)


def _award_of(bonus: Bonus) -> Award:
    return Award(
        bonus.points,
        bonus.source_class,
        bonus.reasons,
        bonus.rule,
        bonus.shares,
        bonus.threshold,
        bonus.points_kind,
    )


def _within_order_cap(awards: tuple[Award, ...], rulebook: Rulebook) -> Awards:
    """Cut what is above the order's cap, the last bonus first (E10).  Further kinds are not counted in it."""
    points_max = rulebook.stacking.order_points_max
    over = Awards(awards).total - points_max if points_max is not None else 0
    kept: list[Award] = []
    for award in reversed(awards):
        cut = min(award.points, max(0, over)) if award.points_kind == MAIN_KIND else 0
        over -= cut
        kept.insert(0, _cut(award, cut, points_max or 0) if cut else award)
    return Awards(tuple(award for award in kept if award.points))


def _cut(award: Award, cut: int, points_max: int) -> Award:
    reason = because("cut_by_order_cap", cap_points=points_max, offered_points=award.points, cut_points=cut)
    left = award.points - cut
    shares = largest_remainder(left, award.shares) if award.shares else ()
    return replace(award, points=left, shares=shares, reasons=(*award.reasons, reason))
