"""What purchases earn more of for a while, as the shop front tells it."""

from shop.books.points.facts import out_of_budget
from shop.books.rulebooks import Occasion
from shop.rules.points.offers import Offer, running_offers

__all__ = ["Offer", "offers_at"]


def offers_at(occasion: Occasion | None, tier_code: str | None) -> tuple[Offer, ...]:
    """The offers of this moment for a member of a tier, or for a guest (None); a budget that is used up ends one."""
    if occasion is None:
        return ()
    rulebook, now, zone = occasion.rulebook, occasion.now, occasion.zone
    offers = running_offers(rulebook, now, zone, tier_code=tier_code)
    told = {offer.rule_code for offer in offers}
    closed = out_of_budget(rule for rule in rulebook.rules if rule.code in told)
    return tuple(offer for offer in offers if offer.rule_code not in closed)
