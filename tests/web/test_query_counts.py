"""How often a page asks the database: within its budget, and as often for 200 rows as for 20."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from shop.books import audit
from shop.books.points import accounts
from shop.crypto import blind_index, seal
from shop.extensions import db
from shop.models import Category, Member, Order, PointsEntry, Product, Referral, Staff, Store
from shop.queries.orders.quote import Ask
from shop.services.catalogue.watches import watch
from shop.services.members.messages import tell_member
from shop.services.orders.cart import add_to_cart
from shop.services.orders.checkout import place_order
from shop.services.points.codes import redeem_code
from shop.transaction import transaction
from tests.coupons import give_coupon, make_template
from tests.draws import SURE, make_draw
from tests.factories import (
    MONDAY,
    give_points,
    make_category,
    make_member,
    make_product,
    make_store,
)
from tests.orders import counted_statements, wish_for
from tests.printed_codes import printed_batch
from tests.services.orders.stories import buy, place, sku_of

_numbers = itertools.count(1)
FEW, MANY = 20, 200
LIST, PRODUCT, FRAGMENT, OWN, BACK_OFFICE = 3, 5, 4, 8, 10
KEPT, ORDER = 1, 25
DRAW, REFUND = (
    11,
    13,
)  # pages without a budget of their own: a board with odds and chances, a refund worked out
ALL_ROUND = BACK_OFFICE + 6  # one member in full: figures, tier, freeze, lapses, merges
HOME_OF_MEMBER = 6  # who asks, the shelf, the balance, the week and its caps, the box
MEMBER_PAGES = {
    "/": HOME_OF_MEMBER,
    "/products": LIST,
    "/products?q=咖啡": LIST,
    "/products?sort=points&reach=mine": LIST,
    "/products/{slug}": PRODUCT + 1,  # and who asks
    "/draws": OWN,
    "/draws/weekend": DRAW,
    "/draws/weekend/fairness": DRAW + 3,
    "/signin": OWN,
    "/cart": OWN,
    "/checkout?sku={sku}": OWN,
    "/products/{slug}/redemption": OWN
    + 2,  # a checkout, the goods of the page and what the member usually does
    "/member": OWN,
    "/member/points": OWN,
    "/member/points?kind=earned": OWN,
    "/member/points/{entry}": OWN,
    "/member/points/expiring": OWN + 3,  # lots, holds, debts, a freeze, goods, and every published version
    "/member/orders": OWN,
    "/member/orders?state=paid": OWN,
    "/orders/{number}": OWN,
    "/orders/{number}/cancellation": REFUND,
    "/pay/{token}": OWN,
    "/member/favourites": OWN,
    "/member/notifications": OWN,
    "/member/addresses": OWN,
    "/member/settings": OWN,
    "/codes": OWN,
    "/invite": OWN,
    "/coupons": OWN,
    "/member/coupons": OWN,
    "/member/coupons/automatic": OWN,
    "/member/tier": OWN,
    "/rules": OWN,
}
MERCHANT_PAGES = {
    "/merchant": BACK_OFFICE + 7,  # no list: it draws the figures of every part of the shop
    "/merchant/products": BACK_OFFICE + 1,  # and what the shelf says a point is worth
    "/merchant/products?q=咖啡": BACK_OFFICE + 1,
    "/merchant/products/1": BACK_OFFICE + 2,
    "/merchant/categories": BACK_OFFICE,
    "/merchant/stores": BACK_OFFICE,
    "/merchant/purchases": BACK_OFFICE,
    "/merchant/orders": BACK_OFFICE,
    "/merchant/orders?state=paid": BACK_OFFICE,
    "/merchant/orders/{number}": BACK_OFFICE,
    "/merchant/orders/{number}/refund": BACK_OFFICE + 1,  # and whether its rules let shortages go
    "/merchant/members": BACK_OFFICE,
    "/merchant/members?q=林": BACK_OFFICE,
    "/merchant/members/{member}": ALL_ROUND,
    "/merchant/members/{member}?tab=lots": ALL_ROUND,
    "/merchant/members/{member}?tab=orders": ALL_ROUND,
    "/merchant/members/{member}?tab=coupons": ALL_ROUND,
    "/merchant/rulebook": BACK_OFFICE,
    "/merchant/draws": BACK_OFFICE,
    "/merchant/coupons": BACK_OFFICE,
    "/merchant/coupons/1": BACK_OFFICE,
    "/merchant/codes": BACK_OFFICE,
    "/merchant/codes/1": BACK_OFFICE,
    "/merchant/referrals": BACK_OFFICE,
    "/merchant/gifts": BACK_OFFICE,
    "/merchant/draws/1": BACK_OFFICE,
    "/merchant/signin": BACK_OFFICE,
    "/merchant/staff": BACK_OFFICE,
    "/merchant/audit": BACK_OFFICE,
    "/merchant/settings": BACK_OFFICE,
}
VISITOR_PAGES = {
    "/": KEPT,
    "/products": KEPT,
    "/products/{slug}": KEPT + 1,
    "/draws": OWN,
    "/rules": OWN,
    "/login": 1,
    "/register": 0,
}
FRAGMENTS = {
    "/products?q=咖啡": FRAGMENT,
    "/member/points?kind=earned": FRAGMENT,
    "/member/orders?state=paid": FRAGMENT,
    "/signin": OWN,
}


class Crowd:
    """Rows of every kind: ``fill(20)``, then ``fill(200)``."""

    def __init__(self, member_id: int) -> None:
        self.member_id = member_id
        self.count = 0
        self.category_id = make_category()
        _product_id, self.variant_id = make_product(points=100, cents=1990, on_hand=10_000)
        make_draw(SURE)
        make_template(is_automatic=True)
        _batch_id, self.codes = printed_batch(pieces=MANY)

    def fill(self, count: int) -> None:
        with transaction() as session:
            for _row in range(count - self.count):
                self._more(session, next(_numbers))
        for _row in range(count - self.count):
            self._much(next(_numbers))
        self.count = count

    def _more(self, session, number: int) -> None:
        """What can be written together."""
        session.execute(insert(Category).values(name=f"分类 {number}", slug=f"c-{number}"))
        session.execute(insert(Store).values(name=f"店 {number}", address="小河路"))
        session.execute(
            insert(Staff).values(
                email=f"{number}@shop.test", name="同事", role="cashier", password_hash="x", created_at=MONDAY
            )
        )
        phone = f"+86139{number:08d}"
        member_id = session.execute(
            insert(Member).values(
                phone_sealed=seal(phone), phone_index=blind_index(phone), phone_last4=phone[-4:], password_hash="x",
                name=f"林 {number}", tier_code="sprout", tier_since_at=MONDAY, joined_at=MONDAY,
            ).returning(Member.id)
        ).scalar_one()  # fmt: skip
        accounts.open_account(member_id)
        refused = {"state": "refused", "refused_for": "same_device", "bound_at": MONDAY}
        session.execute(insert(Referral).values(referrer_id=self.member_id, friend_id=member_id, **refused))
        audit.record(staff_id=None, action="stores.save", subject=f"store:{number}", now=MONDAY)

    def _much(self, number: int) -> None:
        """What takes a use case each."""
        product_id, variant_id = make_product(title=f"咖啡 {number}", category_id=self.category_id)
        watch(self.member_id, db.session.get_one(Product, product_id).slug, "favourite", MONDAY)
        if number % 5 == 0:
            add_to_cart(self.member_id, sku_of(variant_id), 1, MONDAY)
        give_points(self.member_id, 200)
        buy(self.member_id, self.variant_id, way="pickup", store_id=1, key=f"crowd-{number:012d}")
        give_coupon(self.member_id, make_template(is_automatic=True, spend_cents_min=90_000_000))
        code, *self.codes = self.codes
        an_hour = MONDAY - timedelta(hours=number)
        redeem_code(self.member_id, code, key=f"crowd-{number:04d}", place="here", now=an_hour)
        tell_member(self.member_id, "welcome", f"crowd:{number}", {}, None, MONDAY)


@pytest.fixture
def member_id(app, clock) -> int:
    member_id = make_member(points=100_000, joined_at=MONDAY - timedelta(days=40))
    make_store()
    return member_id


@pytest.fixture
def crowd(member_id) -> Crowd:
    return Crowd(member_id)


def names(crowd: Crowd) -> dict[str, object]:
    """What stands in the addresses."""
    first = db.session.execute(select(Product.slug).order_by(Product.id)).scalars().first()
    order = db.session.execute(select(Order.number).order_by(Order.id)).scalars().first()
    entry = db.session.execute(select(PointsEntry.id).order_by(PointsEntry.id)).scalars().first()
    return {
        "slug": first,
        "sku": sku_of(crowd.variant_id),
        "number": order,
        "entry": entry,
        "member": crowd.member_id,
    }


def counts(
    client: FlaskClient, pages: dict[str, int], known: dict[str, object], *, fragment: bool = False
) -> dict[str, int]:
    """How often each page asks when it is asked for the second time."""
    found = {}
    ask: Callable[..., object] = client.fragment if fragment else client.get  # type: ignore[attr-defined]
    for page in pages:
        path = page.format(**known)
        assert ask(path).status_code == 200, path  # type: ignore[attr-defined]
        with counted_statements() as statements:
            ask(path)
        found[page] = sum(each != "BEGIN" for each in statements)
    return found


@pytest.mark.only_on("sqlite")  # the same code asks the same on both
def test_pages_ask_as_often_for_many_rows_as_for_few_and_keep_their_budgets(
    crowd, as_member, as_staff, client
):
    crowd.fill(FEW)
    unpaid = place(crowd.member_id, crowd.variant_id, way="pickup", store_id=1, key="not-paid-for-yet")
    known = {**names(crowd), "token": unpaid.payment_token}
    db.session.remove()
    everybody = (
        (as_member(crowd.member_id), MEMBER_PAGES, False),
        (as_staff("owner"), MERCHANT_PAGES, False),
        (client, VISITOR_PAGES, False),
        (as_member(crowd.member_id), FRAGMENTS, True),
    )
    few = [counts(browser, pages, known, fragment=fragment) for browser, pages, fragment in everybody]

    crowd.fill(MANY)
    many = [counts(browser, pages, known, fragment=fragment) for browser, pages, fragment in everybody]

    assert many == few
    dear = {
        page: f"{asked} instead of {pages[page]}"
        for (_browser, pages, _fragment), found in zip(everybody, many, strict=True)
        for page, asked in found.items()
        if asked > pages[page]
    }
    assert not dear, "\n".join(f"{page}: {how}" for page, how in dear.items())


def test_an_order_asks_as_often_for_many_batches_of_points_as_for_one(app, clock):
    _product_id, variant_id = make_product(points=900, on_hand=10_000, kind="virtual")

    def asked(batches: list[int]) -> int:
        member_id = make_member()
        for points in batches:
            give_points(member_id, points)
        ask = Ask(sku=sku_of(variant_id))
        wish = wish_for(member_id, ask)
        with counted_statements() as statements:
            place_order(member_id, wish, f"of-{len(batches):04d}-batches", MONDAY)
        return sum(each != "BEGIN" for each in statements)

    assert asked([900]) == asked([30] * 30) <= ORDER
