"""How the prices of the shelf value a point, so that one that is out of line is seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Product
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.worth import implied_worth, is_out_of_line, median_worth, stated_worth

PRICES = select(Product.market_price_cents, Product.price_cents_from, Product.price_points_from).where(
    Product.state == "on_sale",
    Product.points_kind == MAIN_KIND,
    Product.price_points_from > 0,
    Product.market_price_cents.is_not(None),
)


@dataclass(frozen=True)
class PriceScale:
    """``stated`` is what the shop says of a thousand points, ``median`` what its shelf says, in cents; None: nothing.

    ``tier_names`` are the tiers of the rulebook in force.
    """

    stated: int | None
    median: int | None
    tier_names: dict[str, str]

    def worth_of(self, market_cents: int | None, cents: int, points: int) -> int | None:
        """What a price says of a thousand points, in cents."""
        return implied_worth(market_cents, cents, points)

    def is_out_of_line(self, worth: int | None) -> bool:
        """Whether a price values points much less or much more than the middle of the shelf."""
        return worth is not None and self.median is not None and is_out_of_line(worth, self.median)


def price_scale(now: datetime) -> PriceScale:
    """The scale of this moment, over all goods on sale that have a market price.  Two statements."""
    rulebook = occasion_at(now).rulebook
    worths = [implied_worth(*row) for row in db.session.execute(PRICES)]
    return PriceScale(
        stated=stated_worth(rulebook),
        median=median_worth([worth for worth in worths if worth is not None]),
        tier_names={tier.code: tier.name for tier in rulebook.tiers},
    )
