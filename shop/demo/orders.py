"""How an order goes in the demo: placed, paid through the sandbox's signed notices, shipped or handed over, given back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from shop.demo.stage import Person, Stage
from shop.extensions import db
from shop.models import Order, OrderLine
from shop.queries.orders.quote import Ask, Checkout, checkout_of
from shop.rules.orders.pricing import Way
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.checkout import OrderWish, PlacedOrder, place_order
from shop.services.orders.fulfilment import hand_over, receive_order, ship_order
from shop.services.orders.payments import receive_notice, start_payment
from shop.services.orders.refunding import RefundWish, refund_order
from shop.services.orders.sandbox_pay import notice_of
from shop.services.orders.unpaid import end_unpaid_orders

CARRIERS = ("顺丰速运", "中通快递", "京东物流")
REFUND_REASONS = ("外包装破损，协商退回", "尺码不合适", "少发一件", "不想要了，七天内退回")
TIME_IS_OVER = timedelta(minutes=16)


@dataclass(frozen=True, kw_only=True)
class Course:
    """What becomes of an order.  None: that step has not happened yet.  Every time counts from the step before."""

    payment: str = "pay"
    pay_after: timedelta = timedelta(minutes=2)
    cancel_after: timedelta | None = None
    fulfil_after: timedelta | None = timedelta(hours=20)
    receive_after: timedelta | None = timedelta(days=2)
    refund_after: timedelta | None = None
    refund_everything: bool = False


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person wants to order in the demo.  ``offset_percent``: how much of the possible points goes on top."""

    sku: str | None
    quantity: int = 1
    at_store: int | None = None
    offset_percent: int = 0


def any_course(rng: Random) -> Course:
    """One of the courses that orders take in a shop, each as often as there."""
    course = Course(
        pay_after=timedelta(seconds=rng.randint(20, 400)),
        fulfil_after=timedelta(minutes=rng.randint(90, 2400)),
        receive_after=timedelta(hours=rng.randint(26, 90)) if rng.random() < 0.85 else None,
    )
    dice = rng.random()
    if dice < 0.04:
        return replace(course, payment="abandon")
    if dice < 0.06:
        return replace(course, payment="cancel")
    if dice < 0.09:
        return replace(course, payment="refuse")
    if dice < 0.12:
        return replace(course, cancel_after=timedelta(minutes=rng.randint(5, 60)))
    if dice < 0.17:
        days, everything = timedelta(days=rng.randint(1, 9)), rng.random() < 0.5
        return replace(course, refund_after=days, refund_everything=everything)
    return course


def order(stage: Stage, person: Person, wish: Wish, course: Course, now: datetime) -> PlacedOrder | None:
    """Place an order and let it take its course.  None when the member cannot have this now."""
    checkout = _checkout(person, wish, now)
    if checkout is None or checkout.refusal or not checkout.is_ready:
        return None
    ask = checkout.ask
    key = f"demo-{stage.rng.getrandbits(64):016x}"
    asked = OrderWish(
        sku=ask.sku,
        quantity=ask.quantity,
        items=ask.items,
        way=checkout.quote.way,
        address_id=checkout.address.id if checkout.address else None,
        store_id=checkout.store.id if checkout.store else None,
        points_wanted=checkout.quote.offset_points,
        note="",
        agreed=checkout.digest,
        coupon_code=checkout.quote.coupon_code,
    )
    placed = place_order(person.id, asked, key, now)
    if placed.payment_token:
        _Payment(stage, person, placed, course).begin(now)
    else:
        after_payment(stage, person.id, placed.number, course, now)
    return placed


