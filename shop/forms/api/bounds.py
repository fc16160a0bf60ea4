"""The kinds of values that several calls share."""

from typing import Annotated, Literal

from shop.rules.rulebook.limits import Text, Whole
from shop.rules.rulebook.sections import CODE_PATTERN
from shop.web.pagination import ROW_ID_MAX

RowNumber = Annotated[int, Whole(1, ROW_ID_MAX)]
Points = Annotated[int, Whole(1, 1_000_000)]
Cents = Annotated[int, Whole(1, 100_000_000)]
Currency = Literal["CNY"]
Class = Literal["purchase", "interaction", "referral", "draw", "grant"]
Name = Annotated[str, Text(40)]
Reason = Annotated[str, Text(200)]
Sku = Annotated[str, Text(40)]
PointsKind = Annotated[str, Text(30, pattern=CODE_PATTERN)]
MaybeName = Annotated[str | None, Text(40)]
MaybeRow = Annotated[int | None, Whole(1, ROW_ID_MAX)]
MaybePoints = Annotated[int | None, Whole(1, 1_000_000)]
ExternalId = Annotated[str, Text(60, pattern=r"[A-Za-z0-9._:/-]+")]
Phone = Annotated[str, Text(30)]
PageLength = Annotated[int, Whole(1, 100)]
