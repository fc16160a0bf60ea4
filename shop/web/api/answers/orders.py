"""Orders, as programs see them."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from shop.queries.orders.order import LineView, OrderDetail
from shop.web.api.saying import said
from shop.web.api.writing import Money, money

NOTHING = Money(amount=0, currency="CNY")


@dataclass(frozen=True, kw_only=True)
class OrderLine:
    """One variant of an order, as it was sold."""

    sku: str = said(_l("规格编号"), "COFFEE-250")
    title: str = said(_l("商品名称"), _l("手冲咖啡豆"))
    variant: str = said(_l("规格名称"), "250 g")
    quantity: int = said(_l("几件"), 1)
    points: int = said(_l("积分，不含抵现金的"), 680)
    paid: Money = said(_l("折后实付的现金"), NOTHING)
    refunded_quantity: int = said(_l("退了几件"), 0)
    gift: bool = said(_l("是不是送的"), False)


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order."""

    number: str = said(_l("订单号"), "20260302-7K4M")
    state: str = said(
        _l(
            "placed 待付款，lapsed 过时未付，paid 待发货，pickup 待取货，shipped 已发货，received 已收到，closed 已结束"
        ),
        "paid",
    )
    member: int = said(_l("会员号"), 1)
    way: str = said(_l("怎么拿"), "shipping")
    lines: tuple[OrderLine, ...] = said(_l("买了什么"))
    points: int = said(_l("一共多少积分，含抵现金的"), 680)
    total: Money = said(_l("一共多少现金"), NOTHING)
    shipping: Money = said(_l("其中的运费"), NOTHING)
    coupon: Money = said(_l("优惠券减了多少，总价里已经减掉"), NOTHING)
    offset_points: int = said(_l("其中抵现金的积分"), 0)
    earn_points: int = said(_l("收到以后能得的积分"), 0)
    refunded_points: int = said(_l("退了多少积分"), 0)
    refunded: Money = said(_l("退了多少现金"), NOTHING)
    rulebook_version: int = said(_l("按规则册哪一版算的"), 3)
    pay_url: str | None = said(_l("要付现金时，请会员打开的付款页"))
    pay_by_at: datetime = said(_l("付款的期限"), "2026-03-02T04:15:00Z")
    pickup_code: str | None = said(_l("取货码，付好以后才能用"))
    carrier: str | None = said(_l("承运"))
    tracking_number: str | None = said(_l("运单号"))
    placed_at: datetime = said(_l("下单的时间"), "2026-03-02T04:00:00Z")
    paid_at: datetime | None = said(_l("付好的时间"), "2026-03-02T04:00:00Z")
    shipped_at: datetime | None = said(_l("发货的时间"))
    received_at: datetime | None = said(_l("收到的时间"))
    closed_at: datetime | None = said(_l("结束的时间"))


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """A pick-up code that was used."""

    order: str = said(_l("订单号"), "20260302-7K4M")
    state: str = said(_l("现在的状态"), "received")


def order_answer(order: OrderDetail) -> Order:
    """An order as it stands."""
    token = order.payment_token
    pay_url = current_app.config["SHOP_URL"] + url_for("payments.show", token=token) if token else None
    return Order(
        number=order.number,
        state=order.stage,
        member=order.member_id,
        way=order.way,
        lines=tuple(_line(line) for line in order.lines),
        points=order.total_points,
        total=money(order.total_cents),
        shipping=money(order.shipping_cents),
        coupon=money(order.coupon_cents),
        offset_points=order.offset_points,
        earn_points=order.earn_points,
        refunded_points=order.refunded_points,
        refunded=money(order.refunded_cents),
        rulebook_version=order.rulebook_version,
        pay_url=pay_url,
        pay_by_at=order.pay_by_at,
        pickup_code=order.pickup_code,
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        placed_at=order.placed_at,
        paid_at=order.paid_at,
        shipped_at=order.shipped_at,
        received_at=order.received_at,
        closed_at=order.closed_at,
    )


def _line(line: LineView) -> OrderLine:
    return OrderLine(
        sku=line.sku,
        title=line.title,
        variant=line.variant_title,
        quantity=line.quantity,
        points=line.line_points,
        paid=money(line.paid_cents),
        refunded_quantity=line.refunded_quantity,
        gift=line.is_gift,
    )
