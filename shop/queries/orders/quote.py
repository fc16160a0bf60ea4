"""What the checkout shows: the quote of a basket, how it can be had, and what still stands in the way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from shop.books.coupons.choosing import Choice, choices_for
from shop.books.orders import baskets, carts, gifts, refusals
from shop.books.orders.baskets import Basket, BasketLine
from shop.books.points.kinds import shortage
from shop.books.rulebooks import occasion_at
from shop.errors import CouponNotUsable, KindsMixed, ShopError, WayNotPossible
from shop.queries.catalogue.pictures import picture_url
from shop.queries.members.addresses import Address, addresses_of
from shop.queries.orders.stores import OpenStore, open_stores
from shop.queries.points.balance import last_day_before
from shop.rules.orders.pricing import PricedLine, Quote, Way, digest
from shop.rules.reasons import Reason

PICTURE_WIDTH = 256
Place = TypeVar("Place", Address, OpenStore)


@dataclass(frozen=True, kw_only=True)
class Ask:
    """What a request says about a checkout.  ``sku`` is redeem-now; else the cart, or the ``items`` chosen in it.

    ``coupon_code`` None: nothing was said, so the best coupon is suggested; empty: none is wanted.
    """

    sku: str | None = None
    quantity: int = 1
    items: tuple[str, ...] = ()
    way: Way | None = None
    address_id: int | None = None
    store_id: int | None = None
    points_wanted: int | None = None
    note: str = ""
    coupon_code: str | None = None


@dataclass(frozen=True)
class QuotedLine:
    """A line of the quote with what the catalogue shows of it.  ``refusal`` says why it cannot be had now.

    ``is_gift``: it comes on top.
    """

    priced: PricedLine
    slug: str
    variant_title: str
    kind: str
    points_kind: str
    picture_url: str | None
    quantity_max: int
    refusal: ShopError | None
    is_gift: bool = False


@dataclass(frozen=True)
class CouponOption:
    """A coupon that the member has.  ``cents`` 0: it does not fit these goods, and the reasons say why."""

    code: str
    name: str
    cents: int
    reasons: tuple[Reason, ...]
    last_on: date | None


@dataclass(frozen=True)
class Checkout:
    """One checkout.  ``way_note`` is set when the way that was asked for is not possible; ``refusal`` when nothing is.

    ``coupons`` stand with the best one first; ``coupon_note`` is set when the one that was asked for cannot be used.
    ``gift_notes`` say why a gift does not come.
    """

    ask: Ask
    quote: Quote
    digest: str
    lines: tuple[QuotedLine, ...]
    ways: tuple[Way, ...]
    way_note: ShopError | None
    addresses: tuple[Address, ...]
    address: Address | None
    stores: tuple[OpenStore, ...]
    store: OpenStore | None
    coupons: tuple[CouponOption, ...]
    coupon_note: ShopError | None
    points_available: int
    refusal: ShopError | None
    hold_minutes: int
    wait_days: int
    code_from_points: int | None
    gift_notes: tuple[Reason, ...] = ()

    @property
    def needs_code(self) -> bool:
        """Whether so many points take a code that is sent to the phone."""
        return self.code_from_points is not None and self.quote.total_points >= self.code_from_points

    @property
    def points_left(self) -> int:
        """The balance after this order."""
        return self.points_available - self.quote.total_points

    @property
    def offset_fill_percent(self) -> int:
        """Where the slider stands."""
        return 100 * self.quote.offset_points // (self.quote.offset_limits.points_max or 1)

    @property
    def is_ready(self) -> bool:
        """Whether the button may be pressed."""
        has_place = {"shipping": self.address is not None, "pickup": self.store is not None}
        return self.refusal is None and has_place.get(self.quote.way, True)


def checkout_of(member_id: int, ask: Ask, now: datetime) -> Checkout | None:
    """Quote what is asked for; None when the cart is empty.  Raises NotFound for an unknown SKU.

    A number of statements that does not grow with the basket.
    """
    wishes = {ask.sku: ask.quantity} if ask.sku else carts.wishes_of(member_id, ask.items)
    if not wishes:
        return None
    basket = gifts.with_gifts(baskets.basket_of(wishes, member_id, occasion_at(now)), member_id)
    way = ask.way if ask.way in basket.ways else basket.ways[0]
    choices = choices_for(basket, member_id)
    choice = _chosen_coupon(choices, ask.coupon_code)
    quote = _quote(basket, way, ask.points_wanted, choice)
    lines = lines_of(basket, quote)
    addresses = tuple(addresses_of(member_id)) if way == "shipping" else ()
    stores = open_stores() if way == "pickup" else ()
    rulebook = basket.occasion.rulebook
    return Checkout(
        ask=ask,
        quote=quote,
        digest=digest(quote),
        lines=lines,
        ways=basket.ways,
        way_note=WayNotPossible() if ask.way == "shipping" and ask.way != way else None,
        addresses=addresses,
        address=_chosen(addresses, ask.address_id),
        stores=stores,
        store=_chosen(stores, ask.store_id),
        coupons=tuple(_option(each) for each in choices),
        coupon_note=CouponNotUsable() if ask.coupon_code and choice is None else None,
        points_available=basket.customer.points_available,
        refusal=_refusal(basket, quote, lines),
        hold_minutes=rulebook.orders.hold_minutes,
        wait_days=rulebook.earning.wait_days,
        code_from_points=rulebook.orders.code_from_points,
        gift_notes=basket.gift_notes,
    )


def lines_of(basket: Basket, quote: Quote) -> tuple[QuotedLine, ...]:
    """The quote's lines with title of the variant, picture, limit and what stands in their way."""
    pairs = zip(basket.lines, quote.lines, strict=True)
    return tuple(_quoted_line(basket, line, priced) for line, priced in pairs)


