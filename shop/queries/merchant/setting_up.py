"""How far the shop is set up, and what it is called."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from shop.extensions import db
from shop.models import Member, Product, RulebookVersion, ShopSettings

STORED = select(
    ShopSettings.name,
    ShopSettings.slogan,
    ShopSettings.brand_hue,
    ShopSettings.spark_hue,
)
STANDING = select(
    exists().select_from(Member).label("has_members"),
    exists().select_from(Product).label("has_products"),
    select(func.count()).select_from(RulebookVersion).scalar_subquery().label("versions"),
)
ANYTHING = select(
    exists().select_from(ShopSettings) | exists().select_from(Member) | exists().select_from(Product)
)


@dataclass(frozen=True)
class StoredFace:
    """What the merchant has said about the shop; None and empty where nothing was said."""

    name: str | None = None
    slogan: str = ""
    brand_hue: int | None = None
    spark_hue: int | None = None


@dataclass(frozen=True)
class Progress:
    """Which steps of setting up are done."""

    done: frozenset[str]
    has_members: bool


def stored_face() -> StoredFace:
    """The shop's name and colours, read on a connection of its own: error pages ask, too."""
    with db.engine.connect() as connection:
        row = connection.execute(STORED).one_or_none()
    if row is None:
        return StoredFace()
    return StoredFace(row.name, row.slogan, row.brand_hue, row.spark_hue)


def is_untouched() -> bool:
    """Whether nobody has begun anything here: then setting up opens by itself."""
    return not db.session.scalar(ANYTHING)


def progress() -> Progress:
    """How far setting up is, read off what there is."""
    face, row = db.session.execute(STORED).one_or_none(), db.session.execute(STANDING).one()
    done = {
        "name": face is not None and face.name is not None,
        "colours": face is not None and face.brand_hue is not None,
        "rules": row.versions > 1,
        "product": row.has_products,
    }
    return Progress(frozenset(step for step, is_done in done.items() if is_done), row.has_members)
