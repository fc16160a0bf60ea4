"""Pictures of goods in templates: the right file for a place, and something kind where a product has none yet."""

from collections.abc import Callable

from flask import Flask, current_app

from shop.queries.catalogue import pictures

FALLBACK = "images/finds/parcel.webp"
HUE_STEP = 5


def init_pictures(app: Flask) -> None:
    app.jinja_env.globals.update(picture_url=picture_url, picture_set=picture_set, picture_hue=picture_hue)


def picture_url(key: str | None, width: int = 256) -> str:
    """The address of a picture in a width of 256, 512 or 1024; a parcel when there is no picture."""
    if key is None:
        asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
        return asset(FALLBACK)
    return pictures.picture_url(key, width)


def picture_set(key: str | None, *widths: int) -> str:
    """The value of ``srcset`` for these widths; empty when there is no picture."""
    return (
        "" if key is None else ", ".join(f"{pictures.picture_url(key, width)} {width}w" for width in widths)
    )


def picture_hue(key: str | None, number: int) -> int | None:
    """A picture brings its own ground; the parcel that stands in for one gets a hue by its product's number."""
    return None if key else number * 47 % 360 // HUE_STEP * HUE_STEP
