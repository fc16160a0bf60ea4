"""The book of purchases: one row for each paid purchase of any channel, and the awards that were decided for it.

Callers hold the lock of the member's points account, so that two purchases of one member are counted one after the
other: the second is not a first one again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shop.books.points import awarding
from shop.books.points.awarding import Source
from shop.books.points.deciding import decide
from shop.books.points.facts import facts_of
from shop.books.rulebooks import Occasion, occasion_under
from shop.extensions import db, table_of
from shop.models import Order, Purchase
from shop.rules.orders.pricing import Quote, bought_lines, quote_from_document
from shop.rules.points.award_documents import award_documents, awards_from_documents
from shop.rules.points.earning import Awards, credited_at
from shop.rules.points.occurrences import Occurrence

QUIET = {"synchronize_session": False}
ORDER = select(Order.number, Order.member_id, Order.rulebook_version, Order.quote, Order.placed_at).where(
    Order.id == bindparam("order_id")
)
OF_ORDER = select(Purchase.id, Purchase.awards, Purchase.credited_at).where(
    Purchase.order_id == bindparam("order_id")
)
NEW_PURCHASE = insert(table_of(Purchase)).returning(table_of(Purchase).c.id)
WILL_EARN = update(Order).where(Order.id == bindparam("of_order")).values(earn_points=bindparam("points"))
CREDITED = update(Purchase).where(Purchase.id == bindparam("of_purchase")).values(credited_at=bindparam("at"))
ADD_REFUNDED = (
    update(Purchase)
    .where(Purchase.id == bindparam("of_purchase"))
    .values(
        refunded_cents=Purchase.refunded_cents + bindparam("cents_back"),
        waived_points=Purchase.waived_points + bindparam("let_go"),
    )
)


@dataclass(frozen=True)
class Decided:
    """A purchase and what was decided that it earns; ``is_credited`` once that stands in the points book."""

    purchase_id: int
    awards: Awards
    is_credited: bool


def record_order(order_id: int, occasion: Occasion) -> None:
    """An order of the mall was paid: decide its awards under the rulebook version that it was placed by.

    What the quote promised is decided, unless rules look at the payment itself (its moment, its number, the month): those
    see the facts of this moment.  With awards credited at payment they are booked now.
    """
    order = db.session.execute(ORDER, {"order_id": order_id}).one()
    quote = quote_from_document(order.quote)
    under = occasion_under(order.rulebook_version, occasion.now)
    reference = f"order:{order.number}"
    awards = _decided(quote, order.member_id, order.placed_at, reference, under)
    row = {
        "member_id": order.member_id,
        "order_id": order_id,
        "channel": "mall",
        "source": "order",
        "external_id": order.number,
        "tier_code": quote.tier_code or under.rulebook.tiers[0].code,
        "cents": quote.paid_goods_cents,
        "shipping_cents": quote.paid_shipping_cents,
        "placed_at": order.placed_at,
    }
    purchase_id = write(row, awards, under)
    if awards.total != quote.earn.total:  # rules looked at the payment: what comes is what was decided now
        values = {"of_order": order_id, "points": awards.total}
        db.session.execute(WILL_EARN, values, execution_options=QUIET)
    if under.rulebook.earning.credited == "paid":
        source = Source(
            member_id=order.member_id,
            reference=reference,
            available_at=credited_at(under.now, under.rulebook.earning),
            order_id=order_id,
            purchase_id=purchase_id,
        )
        credit(purchase_id, awards, [award.points for award in awards.awards], source, under)


def write(row: dict[str, Any], awards: Awards, occasion: Occasion) -> int:
    """Add a purchase paid at this moment.  Returns its id.  A second one of the same source and id fails."""
    whole = {
        "request_hash": "",
        "shipping_cents": 0,
        "refunded_cents": 0,
        "waived_points": 0,
        "awards": award_documents(awards),
        "rulebook_version": occasion.version,
        "placed_at": occasion.now,
        "paid_at": occasion.now,
        "paid_on": occasion.today,
        **row,
    }
    return int(db.session.execute(NEW_PURCHASE, whole).scalar_one())


def of_order(order_id: int) -> Decided | None:
    """The purchase that an order became when it was paid; None for orders that cost no cash."""
    row = db.session.execute(OF_ORDER, {"order_id": order_id}).one_or_none()
    if row is None:
        return None
    return Decided(row.id, awards_from_documents(row.awards), row.credited_at is not None)


def credit(purchase_id: int, awards: Awards, left: Sequence[int], source: Source, occasion: Occasion) -> int:
    """Book the awards of a purchase, once.  Returns the points credited."""
    values = {"of_purchase": purchase_id, "at": occasion.now}
    db.session.execute(CREDITED, values, execution_options=QUIET)
    return awarding.credit(awards.awards, left, source, occasion)


def add_refunded(purchase_id: int, cents: int, *, waived_points: int = 0) -> None:
    """Count cash of goods that went back."""
    values = {"of_purchase": purchase_id, "cents_back": cents, "let_go": waived_points}
    db.session.execute(ADD_REFUNDED, values, execution_options=QUIET)


def _decided(quote: Quote, member_id: int, placed_at: datetime, reference: str, under: Occasion) -> Awards:
    if not under.rulebook.rules:
        return quote.earn
    occurrence = Occurrence(
        at=under.now,
        placed_at=placed_at,
        zone=under.zone,
        lines=bought_lines(quote.lines),
        shipping_cents=quote.paid_shipping_cents,
        member=replace(facts_of(member_id, under), tier_code=quote.tier_code),
    )
    return decide(member_id, occurrence, reference, under)
