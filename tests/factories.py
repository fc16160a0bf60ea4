"""Things a story needs, made through the books where a book exists.  Every function is its own transaction."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import insert, select

from shop.books import stock
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.crypto import blind_index, seal
from shop.models import Category, Member, Product, RulebookVersion, Staff, Store, Variant
from shop.rules.rulebook import DEFAULT_RULEBOOK, Rulebook, SourceClass, rulebook_document
from shop.services.members.passwords import hash_password
from shop.transaction import transaction

MONDAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # noon of Monday, 2 March 2026 in Shanghai
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "shifen-demo"

_numbers = itertools.count(1)

AT_ONCE = replace(DEFAULT_RULEBOOK, earning=replace(DEFAULT_RULEBOOK.earning, wait_days=0))
"""The default rulebook without waiting days: points can be spent the moment they are earned."""


def make_rulebook(rulebook: Rulebook = AT_ONCE, *, effective_at: datetime = LONG_AGO) -> int:
    """Publish a rulebook and return its version."""
    with transaction() as session:
        row = {
            "document": rulebook_document(rulebook),
            "effective_at": effective_at,
            "published_at": effective_at,
        }
        return int(
            session.execute(insert(RulebookVersion).values(row).returning(RulebookVersion.id)).scalar_one()
        )


def ensure_rulebook() -> None:
    """Publish the default rulebook unless the story already has one."""
    with transaction() as session:
        known = session.scalar(select(RulebookVersion.id).limit(1))
    if known is None:
        make_rulebook()


def make_member(
    *,
    points: int = 0,
    phone: str | None = None,
    name: str = "林小满",
    now: datetime = MONDAY,
    **values: object,
) -> int:
    """A member with a points account and, if asked, granted points.  Password: ``PASSWORD``."""
    ensure_rulebook()
    number = phone or f"+86138{next(_numbers):08d}"
    row = {
        "phone_sealed": seal(number),
        "phone_index": blind_index(number),
        "phone_last4": number[-4:],
        "password_hash": hash_password(PASSWORD),
        "name": name,
        "tier_code": "sprout",
        "tier_since_at": now,
        "joined_at": now,
    }
    with transaction() as session:
        member_id = int(
            session.execute(insert(Member).values({**row, **values}).returning(Member.id)).scalar_one()
        )
        accounts.open_account(member_id)
    if points:
        give_points(member_id, points, now=now)
    return member_id


def give_points(
    member_id: int,
    points: int,
    *,
    now: datetime = MONDAY,
    source_class: SourceClass = "grant",
    reference: str = "",
) -> int:
    """Grant points, as a lot with the expiry of its class.  Returns the entry."""
    with transaction():
        line = Line("grant", "issued", reference or f"test-grant:{next(_numbers)}", source_class=source_class)
        return entries.earn(member_id, points, line, occasion_at(now))


def make_product(
    *,
    points: int = 680,
    cents: int = 0,
    on_hand: int = 10,
    title: str = "手冲咖啡豆",
    kind: str = "physical",
    now: datetime = MONDAY,
    variant: dict[str, object] | None = None,
    **values: object,
) -> tuple[int, int]:
    """A product on sale with one variant and stock.  Returns (product id, variant id)."""
    number = next(_numbers)
    row = {
        "slug": f"product-{number}",
        "title": title,
        "kind": kind,
        "state": "on_sale",
        "price_points_from": points,
        "price_cents_from": cents,
        "published_at": now,
        "created_at": now,
        "updated_at": now,
    }
    with transaction() as session:
        product_id = int(
            session.execute(insert(Product).values({**row, **values}).returning(Product.id)).scalar_one()
        )
        price = {
            "product_id": product_id,
            "sku": f"SKU-{number}",
            "price_points": points,
            "price_cents": cents,
        }
        statement = insert(Variant).values({**price, **(variant or {})}).returning(Variant.id)
        variant_id = int(session.execute(statement).scalar_one())
        stock.open_level(variant_id)
        if on_hand:
            stock.receive(variant_id, on_hand, f"test-stock:{number}", now)
    return product_id, variant_id


def make_category(name: str = "喝的", slug: str | None = None) -> int:
    with transaction() as session:
        row = {"name": name, "slug": slug or f"category-{next(_numbers)}"}
        return int(session.execute(insert(Category).values(row).returning(Category.id)).scalar_one())


def make_store(name: str = "小河路店") -> int:
    with transaction() as session:
        row = {"name": name, "address": "小河路 12 号"}
        return int(session.execute(insert(Store).values(row).returning(Store.id)).scalar_one())


def make_staff(role: str = "owner", *, email: str | None = None, now: datetime = MONDAY) -> int:
    """A member of staff.  Password: ``PASSWORD``."""
    row = {
        "email": email or f"{role}-{next(_numbers)}@shop.test",
        "name": role,
        "role": role,
        "password_hash": hash_password(PASSWORD),
        "created_at": now,
    }
    with transaction() as session:
        return int(session.execute(insert(Staff).values(row).returning(Staff.id)).scalar_one())
