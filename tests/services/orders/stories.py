"""What the stories of orders share: placing one at its price of this moment, and paying it as a provider would."""

from datetime import datetime, timedelta

from sqlalchemy import select

from shop.adapters.payments.base import Notice
from shop.books.orders import baskets
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Lot, Member, Order, OrderLine, Payment, PointsAccount, StockLevel, Variant
from shop.rules.orders.pricing import Way, digest
from shop.services.members.addresses import Destination, add_address
from shop.services.orders.checkout import OrderWish, PlacedOrder, place_order
from shop.services.orders.fulfilment import ship_order
from shop.services.orders.payments import record_payment_notice
from tests.factories import MONDAY, make_staff

HOME = Destination(
    name="林小满", phone="+8613805712046", region="浙江省 杭州市 拱墅区", street="小河路 12 号"
)


def sku_of(variant_id: int) -> str:
    return db.session.get_one(Variant, variant_id).sku


def place(
    member_id: int,
    variant_id: int,
    *,
    quantity: int = 1,
    way: Way = "shipping",
    store_id: int | None = None,
    points_wanted: int = 0,
    key: str = "first",
    now: datetime = MONDAY,
) -> PlacedOrder:
    """Place an order for one variant, agreeing to its price of this moment."""
    sku = sku_of(variant_id)
    basket = baskets.basket_of({sku: quantity}, member_id, occasion_at(now))
    agreed = digest(baskets.quote_of(basket, way, points_wanted))
    address_id = add_address(member_id, HOME, is_default=True, now=now) if way == "shipping" else None
    wish = OrderWish(
        sku=sku,
        quantity=quantity,
        items=(),
        way=way,
        address_id=address_id,
        store_id=store_id,
        points_wanted=points_wanted,
        note="",
        agreed=agreed,
    )
    return place_order(member_id, wish, key, now)


def notice_of(placed: PlacedOrder, kind: str = "paid", notice_id: str = "") -> Notice:
    """What the provider would tell us about the order's payment."""
    payment = db.session.execute(
        select(Payment.provider, Payment.amount_cents, Payment.currency).where(
            Payment.token == placed.payment_token
        )
    ).one()
    return Notice(
        provider=payment.provider,
        notice_id=notice_id or f"notice-{placed.payment_token}",
        token=str(placed.payment_token),
        order_number=placed.number,
        kind=kind,  # type: ignore[arg-type]
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        reference=f"provider-{placed.number}",
    )


def buy(member_id: int, variant_id: int, *, now: datetime = MONDAY, **values: object) -> PlacedOrder:
    """Place an order and pay its cash part."""
    placed = place(member_id, variant_id, now=now, **values)  # type: ignore[arg-type]
    if placed.payment_token:
        record_payment_notice(notice_of(placed), now + timedelta(minutes=1))
    return placed


def ship(placed: PlacedOrder, now: datetime) -> None:
    ship_order(
        placed.number, carrier="中通", tracking_number="ZT123", staff_id=make_staff("cashier"), now=now
    )


def order_row(placed: PlacedOrder) -> Order:
    db.session.rollback()
    return db.session.get_one(Order, placed.order_id)


def line_id_of(placed: PlacedOrder) -> int:
    return int(db.session.scalars(select(OrderLine.id).where(OrderLine.order_id == placed.order_id)).one())


def account_of(member_id: int) -> PointsAccount:
    db.session.rollback()
    return db.session.scalars(select(PointsAccount).where(PointsAccount.member_id == member_id)).one()


def growth_of(member_id: int) -> int:
    db.session.rollback()
    return db.session.get_one(Member, member_id).growth


def stock_of(variant_id: int) -> tuple[int, int]:
    """On hand and reserved."""
    db.session.rollback()
    level = db.session.get_one(StockLevel, variant_id)
    return level.on_hand, level.reserved


def lots_of(member_id: int) -> list[Lot]:
    db.session.rollback()
    account = account_of(member_id)
    return list(db.session.scalars(select(Lot).where(Lot.account_id == account.id).order_by(Lot.id)))
