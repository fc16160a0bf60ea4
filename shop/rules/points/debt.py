"""What happens when points to be taken back are gone, and how later earnings make up for it."""

from dataclasses import dataclass

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


def cover_claw_back(asked: int, available: int, returns: ReturnRule) -> Cover:
    """Take what the balance has; the rest becomes debt or is waived, by the rulebook in force at the refund."""
    taken = min(asked, max(0, available))
    short = asked - taken
    if short == 0:
        return Cover(taken, 0, 0, ())
    if returns.shortage == "waive":
        return Cover(taken, 0, short, (because("shortage_waived", points=short),))
    return Cover(taken, short, 0, (because("shortage_becomes_debt", points=short),))


def repay_debt(earned: int, debt: int) -> Repaid:
    """Fill the debt first; only what is left is credited."""
    repaid = min(earned, debt)
    reasons = (because("debt_repaid", points=repaid),) if repaid else ()
    return Repaid(earned - repaid, repaid, reasons)
