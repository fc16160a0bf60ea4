"""Pictures of a product: added, put in order, taken away.  The first one is what lists show."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from shop.adapters.pictures import EncodedPicture, encode_picture
from shop.adapters.storage import storage
from shop.books import audit
from shop.errors import NotFound, PicturesFull
from shop.extensions import db
from shop.models import Picture, Product
from shop.transaction import transaction

PICTURES_MAX = 9
QUIET = {"synchronize_session": False}


def add_pictures(
    product_id: int, files: Sequence[bytes], staff_id: int | None, now: datetime
) -> tuple[str, ...]:
    """Re-encode files and hang them behind the product's other pictures.  Returns their keys.

    One bad file refuses all of them: PictureRefused, PicturesFull, NotFound; nothing is written then.
    """
    encoded = [encode_picture(raw) for raw in files]
    named = [(_keep(picture), picture) for picture in encoded]
    with transaction() as session:
        count = _lock(product_id)
        if count + len(named) > PICTURES_MAX:
            raise PicturesFull(PICTURES_MAX)
        last = session.scalar(select(func.max(Picture.position)).where(Picture.product_id == product_id)) or 0
        for place, (key, picture) in enumerate(named, last + 1):
            session.add(
                Picture(
                    product_id=product_id, key=key, position=place, width=picture.width, height=picture.height
                )
            )
        session.flush()
        _show_first(product_id, now)
        after = {"added": [key for key, _picture in named]}
        audit.record(
            staff_id=staff_id,
            action="product.add_pictures",
            subject=f"product:{product_id}",
            now=now,
            after=after,
        )
    return tuple(key for key, _picture in named)


def show_picture_first(product_id: int, picture_id: int, staff_id: int, now: datetime) -> None:
    """Let this picture lead.  A repeat changes nothing.  Raises NotFound."""
    with transaction() as session:
        _lock(product_id)
        _existing(product_id, picture_id)
        first = (
            session.scalar(select(func.min(Picture.position)).where(Picture.product_id == product_id)) or 0
        )
        session.execute(
            update(Picture).where(Picture.id == picture_id).values(position=first - 1),
            execution_options=QUIET,
        )
        _show_first(product_id, now)
        after = {"picture": picture_id}
        audit.record(
            staff_id=staff_id,
            action="product.order_pictures",
            subject=f"product:{product_id}",
            now=now,
            after=after,
        )


def remove_picture(product_id: int, picture_id: int, staff_id: int, now: datetime) -> None:
    """Take a picture away; its files stay for pages that are still open.  Raises NotFound."""
    with transaction() as session:
        _lock(product_id)
        key = _existing(product_id, picture_id)
        session.execute(delete(Picture).where(Picture.id == picture_id), execution_options=QUIET)
        _show_first(product_id, now)
        audit.record(
            staff_id=staff_id,
            action="product.remove_picture",
            subject=f"product:{product_id}",
            now=now,
            before={"picture": key},
        )


def _keep(picture: EncodedPicture) -> str:
    """Write the files under a name of our own."""
    key = f"p-{secrets.token_hex(16)}"
    for width, content in picture.files.items():
        storage().put(f"{key}-{width}.webp", content)
    return key


def _lock(product_id: int) -> int:
    """Let changes of one product's pictures wait for each other.  Returns how many there are."""
    found = db.session.scalar(select(Product.id).where(Product.id == product_id).with_for_update())
    if found is None:
        raise NotFound
    count = db.session.scalar(select(func.count()).where(Picture.product_id == product_id))
    return count or 0


def _existing(product_id: int, picture_id: int) -> str:
    mine = select(Picture.key).where(Picture.id == picture_id, Picture.product_id == product_id)
    key = db.session.scalar(mine)
    if key is None:
        raise NotFound
    return key


def _show_first(product_id: int, now: datetime) -> None:
    first = (
        select(Picture.key)
        .where(Picture.product_id == product_id)
        .order_by(Picture.position, Picture.id)
        .limit(1)
        .scalar_subquery()
    )
    statement = update(Product).where(Product.id == product_id).values(picture_key=first, updated_at=now)
    db.session.execute(statement, execution_options=QUIET)
