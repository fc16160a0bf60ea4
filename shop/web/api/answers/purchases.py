"""What purchases and events brought, as programs see it."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from shop.web.api.answers.members import Reason
from shop.web.api.saying import said
from shop.web.api.writing import Money


@dataclass(frozen=True, kw_only=True)
class Award:
    """Points that a purchase earned: one entry of the ledger."""

    entry: int = said(_l("流水号"), 42)
    points: int = said(_l("多少分"), 126)
    points_kind: str = said(_l("哪种积分：points 是主积分，别的看规则册的 kinds"), "points")
    source_class: str = said(_l("来源类别"), "purchase")
    rule: str | None = said(_l("规则册里哪一条规则；null 是基本的"))
    rulebook_version: int = said(_l("按规则册哪一版算的"), 3)
    available_at: datetime = said(_l("从什么时候起能用"), "2026-03-09T04:00:00Z")
    expires_on: date | None = said(_l("最后能用的一天；null 是长期有效"), "2027-12-31")
    explanation: str = said(_l("怎么算出来的"), _l("实付 ¥126.90，每 1 元得 1 分 → 126"))
    reasons: tuple[Reason, ...] = said(_l("同样的理由，给程序看"))


@dataclass(frozen=True, kw_only=True)
class Purchase:
    """A purchase that was recorded, and what it brought."""

    external_id: str = said(_l("你那边的单号"), "T1-20260302-0042")
    member: int = said(_l("会员号"), 1)
    points: int = said(_l("主积分一共多少分"), 126)
    awards: tuple[Award, ...] = said(_l("一笔一笔的，每笔都有理由"))


@dataclass(frozen=True, kw_only=True)
class PurchaseRefund:
    """A refund that was recorded, and what it took back."""

    external_id: str = said(_l("原来的单号"), "T1-20260302-0042")
    refund_id: str = said(_l("退款单号"), "T1-20260302-0042-R1")
    refunded: Money = said(_l("退了多少钱"), Money(amount=6345, currency="CNY"))
    clawed_points: int = said(_l("从余额里追回的分"), 63)
    debt_points: int = said(_l("不够扣、记作欠分的"), 0)
    waived_points: int = said(_l("按规则不追的"), 0)


@dataclass(frozen=True, kw_only=True)
class Event:
    """An event that was recorded, and what it brought."""

    id: str = said(_l("你那边的编号"), "survey-2026-03-42")
    event: str = said(_l("事件代号"), "survey_answered")
    member: int = said(_l("会员号"), 1)
    points: int = said(_l("得了多少分；没有规则认它就是 0"), 20)
