"""A member orders: points and goods are set aside, at exactly the price that the member saw."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select

from shop.adapters.payments import providers
from shop.books import outbox, phone_codes, purchase_counts, stock
from shop.books.coupons import choosing, using
from shop.books.orders import baskets, carts, gifts, opening, refusals
from shop.books.orders.baskets import Basket
from shop.books.orders.paying import PlacedNow, hold_reference, pay_at_once
from shop.books.points import accounts, holds
from shop.books.points.accounts import LockedAccount
from shop.books.points.kinds import shortage
from shop.books.rulebooks import occasion_at
from shop.crypto import new_token, unseal
from shop.errors import (
    AddressMissing,
    CartEmpty,
    CodeNeeded,
    CouponNotUsable,
    KeyReused,
    KindsMixed,
    MemberSuspended,
    QuoteChanged,
    StoreMissing,
    WayNotPossible,
    WrongCode,
)
from shop.extensions import db
from shop.models import Address, Member, Order, Payment, Store
from shop.rules.orders.pricing import Quote, Way, digest
from shop.transaction import transaction

NO_PROVIDER = "none"
PLACED_BEFORE = (
    select(Member.state, Order.id, Order.number, Order.request_hash, Payment.token)
    .select_from(Member)
    .outerjoin(Order, Order.idempotency_key == bindparam("key"))
    .outerjoin(Payment, (Payment.order_id == Order.id) & (Payment.state == "pending"))
    .where(Member.id == bindparam("member_id"))
)
ADDRESS = select(Address.sealed).where(
    Address.id == bindparam("address_id"),
    Address.member_id == bindparam("member_id"),
    Address.deleted_at.is_(None),
)
PHONE = select(Member.phone_sealed).where(Member.id == bindparam("member_id"))
STORE = select(Store.id).where(Store.id == bindparam("store_id"), Store.is_open.is_(True))


@dataclass(frozen=True, kw_only=True)
class OrderWish:
    """All that comes from a request.  ``sku`` is redeem-now; else the cart, or the ``items`` chosen in it.

    ``agreed`` is the digest of the quote that the member saw.  ``code`` was sent to the phone; whoever ``is_vouched`` for
    (by a program that knows its members) needs none.
    """

    sku: str | None
    quantity: int
    items: tuple[str, ...]
    way: Way
    address_id: int | None
    store_id: int | None
    points_wanted: int
    note: str
    agreed: str
    coupon_code: str | None = None
    code: str = ""
    is_vouched: bool = False


@dataclass(frozen=True)
class PlacedOrder:
    """``payment_token`` names the cashier page; None when nothing is left to pay."""

    order_id: int
    number: str
    payment_token: str | None


@dataclass(frozen=True)
class Destination:
    """Where the goods go: a sealed copy of the address, or a store, or neither."""

    address_sealed: str | None
    store_id: int | None


def place_order(member_id: int, wish: OrderWish, idempotency_key: str, now: datetime) -> PlacedOrder:
    """Place an order, and pay it at once when it costs points alone.

    The same key with the same wish answers with the first order, also when twenty arrive at one moment: the member's
    account is locked first.  Raises KeyReused for another wish, QuoteChanged when the price is not the one agreed to
    (nothing is charged), KindsMixed, NotOnSale, TierTooLow, SoldOut, StockTooLow, OrderLimitReached, LimitReached,
    InsufficientPoints, OrderPointsAbove, CouponNotUsable, AddressMissing, StoreMissing, WayNotPossible, CartEmpty,
    NotFound, MemberSuspended; CodeNeeded and WrongCode for an order of so many points that it takes a code (a wrong one
    costs one of five tries).
    """
    key = f"{member_id}:{idempotency_key}"
    request_hash = _hash_of(wish)
    with transaction() as session:
        account = accounts.lock(member_id)
        first = session.execute(PLACED_BEFORE, {"key": key, "member_id": member_id}).one()
        if first.id is not None:
            if first.request_hash != request_hash:
                raise KeyReused
            return PlacedOrder(first.id, first.number, first.token)
        if first.state != "active":
            raise MemberSuspended
        basket = _basket(member_id, wish, now)
        quote = _agreed_quote(member_id, basket, wish)
        destination = _destination(member_id, wish)
        if quote.points_kind != account.kind:
            account = accounts.lock(member_id, quote.points_kind)
        draft = _Draft(account, member_id, key, request_hash, wish, basket, quote, destination)
        wrong_code = _wrong_code(draft)
        if wrong_code is None:
            return _place(draft)
    raise wrong_code


@dataclass(frozen=True)
class _Draft:
    """An order that may be placed: everything has been looked up and allowed."""

    account: LockedAccount
    member_id: int
    key: str
    request_hash: str
    wish: OrderWish
    basket: Basket
    quote: Quote
    destination: Destination


def _basket(member_id: int, wish: OrderWish, now: datetime) -> Basket:
    wishes = {wish.sku: wish.quantity} if wish.sku else carts.wishes_of(member_id, wish.items)
    if not wishes:
        raise CartEmpty
    return gifts.with_gifts(baskets.basket_of(wishes, member_id, occasion_at(now)), member_id)


def _agreed_quote(member_id: int, basket: Basket, wish: OrderWish) -> Quote:
    """The price now, if everything can be ordered and the member has seen exactly this price."""
    for line in basket.lines:
        if refusal := refusals.refusal_of(basket, line):
            raise refusal
    if basket.is_of_two_kinds:
        raise KindsMixed
    if wish.way not in basket.ways:
        raise WayNotPossible
    coupon = choosing.chosen(basket, member_id, wish.coupon_code) if wish.coupon_code else None
    quote = baskets.quote_of(basket, wish.way, wish.points_wanted, coupon)
    if quote.coupon_code != wish.coupon_code:
        raise CouponNotUsable
    if quote.points_missing:
        raise shortage(quote.goods_points, basket.customer.points_available, quote.points_kind)
    if digest(quote) != wish.agreed:
        raise QuoteChanged
    return quote


def _destination(member_id: int, wish: OrderWish) -> Destination:
    if wish.way == "shipping":
        values = {"address_id": wish.address_id, "member_id": member_id}
        sealed = db.session.scalar(ADDRESS, values)
        if sealed is None:
            raise AddressMissing
        return Destination(sealed, None)
    if wish.way == "pickup":
        store_id = db.session.scalar(STORE, {"store_id": wish.store_id})
        if store_id is None:
            raise StoreMissing
        return Destination(None, store_id)
    return Destination(None, None)


def _wrong_code(draft: _Draft) -> WrongCode | None:
    """Raises OrderPointsAbove and CodeNeeded.  A wrong code is returned, so that the try stays counted."""
    if refusal := refusals.refusal_of_points(draft.basket, draft.quote):
        raise refusal
    from_points = draft.basket.occasion.rulebook.orders.code_from_points
    if from_points is None or draft.quote.total_points < from_points or draft.wish.is_vouched:
        return None
    if not draft.wish.code:
        raise CodeNeeded(from_points)
    phone = unseal(db.session.execute(PHONE, {"member_id": draft.member_id}).scalar_one())
    return phone_codes.use(phone, draft.wish.code, draft.basket.occasion.now, "redemption")


def _place(draft: _Draft) -> PlacedOrder:
    """Set aside and write down, in the order of locks: the member's own rows first, what all share last."""
    occasion, quote = draft.basket.occasion, draft.quote
    pay_by_at = occasion.now + timedelta(minutes=occasion.rulebook.orders.hold_minutes)
    number = opening.new_number(occasion.today)
    is_paid_later = quote.total_cents > 0
    if is_paid_later and quote.total_points:
        holds.place(
            draft.member_id,
            quote.total_points,
            reference=hold_reference(number),
            expires_at=pay_by_at,
            now=occasion.now,
            points_kind=quote.points_kind,
        )
    _count_in(draft)
    order_id = opening.open_order(draft.basket, quote, _header(draft, number, pay_by_at))
    if quote.coupon_code:
        using.hold(quote.coupon_code, draft.member_id, order_id, occasion.now)
    if not draft.wish.sku:
        carts.take_out(draft.member_id, [line.offer.variant_id for line in draft.basket.wanted])
    if not is_paid_later:
        has_coupon = quote.coupon_code is not None
        placed = PlacedNow(order_id, number, draft.account, quote.total_points, has_coupon)
        pay_at_once(placed, _wanted(draft.basket), occasion)
        return PlacedOrder(order_id, number, None)
    token = _open_payment(order_id, quote, occasion.now)
    outbox.put("order_placed", f"order_placed:{order_id}", occasion.now, {"order_id": order_id})
    stock.reserve(order_id, _wanted(draft.basket), occasion.now)
    return PlacedOrder(order_id, number, token)


