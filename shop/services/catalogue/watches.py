"""Members who keep an eye on a product: as a favourite, or to hear when it is back."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.books import outbox
from shop.errors import NotFound, WatchesFull
from shop.extensions import db
from shop.models import Product, Watch
from shop.transaction import transaction

KINDS = ("favourite", "restock")
WATCHES_MAX = 500
QUIET = {"synchronize_session": False}


def watch(member_id: int, slug: str, kind: str, now: datetime) -> None:
    """Keep an eye on a product.  A repeat changes nothing.  Raises NotFound, and WatchesFull at the limit."""
    with transaction() as session:
        product_id = _product_id(slug)
        mine = select(func.count()).where(Watch.member_id == member_id, Watch.kind == kind)
        if (session.scalar(mine) or 0) >= WATCHES_MAX:
            raise WatchesFull(WATCHES_MAX)
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        row = {"member_id": member_id, "product_id": product_id, "kind": kind, "created_at": now}
        session.execute(dialect.insert(Watch).values(row).on_conflict_do_nothing())


def unwatch(member_id: int, slug: str, kind: str) -> None:
    """Let it go.  A repeat changes nothing.  Raises NotFound."""
    with transaction() as session:
        mine = (Watch.member_id == member_id, Watch.product_id == _product_id(slug), Watch.kind == kind)
        session.execute(delete(Watch).where(*mine), execution_options=QUIET)


def call_watchers(product_id: int, now: datetime) -> int:
    """A product is back: let go of everybody who waited, each with an event of their own.  Returns how many.

    A repeat finds nobody waiting.
    """
    with transaction() as session:
        waiting = (Watch.product_id == product_id, Watch.kind == "restock")
        statement = delete(Watch).where(*waiting).returning(Watch.id, Watch.member_id)
        ended = session.execute(statement, execution_options=QUIET).all()
        for watch_id, member_id in sorted((row.id, row.member_id) for row in ended):
            payload = {"member_id": member_id, "product_id": product_id, "watch_id": watch_id}
            outbox.put("stock_awaited", f"stock_awaited:{watch_id}", now, payload)
        return len(ended)


def _product_id(slug: str) -> int:
    product_id = db.session.scalar(select(Product.id).where(Product.slug == slug.replace("\0", "")))
    if product_id is None:
        raise NotFound
    return product_id
