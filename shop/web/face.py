"""The shop's own name and colours, on every page: read once, kept until a merchant changes them."""

import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from shop.queries.merchant.setting_up import StoredFace, stored_face
from shop.rules.merchant.colours import BRAND_HUE, SPARK_HUE, theme_of

KEPT_SECONDS = 60
"""How long another machine may show the name of before; a process of the same machine is told at once."""

STYLES = """:root{{--brand-h:{brand};--spark-h:{spark}}}
:root,[data-theme]{{
--plate:var(--light,oklch({plate}% .026 var(--brand-h))) var(--dark,oklch(26.2% .028 var(--brand-h)));
--plate-25:var(--light,oklch({plate}% .026 var(--brand-h) / 25%)) var(--dark,oklch(26.2% .028 var(--brand-h) / 25%));
--pine:var(--light,oklch(32.5% .045 calc(var(--brand-h) + 7))) var(--dark,oklch(90% .028 calc(var(--brand-h) - 5)));
--pine-18:var(--light,oklch(32.5% .045 calc(var(--brand-h) + 7) / 18%))
  var(--dark,oklch(90% .028 calc(var(--brand-h) - 5) / 18%));
--spark-btn:var(--light,oklch({button}% .172 var(--spark-h))) var(--dark,oklch(77.5% .138 calc(var(--spark-h) + 10)));
--spark-edge:var(--light,oklch({edge}% .172 var(--spark-h))) var(--dark,oklch(65.5% .138 calc(var(--spark-h) + 10)));
--spark-deep:var(--light,oklch({deep}% .165 var(--spark-h))) var(--dark,oklch(81.5% .115 calc(var(--spark-h) + 12)));
--spark-soft:var(--light,oklch(95.7% .026 calc(var(--spark-h) + 14))) var(--dark,oklch(29.5% .045 calc(var(--spark-h) + 4)));
}}
"""


@dataclass(frozen=True)
class Face:
    """What the shop is called, what it says of itself, and its colours."""

    name: str
    slogan: str
    brand_hue: int
    spark_hue: int

    @property
    def theme_address(self) -> str:
        """The stylesheet of its hues; nothing for those that the design comes with."""
        return (
            ""
            if theme_of(self.brand_hue, self.spark_hue).is_plain
            else theme_address(self.brand_hue, self.spark_hue)
        )


@dataclass(frozen=True)
class _Kept:
    face: Face
    stamp: int
    read_at: float


def theme_address(brand_hue: int, spark_hue: int) -> str:
    """Where the stylesheet of two hues lies.  It holds all that the sheet depends on, so it is kept for ever."""
    return f"/theme.css?v={brand_hue}-{spark_hue}"


def theme_styles(brand_hue: int, spark_hue: int) -> str:
    """The stylesheet: the two hues, and the tones that follow them."""
    theme = theme_of(brand_hue, spark_hue)
    return STYLES.format(
        brand=theme.brand_hue,
        spark=theme.spark_hue,
        plate=theme.plate_permille / 10,
        button=theme.button_permille / 10,
        edge=(theme.button_permille - 120) / 10,
        deep=theme.deep_permille / 10,
    )


def shop_face() -> Face:
    """The face as it is kept.  Without a database the last one that was known, or the one of the environment."""
    kept: _Kept | None = current_app.config.get("FACE_KEPT")
    stamp, moment = _stamp(), time.monotonic()
    if kept and kept.stamp == stamp and moment - kept.read_at < KEPT_SECONDS:
        return kept.face
    try:
        face = _worn(stored_face())
    except SQLAlchemyError:
        return kept.face if kept else _worn(StoredFace())
    current_app.config["FACE_KEPT"] = _Kept(face, stamp, moment)
    return face


def _worn(stored: StoredFace) -> Face:
    return Face(
        name=stored.name or current_app.config["SHOP_NAME"],
        slogan=stored.slogan,
        brand_hue=BRAND_HUE if stored.brand_hue is None else stored.brand_hue,
        spark_hue=SPARK_HUE if stored.spark_hue is None else stored.spark_hue,
    )


def _stamp() -> int:
    try:
        return Path(current_app.config["FACE_STAMP"]).stat().st_mtime_ns
    except OSError:
        return 0


def init_face(app: Flask) -> None:
    app.jinja_env.globals["shop_face"] = shop_face
