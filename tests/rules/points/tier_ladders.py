"""A ladder of four steps, and a member who did some things at some moments."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from shop.rules.rulebook import TierRule

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
LADDER = tuple(
    TierRule(code=code, name=code, growth_from=growth_from, multiplier_permille=1000)
    for code, growth_from in (("plain", 0), ("silver", 1000), ("gold", 5000), ("black", 20000))
)


@dataclass
class Purse:
    """What a member did: moment -> amount; a refund takes an amount away again."""

    amounts: dict

    def __call__(self, span):
        return sum(amount for moment, amount in self.amounts.items() if span.holds(moment))