def _checkout(person: Person, wish: Wish, now: datetime) -> Checkout | None:
    way: Way | None = "pickup" if wish.at_store else None
    ask = Ask(sku=wish.sku, quantity=wish.quantity, way=way, store_id=wish.at_store)
    checkout = checkout_of(person.id, ask, now)
    if checkout is None or not wish.offset_percent or not checkout.quote.offset_limits.points_max:
        return checkout
    limits = checkout.quote.offset_limits
    wanted = limits.accepted(limits.points_max * wish.offset_percent // 100)
    return checkout_of(person.id, replace(ask, points_wanted=wanted), now)


class _Payment:
    """One order at the sandbox's cashier."""

    def __init__(self, stage: Stage, person: Person, placed: PlacedOrder, course: Course) -> None:
        self._stage, self._person, self._placed, self._course = stage, person, placed, course
        self._token = placed.payment_token or ""

    def begin(self, now: datetime) -> None:
        """Write into the diary what the person does at the cashier's."""
        diary, soon = self._stage.diary, now + self._course.pay_after
        if self._course.payment == "abandon":
            diary.at(now + TIME_IS_OVER, end_unpaid_orders)
        elif self._course.payment == "cancel":
            diary.at(soon, partial(cancel_order, self._placed.number, self._person.id))
        else:
            diary.at(soon, self._pay)

    def _pay(self, now: datetime) -> None:
        if self._course.payment == "refuse":
            self._choose("refuse", now)
            # what was refused is paid at the second try, with a payment of its own
        self._choose("pay", now + timedelta(seconds=20))
        after_payment(self._stage, self._person.id, self._placed.number, self._course, now)

    def _choose(self, choice: str, now: datetime) -> None:
        """Go to the cashier, choose, and let the signed notice travel back to the shop."""
        started = start_payment(self._token, self._person.id, "sandbox", now)
        self._token = started.token
        bill = parse_qs(urlsplit(started.url).query)["bill"][0]
        notice = notice_of(bill, choice, now)
        receive_notice("sandbox", notice.body, notice.headers, now)


def after_payment(stage: Stage, member_id: int, number: str, course: Course, now: datetime) -> None:
    """Write into the diary what happens to a paid order."""
    if course.cancel_after:
        stage.diary.at(now + course.cancel_after, partial(cancel_order, number, member_id))
    elif course.fulfil_after:
        moment = stage.diary.in_opening_hours(now + course.fulfil_after)
        stage.diary.at(moment, partial(_fulfil, stage, member_id, number, course))


def _fulfil(stage: Stage, member_id: int, number: str, course: Course, now: datetime) -> None:
    """Staff ship the order, or hand it over for its code."""
    code = db.session.scalar(select(Order.pickup_code).where(Order.number == number))
    if code:
        hand_over(code, stage.staff["cashier"], now)
        _perhaps_refund(stage, number, course, now)
        return
    tracking = f"SF{stage.rng.randint(10**11, 10**12 - 1)}"
    carrier = stage.rng.choice(CARRIERS)
    ship_order(number, carrier=carrier, tracking_number=tracking, staff_id=stage.staff["cashier"], now=now)
    if course.receive_after:
        received: Callable[[datetime], None] = partial(_receive, stage, member_id, number, course)
        stage.diary.at(now + course.receive_after, received)


def _receive(stage: Stage, member_id: int, number: str, course: Course, now: datetime) -> None:
    receive_order(number, member_id, now)
    _perhaps_refund(stage, number, course, now)


def _perhaps_refund(stage: Stage, number: str, course: Course, now: datetime) -> None:
    if course.refund_after:
        moment = stage.diary.in_opening_hours(now + course.refund_after)
        stage.diary.at(moment, partial(_refund, stage, number, course))


def _refund(stage: Stage, number: str, course: Course, now: datetime) -> None:
    """Support gives one piece back, or everything; what is given back whole comes back to the shelf."""
    statement = (
        select(OrderLine.id, OrderLine.quantity)
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.number == number)
        .order_by(OrderLine.id)
    )
    lines = {row.id: row.quantity for row in db.session.execute(statement)}
    take = lines if course.refund_everything else {min(lines): 1}
    wish = RefundWish(
        take=take,
        refund_shipping=course.refund_everything,
        goods_back=frozenset(take) if course.refund_everything else frozenset(),
        reason=stage.rng.choice(REFUND_REASONS),
        staff_id=stage.staff["support"],
    )
    refund_order(number, wish, f"demo-{number}", now)
