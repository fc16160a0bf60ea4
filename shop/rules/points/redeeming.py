"""How many points may pay for cash, and what they are worth (积分抵现)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import OffsetRule, OffsetWindow, Rulebook


@dataclass(frozen=True, slots=True)
class OffsetRatio:
    """``points`` take ``per_cents`` off.  ``window`` names the period that set it.

    ``tier`` is the name of the member's tier where the period asked for it; ``for_goods``: it asked for a category.
    """

    points: int
    per_cents: int
    window: str | None = None
    tier: str | None = None
    for_goods: bool = False

    def cents_for(self, points: int) -> int:
        """What so many points take off, rounded down."""
        return points * self.per_cents // self.points

    def points_for(self, cents: int) -> int:
        """The fewest points that take at least so much off."""
        return -(-cents * self.points // self.per_cents)


@dataclass(frozen=True, slots=True)
class OffsetLimits:
    """The range of the slider: 0, or from ``points_min`` to ``points_max`` in steps.  The reason names the bound."""

    ratio: OffsetRatio
    points_min: int
    points_max: int
    step_points: int
    reasons: tuple[Reason, ...]

    def cents_for(self, points: int) -> int:
        """What so many points take off, in cents."""
        return self.ratio.cents_for(points)

    def accepted(self, points_wanted: int) -> int:
        """The points that a wish comes down to: whole steps within the range, and no step that takes nothing off.

        0 when that is below the minimum.
        """
        wanted = _whole_steps(min(points_wanted, self.points_max), self.step_points)
        fewest = self.ratio.points_for(self.ratio.cents_for(wanted))
        points = min(wanted, -(-max(fewest, self.points_min) // self.step_points) * self.step_points)
        return points if points >= self.points_min and fewest > 0 else 0


def offset_ratio(
    rulebook: Rulebook,
    at: datetime,
    *,
    tier_code: str | None = None,
    categories: Collection[str | None] = (),
) -> OffsetRatio:
    """The ratio at that moment: of the open window that is best for members, else the ordinary one.

    ``tier_code`` is the member's (None: a guest), ``categories`` those of all goods that points may pay for.  A window
    for some tiers or goods counts where it is better than what everybody has.
    """
    offset, goods = rulebook.offset, frozenset(categories)
    takes = [
        window
        for window in offset.windows
        if window.starts_at <= at < window.ends_at and window.takes(tier_code, goods)
    ]
    for_all = _best([_ratio_of(window, rulebook, tier_code) for window in takes if window.is_for_all])
    ordinary = for_all or OffsetRatio(offset.points, offset.per_cents)
    own = [_ratio_of(window, rulebook, tier_code) for window in takes if not window.is_for_all]
    return _best([ordinary, *own]) or ordinary


def _ratio_of(window: OffsetWindow, rulebook: Rulebook, tier_code: str | None) -> OffsetRatio:
    tier = rulebook.tier(tier_code).name if window.tiers else None
    return OffsetRatio(window.points, window.per_cents, window.name, tier, bool(window.categories))


def _best(ratios: Sequence[OffsetRatio]) -> OffsetRatio | None:
    """Compared as whole numbers: a million points buy more cents at the better ratio.  The first of equals."""
    return max(ratios, key=lambda ratio: ratio.cents_for(10**12), default=None)


def offset_limits(
    *,
    goods_cents: int,
    offsettable_cents: int,
    points_available: int,
    rulebook: Rulebook,
    at: datetime,
    tier_code: str | None = None,
    categories: Collection[str | None] = (),
) -> OffsetLimits:
    """How many points may be used on an order.

    ``goods_cents`` is the cash part of all goods, ``offsettable_cents`` of those that allow it; ``points_available`` is
    what is left after the goods' own points; ``tier_code`` and ``categories`` as in ``offset_ratio``.  The share and the
    least cash are taken of all goods.
    """
    offset = rulebook.offset
    ratio = offset_ratio(rulebook, at, tier_code=tier_code, categories=categories)
    nothing = OffsetLimits(ratio, offset.points_min, 0, offset.step_points, ())
    if offsettable_cents <= 0:
        return replace(nothing, reasons=(because("offset_not_for_these_goods"),))
    bounds = _bounds(offset, ratio, goods_cents, offsettable_cents, points_available)
    points, bound = min(bounds, key=lambda bound: bound[0])
    points_max = replace(nothing, points_max=points).accepted(points)
    reasons = (_ratio_reason(ratio), bound)
    if points_max == 0:
        least_points = max(offset.points_min, offset.step_points, ratio.points_for(1))
        return replace(nothing, reasons=(*reasons, because("offset_below_min", points_min=least_points)))
    return replace(nothing, points_max=points_max, reasons=reasons)


def _ratio_reason(ratio: OffsetRatio) -> Reason:
    if ratio.window is None:
        return because("offset_ratio", points=ratio.points, per_cents=ratio.per_cents)
    if ratio.tier is not None:
        return because(
            "offset_window_of_tier",
            name=ratio.window,
            tier_name=ratio.tier,
            points=ratio.points,
            per_cents=ratio.per_cents,
        )
    if ratio.for_goods:
        return because(
            "offset_window_of_goods", name=ratio.window, points=ratio.points, per_cents=ratio.per_cents
        )
    return because("offset_window", name=ratio.window, points=ratio.points, per_cents=ratio.per_cents)


def _bounds(
    offset: OffsetRule, ratio: OffsetRatio, goods_cents: int, offsettable_cents: int, points_available: int
) -> list[tuple[int, Reason]]:
    """Every upper bound in points with its reason; the first of the lowest is the one that is told."""
    share_cents = goods_cents * offset.share_percent_max // 100
    above_min_cents = max(0, goods_cents - offset.cash_cents_min)
    bounds = [
        (
            _points_within(ratio, offsettable_cents),
            because("offset_limited_by_goods", cents=offsettable_cents),
        ),
        (
            max(0, points_available),
            because("offset_limited_by_balance", available_points=max(0, points_available)),
        ),
        (
            _points_within(ratio, share_cents),
            because("offset_limited_by_share", share_percent=offset.share_percent_max),
        ),
        (
            _points_within(ratio, above_min_cents),
            because("offset_limited_by_cash_min", cash_cents_min=offset.cash_cents_min),
        ),
    ]
    if offset.points_max is not None:
        bounds.append(
            (offset.points_max, because("offset_limited_by_points_max", points_max=offset.points_max))
        )
    return bounds


def _points_within(ratio: OffsetRatio, cents: int) -> int:
    """The fewest points that take off the most that stays within ``cents``: none is spent for nothing."""
    most = ((cents + 1) * ratio.points - 1) // ratio.per_cents
    return ratio.points_for(ratio.cents_for(most))


def _whole_steps(points: int, step_points: int) -> int:
    return max(0, points) // step_points * step_points
