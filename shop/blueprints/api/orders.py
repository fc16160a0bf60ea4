"""Orders for members through a program, and pick-up codes handed over at a till."""

import hashlib

from flask import url_for
from flask_babel import lazy_gettext as _l

from shop.blueprints.api.frame import Caller, Reply, call
from shop.errors import (
    AddressMissing,
    BodyInvalid,
    CouponNotUsable,
    InsufficientPoints,
    KeyReused,
    LimitReached,
    MemberSuspended,
    NotFound,
    NotOnSale,
    OrderPointsAbove,
    PickupCodeUsed,
    PickupCodeWrong,
    PickupEnded,
    PickupUnpaid,
    PointsFrozen,
    QuoteChanged,
    SoldOut,
    StoreMissing,
    WayNotPossible,
)
from shop.forms.api.orders import AddressBody, OrderBody
from shop.phones import international_phone
from shop.queries.members.lookup import member_by_id
from shop.queries.orders.order import order_for_staff
from shop.queries.orders.quote import Ask, Checkout, checkout_of
from shop.services.members.addresses import Destination, add_address
from shop.services.orders.checkout import OrderWish, place_order
from shop.services.orders.fulfilment import hand_over
from shop.web.api.answers.orders import HandOver, Order, order_answer
from shop.web.api.calls import Call
from shop.web.api.reading import faulty_phone

CODE_LENGTH_MAX = 40


@call(
    Call(
        name="place_order",
        method="POST",
        path="/orders",
        area="orders",
        scope="orders:write",
        summary=_l("替会员下单"),
        says=_l(
            "价格在这一刻重新算；和 expected 不一样就不下单，什么都不扣。只要积分的单马上付好，要现金的给出付款页。"
        ),
        body=OrderBody,
        answer=Order,
        status=201,
        repeats="key",
        problems=(
            NotFound,
            MemberSuspended,
            QuoteChanged,
            InsufficientPoints,
            OrderPointsAbove,
            PointsFrozen,
            SoldOut,
            NotOnSale,
            LimitReached,
            CouponNotUsable,
            AddressMissing,
            StoreMissing,
            WayNotPossible,
            KeyReused,
        ),
        gives={"ORDER": "number"},
    )
)
def place(caller: Caller, body: OrderBody) -> Reply:
    """Place an order at the price that the member has agreed to."""
    if member_by_id(body.member, caller.now) is None:
        raise NotFound
    ask = _ask(body, _new_address(body, caller))
    checkout = checkout_of(body.member, ask, caller.now)
    if checkout is None:
        raise NotFound
    if refusal := checkout.refusal or checkout.coupon_note:
        raise refusal
    quote = checkout.quote
    if (quote.total_points, quote.total_cents) != (body.expected.points, body.expected.amount):
        raise QuoteChanged
    key = hashlib.sha256(f"{caller.key.id}:{caller.idempotency_key}".encode()).hexdigest()[:40]
    placed = place_order(body.member, _wish(ask, checkout), f"api:{key}", caller.now)
    return Reply(_order(placed.number, caller), url_for("api.show_order", number=placed.number))


@call(
    Call(
        name="show_order",
        method="GET",
        path="/orders/<number>",
        area="orders",
        scope="orders:read",
        summary=_l("查一个订单"),
        answer=Order,
        problems=(NotFound,),
        places={"number": "$ORDER"},
    )
)
def show(caller: Caller, number: str) -> Reply:
    """An order as it stands."""
    return Reply(_order(number, caller))


@call(
    Call(
        name="verify_voucher",
        method="POST",
        path="/vouchers/<code>/verify",
        area="orders",
        scope="vouchers:write",
        summary=_l("核销取货码"),
        says=_l("一个码只核销一次。密钥属于一家门店时，别家门店的码在这里不认。"),
        answer=HandOver,
        repeats="key",
        problems=(PickupCodeWrong, PickupCodeUsed, PickupUnpaid, PickupEnded),
        places={"code": "$CODE"},
    )
)
def verify(caller: Caller, code: str) -> Reply:
    """Hand an order over for its code."""
    number = hand_over(
        code[:CODE_LENGTH_MAX],
        None,
        caller.now,
        store_id=caller.key.store_id,
        api_key_id=caller.key.id,
    )
    return Reply(HandOver(order=number, state="received"))


def _new_address(body: OrderBody, caller: Caller) -> int | None:
    """The address that came with the order; the same one sent again stands in the member's book once."""
    given: AddressBody | None = body.address
    if given is None:
        return None
    phone = international_phone(given.phone)
    if phone is None:
        raise BodyInvalid((faulty_phone("address.phone"),))
    destination = Destination(given.name, phone, given.region, given.street)
    return add_address(body.member, destination, is_default=False, now=caller.now)


def _ask(body: OrderBody, address_id: int | None) -> Ask:
    return Ask(
        sku=body.sku,
        quantity=body.quantity,
        way=body.way,
        address_id=address_id,
        store_id=body.store,
        points_wanted=body.offset_points,
        note=body.note or "",
        coupon_code=body.coupon or "",
    )


def _wish(ask: Ask, checkout: Checkout) -> OrderWish:
    """What the checkout would send: the places that were chosen, and the price as it was shown."""
    return OrderWish(
        sku=ask.sku,
        quantity=ask.quantity,
        items=(),
        way=checkout.quote.way,
        address_id=checkout.address.id if checkout.address else None,
        store_id=ask.store_id,
        points_wanted=ask.points_wanted or 0,
        note=ask.note,
        agreed=checkout.digest,
        coupon_code=checkout.quote.coupon_code,
        is_vouched=True,
    )


def _order(number: str, caller: Caller) -> Order:
    order = order_for_staff(number, caller.now)
    if order is None:
        raise NotFound
    return order_answer(order)
