"""One-tap redemption (一键兑换): everything that a member would choose is chosen, and one sheet asks once."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select

from shop.extensions import db
from shop.models import Address, Member, Order, Product, Store, Variant
from shop.queries.orders.quote import Ask, Checkout, QuotedLine, checkout_of
from shop.rules.orders.pricing import Way
from shop.rules.points.kinds import MAIN_KIND

SKUS = (
    select(Variant.sku)
    .join(Product, Product.id == Variant.product_id)
    .where(Product.slug == bindparam("slug"), Product.state == "on_sale", Variant.state == "active")
    .order_by(Variant.position, Variant.id)
)
USUAL_STORE = (
    select(Order.store_id)
    .join(Store, Store.id == Order.store_id)
    .where(Order.member_id == bindparam("member_id"), Store.is_open.is_(True))
    .order_by(Order.id.desc())
    .limit(1)
    .scalar_subquery()
)
HABITS = select(
    Member.phone_last4,
    exists()
    .where(Address.member_id == bindparam("member_id"), Address.deleted_at.is_(None))
    .label("has_address"),
    USUAL_STORE.label("store_id"),
).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True)
class OneTap:
    """What one tap would do.  ``checkout`` is the same quote that the checkout page shows, with the member's usual place.

    ``missing`` names what has to be chosen on the ordinary way instead: variant, kind (other points than the
    main ones), cash, address, store or code (so many points take one that is sent to the phone); empty: nothing.
    ``phone_last4`` tells whose phone a code is for.
    """

    slug: str
    missing: str
    checkout: Checkout | None = None
    phone_last4: str = ""

    @property
    def line(self) -> QuotedLine:
        """The one thing that is redeemed."""
        assert self.checkout is not None, "a variant is chosen"
        return self.checkout.lines[0]

    @property
    def is_ready(self) -> bool:
        """Whether the button may be pressed."""
        return not self.missing and self.checkout is not None and self.checkout.is_ready


def one_tap_of(member_id: int, slug: str, asked: Ask, now: datetime) -> OneTap | None:
    """What one tap would do for this product; None when it is not on sale.

    ``asked`` says the SKU (needed where there are several) and the number of pieces, and repeats the way and the place of
    a sheet that was shown; what it leaves out is what the member usually does.
    """
    skus = db.session.scalars(SKUS, {"slug": slug.replace("\0", "")}).all()
    if not skus:
        return None
    sku = asked.sku if asked.sku in skus else skus[0] if len(skus) == 1 else None
    if sku is None:
        return OneTap(slug, "variant")
    habits = db.session.execute(HABITS, {"member_id": member_id}).one()
    checkout = _usual(member_id, replace(asked, sku=sku, items=(), coupon_code=""), habits, now)
    return OneTap(slug, _missing(checkout), checkout, habits.phone_last4)


def _usual(member_id: int, ask: Ask, habits: Any, now: datetime) -> Checkout:
    """The quote for the usual way: sent to the default address, else kept in the store of the last pick-up."""
    picks_up = ask.way is None and not habits.has_address and habits.store_id is not None
    store_id = ask.store_id or habits.store_id
    way: Way | None = "pickup" if picks_up else ask.way
    checkout = _quoted(member_id, replace(ask, way=way, store_id=store_id), now)
    is_chosen = checkout.store is not None and checkout.store.id == store_id
    if checkout.quote.way == "pickup" and not is_chosen and len(checkout.stores) > 1:
        return replace(checkout, store=None)
    return checkout


def _quoted(member_id: int, ask: Ask, now: datetime) -> Checkout:
    """The quote; where points may pay the freight of goods for points alone, they do."""
    checkout = checkout_of(member_id, ask, now)
    assert checkout is not None, "one thing is asked for"
    quote = checkout.quote
    most = quote.offset_limits.points_max
    if ask.points_wanted is None and quote.total_cents and not quote.goods_cents and most:
        with_points = checkout_of(member_id, replace(ask, points_wanted=most), now)
        if with_points is not None and with_points.quote.total_cents == 0:
            return with_points
    return checkout


def _missing(checkout: Checkout) -> str:
    quote = checkout.quote
    if quote.points_kind != MAIN_KIND:
        return "kind"
    if quote.total_cents:
        return "cash"
    places = {"shipping": checkout.address, "pickup": checkout.store}
    if quote.way in places and places[quote.way] is None:
        return "address" if quote.way == "shipping" else "store"
    return "code" if checkout.needs_code else ""
