"""What happens when points to be taken back are gone, and how later earnings make up for it."""

from dataclasses import dataclass

from shop.rules.points.redeeming import OffsetRatio
from shop.rules.reasons import Reason, because
from shop.rules.rulebook import ReturnRule


@dataclass(frozen=True, slots=True)
class Cover:
    """How a claw-back is met: ``taken + debt + waived`` is what was asked."""

    taken: int
    debt: int
    waived: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Repaid:
    """Earned points after the debt: ``credited + repaid`` is what was earned."""

    credited: int
    repaid: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Deduction:
    """So many missing points are settled by so much less cash going back."""

    points: int
    cents: int


NOTHING_KEPT = Deduction(0, 0)


def cover_claw_back(asked: int, available: int, returns: ReturnRule, *, kept_points: int = 0) -> Cover:
    """Take what the balance has; the rest becomes debt or is waived, by the rulebook in force at the refund.

    ``kept_points`` of what is missing were settled in cash: they are let go, and only the others become debt.
    """
    taken = min(asked, max(0, available))
    short = asked - taken
    if short == 0:
        return Cover(taken, 0, 0, ())
    if returns.shortage == "waive":
        return Cover(taken, 0, short, (because("shortage_waived", points=short),))
    kept = min(short, kept_points)
    owed = short - kept
    reasons = (because("shortage_kept_from_cash", points=kept),) if kept else ()
    if owed:
        reasons = (*reasons, because("shortage_becomes_debt", points=owed))
    return Cover(taken, owed, kept, reasons)


def keep_from_cash(short_points: int, cents_back: int, ratio: OffsetRatio) -> Deduction:
    """How much of a cash refund is kept for points that are gone: their worth, never more than the refund itself.

    Points that are worth less than a cent stay owed.
    """
    affordable = cents_back * ratio.points // ratio.per_cents
    points = min(short_points, affordable)
    cents = ratio.cents_for(points)
    return Deduction(points, cents) if cents else NOTHING_KEPT


def repay_debt(earned: int, debt: int) -> Repaid:
    """Fill the debt first; only what is left is credited."""
    repaid = min(earned, debt)
    reasons = (because("debt_repaid", points=repaid),) if repaid else ()
    return Repaid(earned - repaid, repaid, reasons)
