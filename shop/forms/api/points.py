"""Points: given and taken by a program."""

from dataclasses import dataclass
from typing import Annotated

from flask_babel import lazy_gettext as _l

from shop.forms.api.bounds import (
    Cents,
    Class,
    Currency,
    ExternalId,
    MaybePoints,
    Points,
    PointsKind,
    Reason,
    RowNumber,
)
from shop.rules.rulebook.limits import Whole
from shop.web.api.saying import said


@dataclass(frozen=True, kw_only=True)
class GrantBody:
    """Points for a member."""

    member: RowNumber = said(_l("会员号"), "$MEMBER")
    points: Points = said(_l("多少分，1 到 1,000,000"), 2000)
    reason: Reason = said(_l("为什么，会员看得到"), _l("问卷答谢"))
    source_class: Class = said(_l("算哪一类来源：有效期由规则册按类别决定"), "grant", default="grant")
    points_kind: PointsKind = said(
        _l("哪种积分：points 是主积分，别的看规则册的 kinds"), "points", default="points"
    )


@dataclass(frozen=True, kw_only=True)
class DeductionBody:
    """Points taken from a member."""

    member: RowNumber = said(_l("会员号"), "$MEMBER")
    points: Points = said(_l("多少分，不能超过可用积分"), 50)
    reason: Reason = said(_l("为什么，会员看得到"), _l("线下活动兑换"))
    points_kind: PointsKind = said(
        _l("哪种积分：points 是主积分，别的看规则册的 kinds"), "points", default="points"
    )


@dataclass(frozen=True, kw_only=True)
class QuoteBody:
    """A bill at a till."""

    member: RowNumber = said(_l("会员号"), "$MEMBER")
    amount: Cents = said(_l("这张单要付多少，单位是分"), 12690)
    currency: Currency = said(_l("币种"), "CNY", default="CNY")
    points: Annotated[int | None, Whole(0, 10_000_000)] = said(
        _l("想用多少分；不给就按最多能用的算"), 300, default=None
    )


@dataclass(frozen=True, kw_only=True)
class RedemptionBody:
    """Points for a bill at a till."""

    member: RowNumber = said(_l("会员号"), "$MEMBER")
    amount: Cents = said(_l("这张单要付多少，单位是分"), 12690)
    currency: Currency = said(_l("币种"), "CNY", default="CNY")
    points: Points = said(_l("用多少分，要在报价的范围里"), 300)
    receipt: ExternalId = said(_l("收银台的小票号"), "T1-000123")
    hold_minutes: Annotated[int, Whole(1, 1440)] = said(
        _l("先留多少分钟，过了没有扣除就自动释放"), 15, default=15
    )


@dataclass(frozen=True, kw_only=True)
class RedemptionRefundBody:
    """Goods came back."""

    refund_id: ExternalId = said(_l("这次退款的编号，由你定；同一个编号只退一次"), "T1-000123-R1")
    points: MaybePoints = said(_l("退多少分；不给就把剩下的都退"), 100, default=None)