def _header(draft: _Draft, number: str, pay_by_at: datetime) -> opening.Header:
    return opening.Header(
        number=number,
        member_id=draft.member_id,
        way=draft.wish.way,
        store_id=draft.destination.store_id,
        address_sealed=draft.destination.address_sealed,
        note=draft.wish.note,
        idempotency_key=draft.key,
        request_hash=draft.request_hash,
        pay_by_at=pay_by_at,
    )


def _count_in(draft: _Draft) -> None:
    """Count limited products against the member's limit; one row for all variants of a product."""
    limited = {
        line.offer.product_id: line.offer
        for line in draft.basket.wanted
        if line.offer.limit_per_member is not None
    }
    for product_id, offer in sorted(limited.items()):
        assert offer.limit_per_member is not None
        purchase_counts.count_in(
            draft.member_id,
            product_id,
            purchase_counts.period_key(offer.limit_period, draft.basket.occasion.today),
            draft.basket.pieces_of(product_id),
            limit=offer.limit_per_member,
            title=offer.title,
        )


def _open_payment(order_id: int, quote: Quote, now: datetime) -> str:
    """The payment that the cashier page shows; its provider can still be changed there."""
    row = {
        "token": new_token(),
        "order_id": order_id,
        "provider": next(iter(providers()), NO_PROVIDER),
        "amount_cents": quote.total_cents,
        "created_at": now,
    }
    db.session.execute(insert(Payment).values(row))
    return str(row["token"])


def _wanted(basket: Basket) -> list[stock.Wanted]:
    """The units of each variant: what is redeemed, and what comes on top."""
    wanted: dict[int, stock.Wanted] = {}
    for line in basket.lines:
        offer = line.offer
        units = wanted[offer.variant_id].units if offer.variant_id in wanted else 0
        wanted[offer.variant_id] = stock.Wanted(offer.variant_id, units + line.quantity, offer.title)
    return list(wanted.values())


def _hash_of(wish: OrderWish) -> str:
    asked = {name: value for name, value in asdict(wish).items() if name not in ("code", "is_vouched")}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
