"""Whatever hues a merchant chooses, what is written in them and on them can be read."""

import pytest

from shop.rules.merchant.colours import (
    BRAND_HUE,
    FAINT_INK,
    PAPER,
    SPARK_HUE,
    TEXT,
    WHITE,
    Tone,
    contrast,
    theme_of,
)


@pytest.mark.parametrize("hue", range(0, 360, 7))
def test_every_hue_can_be_read(hue):
    theme = theme_of((hue * 5) % 360, hue)
    button = Tone(theme.button_permille / 1000, 0.172, hue)
    deep = Tone(theme.deep_permille / 1000, 0.165, hue)
    plate = Tone(theme.plate_permille / 1000, 0.026, theme.brand_hue)

    assert contrast(WHITE, button) >= TEXT
    assert min(contrast(deep, ground) for ground in (WHITE, PAPER, plate)) >= TEXT
    assert contrast(FAINT_INK, plate) >= TEXT


def test_the_design_wears_no_stylesheet_of_its_own():
    assert theme_of(BRAND_HUE, SPARK_HUE).is_plain
    assert not theme_of(BRAND_HUE, 42).is_plain


def test_contrast_is_that_of_the_guideline():
    assert round(contrast(WHITE, Tone(0, 0, 0)), 6) == 21
    assert contrast(PAPER, PAPER) == 1
