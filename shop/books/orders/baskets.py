"""A basket: what somebody wants, as the catalogue offers it now, with everything that its price depends on.

Product page, cart, checkout and the order itself all price the same basket with ``quote_of``; nothing of it comes from
the request but SKUs, quantities, the way and the points wished for (invariant O5).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select

from shop.books import purchase_counts
from shop.books.points.facts import BIRTHDAY_COLUMNS, facts_from
from shop.books.rulebooks import Occasion
from shop.errors import NotFound
from shop.extensions import db
from shop.models import Category, Lot, Member, PointsAccount, Product, PurchaseCount, StockLevel, Variant
from shop.rules.campaigns.gifts import GiftTerms
from shop.rules.orders.pricing import AppliedCoupon, Quote, QuoteLine, QuoteRequest, Way, price
from shop.rules.orders.ways import SHIPPABLE_KINDS, ways_for
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import GUEST, MemberFacts
from shop.rules.reasons import Reason

OFFERS = (
    select(
        Variant.id.label("variant_id"),
        Variant.product_id,
        Variant.sku,
        Variant.title.label("variant_title"),
        Variant.price_points,
        Variant.price_cents,
        Product.points_kind,
        Variant.offset_allowed,
        and_(Variant.state == "active", Product.state == "on_sale").label("is_on_sale"),
        Product.slug,
        Product.title,
        Category.slug.label("category"),
        Product.tags,
        Product.kind,
        Product.picture_key,
        Product.tier_code_min,
        Product.tier_growth_min,
        Product.tier_until,
        Product.limit_per_member,
        Product.limit_per_order,
        Product.limit_period,
        func.coalesce(StockLevel.on_hand - StockLevel.reserved, 0).label("available"),
    )
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(Category, Category.id == Product.category_id)
    .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
    .where(Variant.sku.in_(bindparam("skus", expanding=True)))
)
SPENDABLE = (
    select(func.coalesce(func.sum(Lot.remaining_points - Lot.held_points), 0))
    .where(
        Lot.account_id == PointsAccount.id,
        Lot.remaining_points > 0,
        Lot.available_at <= bindparam("now"),
        Lot.expires_at > bindparam("now"),
    )
    .correlate(PointsAccount)
    .scalar_subquery()
)
CUSTOMER = (
    select(
        *BIRTHDAY_COLUMNS,
        func.coalesce(PointsAccount.debt_points, 0).label("debt_points"),
        SPENDABLE.label("spendable"),
    )
    .outerjoin(
        PointsAccount,
        and_(PointsAccount.member_id == Member.id, PointsAccount.kind == bindparam("points_kind")),
    )
    .where(Member.id == bindparam("member_id"))
)


@dataclass(frozen=True)
class Offer:
    """A variant as the catalogue has it at this moment."""

    variant_id: int
    product_id: int
    sku: str
    variant_title: str
    price_points: int
    price_cents: int
    points_kind: str
    offset_allowed: bool
    is_on_sale: bool
    slug: str
    title: str
    category: str | None
    tags: str
    kind: str
    picture_key: str | None
    tier_code_min: str | None
    tier_growth_min: int
    tier_until: datetime | None
    limit_per_member: int | None
    limit_per_order: int | None
    limit_period: str
    available: int


@dataclass(frozen=True)
class Customer:
    """Who asks: what the rules of earning may know of them, and the points of the basket's kind that they can spend."""

    facts: MemberFacts = GUEST
    points_available: int = 0

    @property
    def tier_code(self) -> str | None:
        """None is a guest."""
        return self.facts.tier_code


@dataclass(frozen=True)
class BasketLine:
    """Pieces of a variant; with a ``gift`` they come on top, for nothing."""

    offer: Offer
    quantity: int
    gift: GiftTerms | None = None


