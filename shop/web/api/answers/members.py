"""Members and their points, as programs see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.queries.members.lookup import FoundMember
from shop.queries.points.balance import Balance
from shop.queries.points.statement import LedgerEntry, LedgerPage, LotBrought
from shop.web.api.saying import said
from shop.web.entry_titles import entry_title
from shop.web.explanations import explain
from shop.web.filters import masked_phone


@dataclass(frozen=True, kw_only=True)
class Tier:
    """A step of the ladder."""

    code: str = said(_l("等级代号"), "branch")
    name: str = said(_l("等级名称"), _l("青枝"))


@dataclass(frozen=True, kw_only=True)
class Expiring:
    """Points that end together."""

    on: date | None = said(_l("最后能用的一天（店里的日子）；null 是长期有效"), "2027-12-31")
    points: int = said(_l("多少分"), 1780)


@dataclass(frozen=True, kw_only=True)
class Points:
    """What a member has."""

    available: int = said(_l("现在能用的"), 1780)
    held: int = said(_l("冻结的：给未付款的订单、未扣除的收银台付款留着"), 0)
    pending: int = said(_l("得了还没到账的"), 151)
    owed: int = said(_l("欠的，下次得分先抵"), 0)
    expiring: tuple[Expiring, ...] = said(_l("能用的积分按最后一天分开，先到期的在前"))


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member."""

    id: int = said(_l("会员号"), 1)
    name: str = said(_l("怎么称呼"), _l("林小满"))
    phone: str = said(_l("手机号，中间遮住"), "139 **** 2046")
    state: str = said(_l("active 正常，suspended 停用"), "active")
    tier: Tier = said(_l("等级"))
    growth: int = said(_l("成长值"), 860)
    joined_at: datetime = said(_l("什么时候加入的"), "2026-03-02T04:00:00Z")
    points: Points = said(_l("积分"))


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One step of a decision, for programs."""

    code: str = said(_l("理由代号，不会改变含义"), "earned_on_amount")
    params: Mapping[str, Any] = said(
        _l("数字和名字：分、天、积分"),
        {"cents": 12690, "points": 1, "per_cents": 100, "earned_points": 126},
    )


@dataclass(frozen=True, kw_only=True)
class Lot:
    """The lot that an entry brought."""

    points: int = said(_l("这批多少分"), 126)
    remaining: int = said(_l("还剩多少"), 126)
    available_at: datetime = said(_l("从什么时候起能用"), "2026-03-09T04:00:00Z")
    expires_on: date | None = said(_l("最后能用的一天；null 是长期有效"), "2027-12-31")


@dataclass(frozen=True, kw_only=True)
class LotMove:
    """What an entry changed in a lot that another entry brought."""

    entry: int = said(_l("带来那一批的流水号"), 7)
    points: int = said(_l("负数是从那批用掉，正数是退回那批"), -50)
    expires_on: date | None = said(_l("那批最后能用的一天"), "2027-12-31")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the ledger: never changed, only corrected by another."""

    id: int = said(_l("流水号"), 42)
    at: datetime = said(_l("什么时候记的"), "2026-03-02T04:00:00Z")
    on: date = said(_l("店里的哪一天"), "2026-03-02")
    kind: str = said(
        _l("earn 获得，grant 发放，redeem 兑换，restore 返还，claw_back 追回，expire 过期，adjust 调整"),
        "earn",
    )
    source_class: str | None = said(_l("来源类别"), "purchase")
    points: int = said(_l("多少分，出去是负数"), 126)
    points_kind: str = said(_l("哪种积分：points 是主积分，别的看规则册的 kinds"), "points")
    balance_after: int = said(_l("记完以后的余额"), 1780)
    reference: str = said(_l("为了什么，全店唯一"), "order:20260302-7K4M:award:1")
    rulebook_version: int = said(_l("按规则册哪一版算的"), 3)
    reason: str = said(_l("几个字的标题"), _l("下单得积分"))
    explanation: str = said(_l("怎么算出来的，一句一句"), _l("实付 ¥126.90，每 1 元得 1 分 → 126"))
    reasons: tuple[Reason, ...] = said(_l("同样的理由，给程序看"))
    lot: Lot | None = said(_l("这条带来的一批积分"))
    moves: tuple[LotMove, ...] = said(_l("动了哪些批次"))
    corrects: int | None = said(_l("更正或退回的是哪一条流水"))
    order: str | None = said(_l("哪个订单"), "20260302-7K4M")


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """A page of the ledger, the newest first."""

    entries: tuple[Entry, ...] = said(_l("流水，新的在前"))
    next: int | None = said(_l("下一页的 after；null 是没有了"), 41)


def member_answer(member: FoundMember, balance: Balance) -> Member:
    """A member with the balance of this moment."""
    return Member(
        id=member.id,
        name=member.name,
        phone=masked_phone(member.phone),
        state=member.state,
        tier=Tier(code=member.tier_code, name=member.tier_name),
        growth=member.growth,
        joined_at=member.joined_at,
        points=points_answer(balance),
    )


def points_answer(balance: Balance) -> Points:
    """A balance."""
    return Points(
        available=balance.available,
        held=balance.held,
        pending=balance.pending,
        owed=balance.owed,
        expiring=tuple(Expiring(on=lapse.last_on, points=lapse.points) for lapse in balance.expiring),
    )


def ledger_answer(page: LedgerPage) -> Ledger:
    """A page of the ledger."""
    return Ledger(entries=tuple(entry_answer(entry) for entry in page.entries), next=page.after)


def entry_answer(entry: LedgerEntry) -> Entry:
    """One entry with its explanation in the language of the request."""
    return Entry(
        id=entry.id,
        at=entry.occurred_at,
        on=entry.shop_day,
        kind=entry.kind,
        source_class=entry.source_class,
        points=entry.points,
        points_kind=entry.points_kind,
        balance_after=entry.balance_after_points,
        reference=entry.reference,
        rulebook_version=entry.rulebook_version,
        reason=entry_title(entry),
        explanation=explanation_of(entry.reasons) or entry_title(entry),
        reasons=reasons_answer(entry.reasons),
        lot=_lot(entry.lot),
        moves=tuple(
            LotMove(entry=move.lot_entry_id, points=move.points, expires_on=move.last_on) for move in entry.moves
        ),
        corrects=entry.corrects_entry_id,
        order=entry.order_number,
    )  # fmt: skip


def _lot(lot: LotBrought | None) -> Lot | None:
    if lot is None:
        return None
    return Lot(
        points=lot.points,
        remaining=lot.remaining_points,
        available_at=lot.available_at,
        expires_on=lot.last_on,
    )


def reasons_answer(reasons: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Stored reasons for programs."""
    return tuple(Reason(code=reason["code"], params=reason["params"]) for reason in reasons)


def explanation_of(reasons: Sequence[Mapping[str, Any]]) -> str:
    """Stored reasons as one text."""
    return _("；").join(sentence for reason in reasons if (sentence := explain(reason)))
