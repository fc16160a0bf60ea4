"""What points cost, in words, with the reasons for a warning."""

from dataclasses import dataclass

from flask_babel import gettext as _

from shop.rules.points.cost import COST_PPM_MAX, Costs, OrderCost
from shop.web.filters import percent_ppm, points, yuan

HUNDREDTH_PPM = 100


@dataclass(frozen=True)
class TierLine:
    """A tier's share of sales, ordinary and in the best period ahead (empty when there is none)."""

    tier: str
    ordinary: str
    festival: str
    is_dear: bool


@dataclass(frozen=True)
class CostInWords:
    """The table, the average order in sentences, and why it is too much (empty when it is not)."""

    usual: str
    festival: str
    lines: tuple[TierLine, ...]
    order: tuple[str, ...]
    warnings: tuple[str, ...]


def share_words(ppm: int) -> str:
    """A share as percent with two decimals, rounded half up: more would only look exact."""
    return percent_ppm((ppm + HUNDREDTH_PPM // 2) // HUNDREDTH_PPM * HUNDREDTH_PPM)


def cost_in_words(costs: Costs, order: OrderCost, order_cents: int) -> CostInWords:
    """Everything that the helper says."""
    return CostInWords(
        usual=share_words(costs.usual_ppm),
        festival=costs.festival or "",
        lines=tuple(
            TierLine(
                each.tier,
                share_words(each.ordinary_ppm),
                share_words(each.festival_ppm) if each.festival_ppm is not None else "",
                max(each.ordinary_ppm, each.festival_ppm or 0) > COST_PPM_MAX,
            )
            for each in costs.tiers
        ),
        order=tuple(_order(order, order_cents)),
        warnings=tuple(_warnings(costs)),
    )


def _order(order: OrderCost, order_cents: int) -> list[str]:
    said = [
        _("平均一单 %(cash)s 得 %(points)s 分，以后能抵 %(off)s；这一单的毛利是 %(margin)s。",
          cash=yuan(order_cents), points=points(order.points), off=yuan(order.cost_cents),
          margin=yuan(order.margin_cents))
    ]  # fmt: skip
    if order.uplift_ppm is None:
        said.append(_("积分吃掉了全部毛利，卖得再多也不回本。"))
    else:
        said.append(_("销售要多 %(uplift)s，利润才和没有积分时一样。", uplift=share_words(order.uplift_ppm)))
    return said


def _warnings(costs: Costs) -> list[str]:
    ordinary = [each.tier for each in costs.tiers if each.ordinary_ppm > COST_PPM_MAX]
    festive = [
        each.tier
        for each in costs.tiers
        if (each.festival_ppm or 0) > COST_PPM_MAX and each.ordinary_ppm <= COST_PPM_MAX
    ]
    most, said = share_words(COST_PPM_MAX), []
    if ordinary:
        said.append(_("%(tiers)s会员平时的成本就超过销售额的 %(most)s：得分高、抵得多，两样里减一样。",
                      tiers=_("、").join(ordinary), most=most))  # fmt: skip
    if festive:
        said.append(_("「%(festival)s」期间，%(tiers)s会员的成本超过销售额的 %(most)s。", festival=costs.festival,
                      tiers=_("、").join(festive), most=most))  # fmt: skip
    return said
