"""Members: enrolling and finding them."""

from dataclasses import dataclass
from typing import Annotated

from flask_babel import lazy_gettext as _l

from shop.forms.api.bounds import MaybeName, MaybeRow, PageLength, Phone, PointsKind
from shop.rules.rulebook.limits import Text
from shop.web.api.saying import said


@dataclass(frozen=True, kw_only=True)
class EnrolBody:
    """A new member."""

    phone: Phone = said(_l("手机号，11 位，或者 + 开头的国际号码"), "13905712046")
    name: MaybeName = said(_l("怎么称呼；不给就用手机尾号"), _l("林小满"), default=None)


@dataclass(frozen=True, kw_only=True)
class FindQuery:
    """Whom to look for."""

    phone: Phone = said(_l("手机号"), "13905712046")


@dataclass(frozen=True, kw_only=True)
class PageQuery:
    """Where a list goes on."""

    after: MaybeRow = said(_l("上一页给的 next；不给就是第一页"), default=None)
    limit: PageLength = said(_l("一页多少条，1 到 100"), default=20)


@dataclass(frozen=True, kw_only=True)
class KindQuery:
    """Of which points."""

    points_kind: PointsKind = said(
        _l("哪种积分：points 是主积分，别的看规则册的 kinds"), "points", default="points"
    )


@dataclass(frozen=True, kw_only=True)
class ShelfParameters:
    """Which goods."""

    q: Annotated[str | None, Text(40)] = said(_l("找什么"), default=None)
    category: Annotated[str | None, Text(60, pattern=r"[a-z0-9-]+")] = said(_l("分类的网址名"), default=None)
    after: Annotated[str | None, Text(40, pattern=r"-?[0-9]+\.[0-9]+")] = said(
        _l("上一页给的 next"), default=None
    )
    limit: PageLength = said(_l("一页多少件，1 到 100"), default=20)
