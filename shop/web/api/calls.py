"""Every call of the JSON interface, declared once: routes, parsing, OpenAPI and the docs page read the same lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from shop.errors import ShopError

PREFIX = "/api/v1"
Method = Literal["GET", "POST", "PUT"]
Repeats = Literal["read", "key", "by_itself"]
"""``read`` changes nothing; ``key`` needs an Idempotency-Key; ``by_itself`` a repeat is harmless, a key may be sent."""

AREAS: Mapping[str, Any] = {
    "members": _l("会员"),
    "points": _l("积分"),
    "purchases": _l("消费和事件"),
    "redemptions": _l("收银台用积分"),
    "catalogue": _l("商品"),
    "orders": _l("订单和核销"),
    "rulebook": _l("规则册"),
}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call.  ``path`` is a rule below ``/api/v1``; ``places`` are the examples of what stands in it.

    ``answer`` is the dataclass that is written; None: any JSON object.  ``gives`` names shell variables that an example
    answer provides for the examples after it (``{"REDEMPTION": "id"}``).
    """

    name: str
    method: Method
    path: str
    area: str
    scope: str | None
    summary: Any
    says: Any = ""
    body: type[Any] | None = None
    query: type[Any] | None = None
    answer: type[Any] | None = None
    status: int = 200
    repeats: Repeats = "read"
    problems: tuple[type[ShopError], ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    gives: Mapping[str, str] = field(default_factory=dict)
    takes_any_object: bool = False
    example_body: Any = None

    @property
    def takes_body(self) -> bool:
        """Whether a JSON object must be sent."""
        return self.body is not None or self.takes_any_object

    @property
    def address(self) -> str:
        """The whole rule."""
        return PREFIX + self.path


CALLS: list[Call] = []


def declare(call: Call) -> Call:
    """Add a call to the list, in the order of the docs page."""
    assert call.area in AREAS, call.area
    CALLS.append(call)
    return call
