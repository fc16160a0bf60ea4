"""The shop's two colours: any hue may be chosen, the contrast holds all the same.

The design says how light and how strong each tone is; equal lightness is not equal brightness for the eye, so a hue may
need its tone a little darker.  Contrast is that of WCAG 2, for colours as screens show them: out of their reach either
clipped or paled, whichever is worse.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

BRAND_HUE, SPARK_HUE = 165, 41
"""Celadon and persimmon: what the design comes with."""

HUES = range(360)
TEXT = 4.5
ROUNDING = 0.06
"""Screens round each part of a colour to one of 256 steps."""
STEP = 0.001


@dataclass(frozen=True, slots=True)
class Tone:
    """Lightness from 0 to 1, chroma, and hue in degrees (OKLCH)."""

    lightness: float
    chroma: float
    hue: float


WHITE = Tone(1, 0, 0)
PAPER = Tone(0.979, 0.006, 115)
FAINT_INK = Tone(0.515, 0.02, 165)
BUTTON, DEEP = Tone(0.573, 0.172, SPARK_HUE), Tone(0.535, 0.165, SPARK_HUE)
PLATE, SOFT = Tone(0.925, 0.026, BRAND_HUE), Tone(0.957, 0.026, SPARK_HUE)
SOFT_TURN = 14


@dataclass(frozen=True, slots=True)
class Theme:
    """Two hues, and the lightness (in thousandths) of the tones that text stands on or is written in."""

    brand_hue: int
    spark_hue: int
    button_permille: int
    deep_permille: int
    plate_permille: int

    @property
    def is_plain(self) -> bool:
        """Whether this is what the design comes with."""
        return (self.brand_hue, self.spark_hue) == (BRAND_HUE, SPARK_HUE)


@lru_cache(maxsize=64)
def theme_of(brand_hue: int, spark_hue: int) -> Theme:
    """The tones of two hues: as the design has them, but no lighter than text can be read on or in."""
    plate = _raised(_turned(PLATE, brand_hue), FAINT_INK)
    button = _lowered(_turned(BUTTON, spark_hue), (WHITE,))
    grounds = (WHITE, PAPER, plate, _turned(SOFT, spark_hue + SOFT_TURN))
    deep = _lowered(_turned(DEEP, spark_hue), grounds)
    return Theme(brand_hue, spark_hue, _permille(button), _permille(deep), _permille(plate))


def contrast(one: Tone, other: Tone) -> float:
    """The worst contrast that a screen may show between two tones."""
    return min(_ratio(a, b) for a in _luminances(one) for b in _luminances(other))


def _turned(tone: Tone, hue: float) -> Tone:
    return Tone(tone.lightness, tone.chroma, hue % 360)


def _lowered(ink: Tone, grounds: tuple[Tone, ...]) -> Tone:
    while min(contrast(ink, ground) for ground in grounds) < TEXT + ROUNDING:
        ink = Tone(ink.lightness - STEP, ink.chroma, ink.hue)
    return ink


def _raised(ground: Tone, ink: Tone) -> Tone:
    while contrast(ground, ink) < TEXT + ROUNDING:
        ground = Tone(ground.lightness + STEP, ground.chroma, ground.hue)
    return ground


def _permille(tone: Tone) -> int:
    return round(tone.lightness * 1000)


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


@lru_cache(maxsize=4096)
def _luminances(tone: Tone) -> tuple[float, float]:
    """As a screen clips the colour, and as it pales it until it fits."""
    paled = tone
    while paled.chroma > 0 and not all(-1e-4 <= part <= 1 + 1e-4 for part in _linear(paled)):
        paled = Tone(paled.lightness, max(0, paled.chroma - 0.002), paled.hue)
    return _luminance(tone), _luminance(paled)


def _luminance(tone: Tone) -> float:
    red, green, blue = (min(1, max(0, part)) for part in _linear(tone))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(tone: Tone) -> tuple[float, float, float]:
    """Linear sRGB of a tone (Björn Ottosson's OKLab)."""
    a = tone.chroma * math.cos(math.radians(tone.hue))
    b = tone.chroma * math.sin(math.radians(tone.hue))
    long = (tone.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (tone.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (tone.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
