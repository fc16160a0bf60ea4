"""Purchases and other events that happened elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask_babel import lazy_gettext as _l

from shop.forms.api.bounds import Currency, ExternalId, MaybeRow, RowNumber
from shop.rules.rulebook.limits import Items, Text, Whole
from shop.web.api.saying import said

Paid = Annotated[int, Whole(0, 100_000_000)]
Pieces = Annotated[int, Whole(1, 100_000)]
Goods = Annotated[str | None, Text(60)]
LINE = {"sku": "SHAMPOO-500", "category": "hair", "amount": 12690, "quantity": 2}


@dataclass(frozen=True, kw_only=True)
class PurchaseLineBody:
    """Goods of one kind."""

    amount: Paid = said(_l("这一行折后实付多少，所有件数合起来，单位是分"), 12690)
    quantity: Pieces = said(_l("几件"), 2, default=1)
    sku: Goods = said(_l("商品编号；是商城里的编号就带出它的分类和标签"), "SHAMPOO-500", default=None)
    category: Goods = said(_l("分类；规则可以按分类算"), "hair", default=None)


@dataclass(frozen=True, kw_only=True)
class PurchaseBody:
    """A purchase made elsewhere."""

    external_id: ExternalId = said(_l("你那边的单号，全店不重复；同一个单号只记一次"), "T1-20260302-0042")
    member: RowNumber = said(_l("会员号"), "$MEMBER")
    at: datetime = said(_l("什么时候买的，带时区；最多 400 天以前"), "$NOW")
    currency: Currency = said(_l("币种"), "CNY", default="CNY")
    lines: Annotated[tuple[PurchaseLineBody, ...], Items(1, 200)] = said(_l("买了什么，1 到 200 行"), [LINE])
    store: MaybeRow = said(_l("门店号；密钥属于一家门店时不用写"), default=None)


@dataclass(frozen=True, kw_only=True)
class RefundLineBody:
    """What goes back of a line."""

    line: Annotated[int | None, Whole(1, 200)] = said(_l("第几行，从 1 数起；或者写 sku"), 1, default=None)
    sku: Goods = said(_l("商品编号"), default=None)
    quantity: Annotated[int, Whole(0, 100_000)] = said(_l("退几件"), 1, default=0)
    amount: Annotated[int | None, Whole(0, 100_000_000)] = said(
        _l("退多少钱，单位是分；不给就按件数算"), default=None
    )


@dataclass(frozen=True, kw_only=True)
class PurchaseRefundBody:
    """A refund, by lines or by an amount: one of the two."""

    refund_id: ExternalId = said(_l("你那边的退款单号；同一个只退一次"), "T1-20260302-0042-R1")
    lines: Annotated[tuple[RefundLineBody, ...], Items(0, 200)] = said(
        _l("退了哪几行；和 amount 二选一"), [{"line": 1, "quantity": 1}], default=()
    )
    amount: Annotated[int | None, Whole(1, 100_000_000)] = said(
        _l("一共退多少钱，按每行剩下的金额分摊；和 lines 二选一"), default=None
    )
    currency: Currency = said(_l("币种"), "CNY", default="CNY")
    reason: Annotated[str | None, Text(200)] = said(_l("为什么退"), default=None)


@dataclass(frozen=True, kw_only=True)
class EventBody:
    """Something that a member did elsewhere and that rules may reward."""

    id: ExternalId = said(_l("这件事在你那边的编号；同一种事件里同一个编号只记一次"), "survey-2026-03-42")
    member: RowNumber = said(_l("会员号"), "$MEMBER")
    event: Annotated[str, Text(40, pattern=r"[a-z][a-z0-9_]*")] = said(
        _l("事件代号，规则册里用同一个代号"), "survey_answered"
    )
    detail: Annotated[str | None, Text(60)] = said(_l("再细一点：规则可以只认其中一种"), default=None)
