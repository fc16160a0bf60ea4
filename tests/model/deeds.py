"""What people and the clock do to the real shop, each by the service or the book that does it for them."""

from sqlalchemy import bindparam, func, select

from shop.adapters.payments.base import Notice
from shop.books import rulebooks
from shop.books.orders import baskets
from shop.books.points import entries, holds
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Lot, LotReminder, Order, OrderLine, Payment, PointsAccount, PointsEntry, Refund
from shop.rules.orders.pricing import digest
from shop.services.orders.checkout import OrderWish, place_order
from shop.services.orders.payments import record_payment_notice
from shop.services.points.freezing import Freeze, freeze_points, thaw_points
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.transaction import transaction
from tests.model.terms import rulebook_of
from tests.services.orders.stories import sku_of

BOOKS = (
    select(
        PointsAccount.balance_points,
        PointsAccount.held_points.label("all_held"),
        PointsAccount.debt_points,
        PointsEntry.reference,
        Lot.remaining_points,
        Lot.held_points,
        Lot.available_at,
        Lot.expires_at,
    )
    .outerjoin(Lot, Lot.account_id == PointsAccount.id)
    .outerjoin(PointsEntry, PointsEntry.id == Lot.entry_id)
    .where(PointsAccount.member_id == bindparam("member_id"))
)
BOUGHT = (
    select(Order.pickup_code, Order.total_points, Order.total_cents, Order.earn_points, OrderLine.id)
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(Order.id == bindparam("order_id"))
)
BILL = select(Payment.provider, Payment.amount_cents, Payment.currency).where(
    Payment.token == bindparam("token")
)
TOLD = (
    select(PointsEntry.reference, LotReminder.expires_at)
    .join(Lot, Lot.entry_id == PointsEntry.id)
    .join(LotReminder, LotReminder.lot_id == Lot.id)
    .where(LotReminder.told_at == bindparam("now"))
)
LAST_REFUND = select(func.max(Refund.id))


def publish(terms, effective_at, now):
    """The book publishes: how long members must be warned before is another promise, with tests of its own."""
    with transaction():
        rulebooks.publish(rulebook_of(terms), effective_at=effective_at, staff_id=None, note="", now=now)


def spend(member_id, points, reference, now):
    with transaction():
        entries.redeem(member_id, points, Line("redeem", "redeemed", reference), occasion_at(now))


def give_back(member_id, spent_reference, points, reference, grace_days, now):
    with transaction():
        line = Line("restore", "redeemed", reference)
        spent = entries.entry_of(spent_reference)
        entries.restore(member_id, spent, points, line, occasion_at(now), grace_days)


def hold(member_id, points, reference, expires_at, now):
    with transaction():
        holds.place(member_id, points, reference=reference, expires_at=expires_at, now=now)


def capture(reference, now):
    with transaction():
        return holds.capture(reference, Line("redeem", "redeemed", reference), occasion_at(now))


def void(reference, now):
    with transaction():
        return holds.void(reference, now)


def wish(stage, variant_id, quantity, points_wanted, now):
    """What the checkout page sends for goods that are picked up, at their price of this moment."""
    sku = sku_of(variant_id)
    basket = baskets.basket_of({sku: quantity}, stage.member_id, occasion_at(now))
    agreed = digest(baskets.quote_of(basket, "pickup", points_wanted))
    return OrderWish(
        sku=sku,
        quantity=quantity,
        items=(),
        way="pickup",
        address_id=None,
        store_id=stage.store_id,
        points_wanted=points_wanted,
        note="",
        agreed=agreed,
    )


def place(stage, asked, key, now):
    """Place an order.  Returns it with what its row says was promised."""
    placed = place_order(stage.member_id, asked, key, now)
    return placed, db.session.execute(BOUGHT, {"order_id": placed.order_id}).one()


def pay(placed, now):
    """The provider says that the order was paid; again and again, the same notice."""
    bill = db.session.execute(BILL, {"token": placed.payment_token}).one()
    notice = Notice(
        provider=bill.provider,
        notice_id=f"notice-{placed.payment_token}",
        token=placed.payment_token,
        order_number=placed.number,
        kind="paid",
        amount_cents=bill.amount_cents,
        currency=bill.currency,
        reference=f"provider-{placed.number}",
    )
    return record_payment_notice(notice, now)


def report(member_id, number, lines, at, now):
    """A till reports a purchase: cents of its lines.  Returns its id in the shop."""
    reported = ReportedPurchase(
        source="till", external_id=number, at=at, lines=tuple(ReportedLine(cents=cents) for cents in lines)
    )
    return record_purchase(member_id, reported, now).purchase_id


def report_refund(number, refund, cents, now):
    """The till reports that so much of a purchase went back.  Returns what was taken off, became debt, was waived."""
    reported = ReportedRefund(source="till", external_id=number, refund_id=refund, cents=cents)
    done = refund_purchase(reported, now)
    return done.clawed_points, done.debt_points, done.waived_points


def told_at(now):
    """Which ends of which lots were announced at this moment."""
    return [tuple(row) for row in db.session.execute(TOLD, {"now": now})]


def freeze(stage, what, review_on, now):
    freeze = Freeze(
        freezes_spending="spending" in what,
        freezes_earning="earning" in what,
        reason="核查",
        review_on=review_on,
        staff_id=stage.staff_id,
    )
    freeze_points(stage.member_id, freeze, now)


def thaw(stage, now):
    return thaw_points(stage.member_id, reason="没问题", staff_id=stage.staff_id, now=now)


def books_of(member_id):
    """What the account's row says (balance, held, owed), and each lot that ever was, by the reference that brought it:
    what is left, what of it is held, and from when until when it can be spent.
    """
    rows = db.session.execute(BOOKS, {"member_id": member_id}).all()
    lots = {reference: tuple(rest) for _balance, _held, _owed, reference, *rest in rows if reference}
    return tuple(rows[0][:3]), lots


def last_refund_id():
    """The refund that was made last: it names the lot of points that came back too late for theirs."""
    return db.session.scalar(LAST_REFUND)