def _quoted_line(basket: Basket, line: BasketLine, priced: PricedLine) -> QuotedLine:
    offer = line.offer
    return QuotedLine(
        priced=priced,
        slug=offer.slug,
        variant_title=offer.variant_title,
        kind=offer.kind,
        points_kind=offer.points_kind,
        picture_url=picture_url(offer.picture_key, PICTURE_WIDTH) if offer.picture_key else None,
        quantity_max=refusals.quantity_limit(basket, offer).quantity_max,
        refusal=refusals.refusal_of(basket, line),
        is_gift=line.gift is not None,
    )


def _quote(basket: Basket, way: Way, points_wanted: int | None, choice: Choice | None) -> Quote:
    """Until the member moves the slider, no points go on top of the goods' own."""
    return baskets.quote_of(basket, way, points_wanted or 0, choice.coupon if choice else None)


def _chosen_coupon(choices: tuple[Choice, ...], code: str | None) -> Choice | None:
    """The coupon that was asked for, if it fits; the best one when nothing was said."""
    usable = [choice for choice in choices if choice.is_usable and code in (None, choice.code)]
    return usable[0] if usable else None


def _option(choice: Choice) -> CouponOption:
    return CouponOption(
        code=choice.code,
        name=choice.coupon.terms.name,
        cents=choice.discount.cents,
        reasons=choice.discount.reasons,
        last_on=last_day_before(choice.expires_at),
    )


def _chosen(places: tuple[Place, ...], wanted_id: int | None) -> Place | None:
    """The place that was asked for, else the first one."""
    return next((place for place in places if place.id == wanted_id), places[0] if places else None)


def _refusal(basket: Basket, quote: Quote, lines: tuple[QuotedLine, ...]) -> ShopError | None:
    first = next((line.refusal for line in lines if line.refusal), None)
    if first is None and basket.is_of_two_kinds:
        return KindsMixed()
    if first is None and quote.points_missing:
        return shortage(quote.goods_points, basket.customer.points_available, quote.points_kind)
    return first or refusals.refusal_of_points(basket, quote)
