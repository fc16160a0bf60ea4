"""Orders: points held and captured, earned when paid or handed over, given back and taken back in parts."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from shop.errors import InsufficientPoints, OrderMoved, PointsFrozen
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import hand_over
from shop.services.orders.refunding import RefundWish, refund_order
from tests.model import deeds
from tests.model.machine import WHICH
from tests.model.purchases import Purchases, new_purchase
from tests.model.terms import awards_for, offset_for

WISHES = (0, 0, 7, 150, 100_000)


class Shop(Purchases):
    """The whole machine: the till, purchases elsewhere, and orders of one line."""

    def __init__(self, renew):
        super().__init__(renew)
        self.orders = []

    def in_state(self, *states):
        return [order for order in self.orders if order["state"] in states]

    @rule(
        good=st.integers(0, 2),
        quantity=st.integers(1, 3),
        wanted=st.sampled_from(WISHES),
        then=st.sampled_from(("wait", "pay", "pay and collect", "pay and collect")),
    )
    def order(self, good, quantity, wanted, then):
        self._order(good, quantity, wanted, then)

    def _order(self, good, quantity, wanted, then):
        order = self._place(*self.stage.goods[good], quantity, wanted)
        if order and then != "wait":
            self._pay(order)
        if order and then == "pay and collect":
            self._hand_over(order)

    def _place(self, variant_id, unit_points, unit_cents, quantity, wanted):
        points, cents = unit_points * quantity, unit_cents * quantity
        asked = deeds.wish(self.stage, variant_id, quantity, wanted, self.now)
        key, now = self.new_name("order"), self.now
        try:
            placed, row = deeds.place(self.stage, asked, key, now)
        except InsufficientPoints:
            assert points > self.available
            return None
        except PointsFrozen:
            assert self.is_frozen("spending")
            return None
        assert points <= self.available
        self.again = lambda: deeds.place(self.stage, asked, key, now)
        assert not (row.total_points and self.is_frozen("spending"))
        offset, off = offset_for(self.terms, wanted, cents, self.available - points)
        assert (row.total_points, row.total_cents) == (points + offset, cents - off)
        assert row.earn_points == sum(awards_for(self.terms, cents - off))
        return self._write_down(placed, row, quantity, (points, offset, cents - off))

    def _write_down(self, placed, row, quantity, paid):
        order = {
            **new_purchase(f"order:{placed.number}", self.terms, paid[-1]),
            "placed": placed,
            "row": row,
            "state": "placed" if row.total_cents else "paid",
            "pay_by": self.now + timedelta(minutes=self.terms["hold_minutes"]),
            "quantity": quantity,
            "returned": 0,
            "paid": paid,  # the goods' own points, points that replaced cash, cents
            "refunded": (0, 0, 0),
        }
        self.orders.append(order)
        if row.total_points and row.total_cents:
            self.paper.hold(placed.number, row.total_points, self.now)
        elif row.total_points:
            self.paper.spend(placed.number, row.total_points, self.now)
            self.paper.roll(self.now, self.after)
        return order

    @precondition(lambda self: any(order["placed"].payment_token for order in self.orders))
    @rule(which=WHICH)
    def pay(self, which):
        """The provider's notice arrives; perhaps too late, then nothing moves but cash."""
        billed = [order for order in self.orders if order["placed"].payment_token]
        billed.sort(key=lambda order: order["state"] != "placed")
        self._pay(billed[which % len(billed)])

    def _pay(self, order):
        if not order["placed"].payment_token:
            return
        deeds.pay(order["placed"], self.now)
        self.again = lambda: deeds.pay(order["placed"], self.now)
        if order["state"] != "placed":
            return
        order["state"] = "paid"
        if order["row"].total_points:
            self.paper.capture(order["placed"].number)
            self.paper.roll(self.now, self.after)
        if order["terms"]["credited"] == "paid":
            self.credit_awards(order, since=self.now)

    @precondition(lambda self: self.in_state("paid"))
    @rule(which=WHICH)
    def hand_over(self, which):
        orders = self.in_state("paid")
        self._hand_over(orders[which % len(orders)])

    def _hand_over(self, order):
        code = order["row"].pickup_code
        hand_over(code, self.stage.staff_id, self.now)
        self.again = lambda: hand_over(code, self.stage.staff_id, self.now)
        order["state"] = "received"
        self.credit_awards(order, since=self.now)

    @precondition(lambda self: self.in_state("placed", "paid", "received"))
    @rule(which=WHICH)
    def cancel(self, which):
        orders = self.in_state("placed", "paid", "received")
        order = orders[which % len(orders)]

        def send():
            cancel_order(order["placed"].number, self.stage.member_id, self.now)

        self.again = send
        try:
            send()
        except OrderMoved:
            assert order["state"] == "received"
            return
        assert order["state"] != "received"
        if order["state"] == "placed":
            self._end_unpaid(order)
        else:
            self._refund(order, order["quantity"] - order["returned"])

    @rule(which=WHICH, pieces=st.integers(1, 3), good=st.integers(0, 2), wanted=st.sampled_from(WISHES))
    def refund(self, which, pieces, good, wanted):
        if not self.in_state("paid", "received"):
            self._order(good, 3, wanted, "pay and collect")
        orders = self.in_state("paid", "received")
        if not orders:
            return
        order = orders[which % len(orders)]
        pieces = min(pieces, order["quantity"] - order["returned"])
        line_id, key = order["row"].id, self.new_name("refund")
        wish = RefundWish(
            take={line_id: pieces},
            refund_shipping=False,
            goods_back=frozenset({line_id}),
            reason="退货",
            staff_id=self.stage.staff_id,
        )

        def send():
            refund_order(order["placed"].number, wish, key, self.now)

        send()
        self.again = send
        self._refund(order, pieces)

    more_orders, more_refunds = order, refund  # what goes wrong most easily is tried most often

    def orders_time_out(self):
        for order in self.in_state("placed"):
            if order["pay_by"] <= self.now:
                self._end_unpaid(order)

    def _end_unpaid(self, order):
        order["state"] = "closed"
        if order["row"].total_points:
            self.paper.void(order["placed"].number)

    def kept_from_cash(self, purchase, points, own, cents):
        """Missing points that are paid by so much less cash going back, at the order's own ratio."""
        terms = purchase["terms"]
        if "placed" not in purchase or terms["shortage"] != "deduct":
            return 0
        order = self.paper.claw_order(own, self.now)
        short = points - sum(self.paper.choose(points, order).values())
        worth, per_cents = terms["offset"]
        kept = min(short, cents * worth // per_cents)
        return kept if kept * per_cents // worth else 0

    def _refund(self, order, pieces):
        """Each part of the price goes back by all pieces returned so far, rounded down."""
        order["returned"] += pieces
        so_far = tuple(paid * order["returned"] // order["quantity"] for paid in order["paid"])
        points, offset, cents = (new - old for new, old in zip(so_far, order["refunded"], strict=True))
        order["refunded"] = so_far
        if points + offset:
            name = f"refund:{deeds.last_refund_id()}:restore"
            grace_until = self.grace_until(order["terms"]["grace_days"])
            number = order["placed"].number
            self.paper.give_back(number, points + offset, name, now=self.now, grace_until=grace_until)
        self.take_awards_back(order, cents)
        if order["returned"] == order["quantity"]:
            order["state"] = "closed"
