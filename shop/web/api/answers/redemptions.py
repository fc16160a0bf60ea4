"""Points as tender at a till, as programs see it."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from shop.queries.points.redemptions import BillQuote, RedemptionView
from shop.web.api.answers.members import Reason, explanation_of, reasons_answer
from shop.web.api.saying import said
from shop.web.api.writing import Money, money

HUNDRED_OFF = Money(amount=300, currency="CNY")


@dataclass(frozen=True, kw_only=True)
class RedemptionQuote:
    """What points could pay of a bill.  Nothing was set aside."""

    available: int = said(_l("会员能用的积分"), 1780)
    points_min: int = said(_l("用的话至少多少分"), 0)
    points_max: int = said(_l("最多多少分；0 是这张单不能用"), 1780)
    step: int = said(_l("按多少分的整数倍"), 10)
    points: int = said(_l("想用的分落在范围里是多少"), 300)
    off: Money = said(_l("这些分抵掉多少钱"), HUNDRED_OFF)
    left: Money = said(_l("还要付多少钱"), Money(amount=12390, currency="CNY"))
    rulebook_version: int = said(_l("按规则册哪一版算的"), 3)
    explanation: str = said(_l("为什么是这些"), _l("100 积分抵 ¥1.00；可用积分只有 1,780"))
    reasons: tuple[Reason, ...] = said(_l("同样的理由，给程序看"))


@dataclass(frozen=True, kw_only=True)
class Redemption:
    """Points that pay a part of a bill."""

    id: str = said(_l("这次用积分付款的编号"), "r_Zm9yZXN0LWZpbmRz")
    state: str = said(_l("held 已冻结，captured 已扣除，voided 已释放，expired 过时自动释放"), "held")
    member: int = said(_l("会员号"), 1)
    receipt: str = said(_l("收银台的小票号"), "T1-000123")
    points: int = said(_l("多少分"), 300)
    amount: Money = said(_l("小票金额"), Money(amount=12690, currency="CNY"))
    off: Money = said(_l("积分抵掉的"), HUNDRED_OFF)
    left: Money = said(_l("剩下要收的钱"), Money(amount=12390, currency="CNY"))
    refunded_points: int = said(_l("退回去的分"), 0)
    refunded: Money = said(_l("退回去的分值多少钱：这部分不用退现金"), Money(amount=0, currency="CNY"))
    expires_at: datetime = said(_l("冻结到什么时候"), "2026-03-02T04:15:00Z")
    rulebook_version: int = said(_l("按规则册哪一版算的"), 3)


def quote_answer(quote: BillQuote, bill_cents: int) -> RedemptionQuote:
    """A quote for a bill."""
    return RedemptionQuote(
        available=quote.available,
        points_min=quote.points_min,
        points_max=quote.points_max,
        step=quote.step_points,
        points=quote.points,
        off=money(quote.off_cents),
        left=money(bill_cents - quote.off_cents),
        rulebook_version=quote.rulebook_version,
        explanation=explanation_of(quote.reasons),
        reasons=reasons_answer(quote.reasons),
    )


def redemption_answer(redemption: RedemptionView) -> Redemption:
    """A redemption as it stands."""
    return Redemption(
        id=redemption.number,
        state=redemption.state,
        member=redemption.member_id,
        receipt=redemption.receipt,
        points=redemption.points,
        amount=money(redemption.bill_cents),
        off=money(redemption.off_cents),
        left=money(redemption.bill_cents - redemption.off_cents),
        refunded_points=redemption.refunded_points,
        refunded=money(redemption.refunded_cents),
        expires_at=redemption.expires_at,
        rulebook_version=redemption.rulebook_version,
    )
