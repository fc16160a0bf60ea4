"""Further kinds of points beside the main one: each is an account of its own for every member who has some."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Text
from shop.rules.rulebook.sections.expiry import ExpiryPolicy
from shop.rules.rulebook.sections.sources import CODE_PATTERN

END_OF_NEXT_YEAR = ExpiryPolicy(kind="year_end", days=0, periods_after=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRule:
    """A further kind of points: its name, the word for one of them, and how long they last whatever brought them.

    It pays only for goods whose price is in this kind.
    """

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(12)]
    unit: Annotated[str, Text(4)] = "分"
    expiry: ExpiryPolicy = END_OF_NEXT_YEAR
