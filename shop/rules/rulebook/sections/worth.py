"""What the shop says a point is worth."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthRule:
    """So many points stand for one yuan when the shop sets prices; ``None``: what the ordinary offset says."""

    points_per_yuan: Annotated[int | None, Whole(1, 1_000_000)] = None


AS_THE_OFFSET_SAYS = WorthRule()
