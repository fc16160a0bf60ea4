"""Setting a new shop up: its name, its colours, the first thing on the shelf."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from shop.adapters.pictures import EncodedPicture, encode_picture
from shop.adapters.storage import storage
from shop.books import audit, stock
from shop.errors import InvalidInput
from shop.extensions import db
from shop.models import Category, Picture, Product, ShopSettings, Variant
from shop.transaction import after_commit, transaction

THE_SHOP = 1
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class FirstProduct:
    """Something for points.  ``picture`` is the content of a file."""

    title: str
    price_points: int
    units: int
    picture: bytes


def save_name(name: str, slogan: str, *, staff_id: int, now: datetime) -> None:
    """Call the shop by a name, from the next page on and everywhere.  A repeat writes the same."""
    _save("shop.save_name", {"name": name, "slogan": slogan}, staff_id, now)


def save_colours(brand_hue: int, spark_hue: int, *, staff_id: int, now: datetime) -> None:
    """Give the shop its two hues, in degrees from 0 to 359.  Raises InvalidInput."""
    if not (0 <= brand_hue < 360 and 0 <= spark_hue < 360):
        raise InvalidInput
    _save("shop.save_colours", {"brand_hue": brand_hue, "spark_hue": spark_hue}, staff_id, now)


def leave_setup(*, staff_id: int, now: datetime) -> None:
    """The merchant is done, or goes on another time: setting up opens by itself no more.  A repeat changes nothing."""
    _save("shop.leave_setup", {"left_setup_at": now}, staff_id, now)


def put_first_product(first: FirstProduct, *, staff_id: int, now: datetime, key: str) -> int:
    """Put a product with stock and a picture on sale, in the first category there is.  Returns its id.

    The same ``key`` again puts nothing there and returns the first.  Raises PictureRefused.
    """
    slug = f"p-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    encoded = encode_picture(first.picture)
    with transaction() as session:
        known = session.scalar(select(Product.id).where(Product.slug == slug))
        if known is not None:
            return known
        product_id = _write_product(first, slug, _keep(encoded), encoded, now)
        _write_variant(product_id, first, f"stock:{key}", staff_id, now)
        audit.record(
            staff_id=staff_id,
            action="product.create",
            subject=f"product:{product_id}",
            now=now,
            after={"title": first.title, "price_points": first.price_points, "units": first.units},
        )
    return product_id


def _save(action: str, values: Mapping[str, Any], staff_id: int, now: datetime) -> None:
    row = {**values, "updated_at": now, "updated_by_staff_id": staff_id}
    with transaction() as session:
        row_before = session.execute(select(ShopSettings.__table__).with_for_update()).one_or_none()
        before = row_before._asdict() if row_before else None
        if before is None:
            session.execute(insert(ShopSettings).values(id=THE_SHOP, **row))
        elif action == "shop.leave_setup" and before["left_setup_at"]:
            return
        else:
            session.execute(update(ShopSettings).values(row), execution_options=QUIET)
        audit.record(
            staff_id=staff_id,
            action=action,
            subject="shop:0",
            now=now,
            before=_told(values, before),
            after=_told(values, values),
        )
        after_commit(_wake_other_processes)


def _told(names: Mapping[str, Any], row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the audit row shows."""
    shown = [name for name in names if name != "left_setup_at"]
    return {name: row[name] for name in shown} if row and shown else None


def _wake_other_processes() -> None:
    """Every process of this machine keeps name and colours until this file is younger; others look once a minute."""
    with suppress(OSError):  # a folder that nobody may write to: everybody looks once a minute then
        Path(current_app.config["FACE_STAMP"]).touch()


def _keep(picture: EncodedPicture) -> str:
    key = f"p-{hashlib.sha256(b''.join(picture.files.values())).hexdigest()[:32]}"
    for width, content in picture.files.items():
        storage().put(f"{key}-{width}.webp", content)
    return key


def _write_product(first: FirstProduct, slug: str, key: str, picture: EncodedPicture, now: datetime) -> int:
    values = {
        "slug": slug,
        "title": first.title,
        "kind": "physical",
        "state": "on_sale",
        "category_id": _first_category(),
        "price_points_from": first.price_points,
        "price_cents_from": 0,
        "picture_key": key,
        "created_at": now,
        "updated_at": now,
        "published_at": now,
    }
    product_id = int(db.session.execute(insert(Product).values(values).returning(Product.id)).scalar_one())
    hung = {
        "product_id": product_id,
        "key": key,
        "position": 1,
        "width": picture.width,
        "height": picture.height,
    }
    db.session.execute(insert(Picture).values(hung))
    return product_id


def _write_variant(
    product_id: int, first: FirstProduct, reference: str, staff_id: int, now: datetime
) -> None:
    values = {
        "product_id": product_id,
        "sku": f"SF-{product_id:06d}",
        "price_points": first.price_points,
        "price_cents": 0,
    }
    variant_id = int(db.session.execute(insert(Variant).values(values).returning(Variant.id)).scalar_one())
    stock.open_level(variant_id)
    stock.receive(variant_id, first.units, reference, now, staff_id=staff_id)


def _first_category() -> int:
    known = db.session.scalar(select(Category.id).order_by(Category.position, Category.id).limit(1))
    if known is not None:
        return known
    row = {"name": _("好物"), "slug": "goods"}
    return int(db.session.execute(insert(Category).values(row).returning(Category.id)).scalar_one())