@dataclass(frozen=True)
class Basket:
    """``taken``: units of each limited product that the member took in its running period.

    ``gift_notes`` say of each gift that may come with these goods whether it does, and why not.
    """

    lines: tuple[BasketLine, ...]
    customer: Customer
    taken: Mapping[int, int]
    occasion: Occasion
    gift_notes: tuple[Reason, ...] = ()

    @property
    def ways(self) -> tuple[Way, ...]:
        """How these goods can get to a person, the usual way first."""
        return ways_for([line.offer.kind for line in self.lines])

    @property
    def points_kind(self) -> str:
        """The kind of points that these goods cost: the first one, where they are mixed."""
        return kinds_asked([line.offer for line in self.wanted])[0]

    @property
    def is_of_two_kinds(self) -> bool:
        """Whether the goods cost points of different kinds, so that no one order can take them."""
        return len(kinds_asked([line.offer for line in self.wanted])) > 1

    def pieces_of(self, product_id: int) -> int:
        """Pieces of a product, all its variants together, without gifts."""
        return sum(line.quantity for line in self.wanted if line.offer.product_id == product_id)

    @property
    def wanted(self) -> tuple[BasketLine, ...]:
        """What was asked for, without gifts."""
        return tuple(line for line in self.lines if line.gift is None)


def basket_of(wishes: Mapping[str, int], member_id: int | None, occasion: Occasion) -> Basket:
    """Look everything up for SKU -> pieces: three statements, whatever the number of lines.

    Raises NotFound for a SKU that never existed.
    """
    offers = offers_of(wishes)
    if offers.keys() != wishes.keys():
        raise NotFound
    return Basket(
        lines=tuple(BasketLine(offers[sku], quantity) for sku, quantity in wishes.items()),
        customer=_customer(member_id, kinds_asked(offers.values())[0], occasion) if member_id else Customer(),
        taken=_taken(member_id, offers.values(), occasion) if member_id else {},
        occasion=occasion,
    )


def offers_of(skus: Collection[str]) -> dict[str, Offer]:
    """What the catalogue has of some SKUs, by SKU."""
    rows = db.session.execute(OFFERS, {"skus": list(skus)}).all() if skus else []
    return {row.sku: Offer(**row._mapping) for row in rows}


def kinds_asked(offers: Iterable[Offer]) -> tuple[str, ...]:
    """The kinds of points that goods cost, in their order; the main one for goods that cost none."""
    return tuple(dict.fromkeys(offer.points_kind for offer in offers if offer.price_points)) or (MAIN_KIND,)


def quote_of(basket: Basket, way: Way, points_wanted: int, coupon: AppliedCoupon | None = None) -> Quote:
    """The one price of a basket."""
    request = QuoteRequest(
        lines=lines_to_price(basket),
        way=way,
        points_available=basket.customer.points_available,
        points_kind=basket.points_kind,
        offset_points_wanted=points_wanted,
        at=basket.occasion.now,
        rulebook=basket.occasion.rulebook,
        rulebook_version=basket.occasion.version,
        coupon=coupon,
        member=basket.customer.facts,
        zone=basket.occasion.zone,
    )
    return price(request)


def lines_to_price(basket: Basket) -> tuple[QuoteLine, ...]:
    """The basket as the rules of pricing see it."""
    return tuple(_quote_line(line) for line in basket.lines)


def _customer(member_id: int, points_kind: str, occasion: Occasion) -> Customer:
    values = {"member_id": member_id, "now": occasion.now, "points_kind": points_kind}
    row = db.session.execute(CUSTOMER, values).one()
    facts = facts_from(row, member_id, occasion)
    return Customer(facts, max(0, int(row.spendable) - row.debt_points))


def _taken(member_id: int, offers: Collection[Offer], occasion: Occasion) -> dict[int, int]:
    periods = {
        offer.product_id: purchase_counts.period_key(offer.limit_period, occasion.today)
        for offer in offers
        if offer.limit_per_member is not None
    }
    if not periods:
        return {}
    mine = [
        and_(PurchaseCount.product_id == product_id, PurchaseCount.period == period)
        for product_id, period in periods.items()
    ]
    statement = select(PurchaseCount.product_id, PurchaseCount.units).where(
        PurchaseCount.member_id == member_id, or_(*mine)
    )
    return {row.product_id: row.units for row in db.session.execute(statement)}


def _quote_line(line: BasketLine) -> QuoteLine:
    offer, is_gift = line.offer, line.gift is not None
    return QuoteLine(
        variant_id=offer.variant_id,
        sku=offer.sku,
        title=offer.title,
        quantity=line.quantity,
        unit_points=0 if is_gift else offer.price_points,
        unit_cents=0 if is_gift else offer.price_cents,
        offset_allowed=offer.offset_allowed and not is_gift,
        needs_shipping=offer.kind in SHIPPABLE_KINDS,
        category=offer.category,
        tags=tuple(offer.tags.split()),
        gift=line.gift,
    )
