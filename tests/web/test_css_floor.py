"""The stylesheets against the browser floor (Safari 15.4, Chrome 111 and the WebViews of their age) and house rules."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shop.web.bundles import COMMENT, STRING, value_utilities

STATIC = Path(__file__).parents[2] / "shop" / "static"
FILES = sorted((STATIC / "css").rglob("*.css"))
SCHEMES = ("light", "dark")

ABOVE_THE_FLOOR = {
    r"light-dark\(": "light-dark() is Safari 17.5, Chrome 123: write var(--light, A) var(--dark, B) in tokens.css",
    r"color-mix\(": "color-mix() is Safari 16.2: add a token with its opacity in the name",
    r"\(from ": "relative colours are Safari 16.4, Chrome 119: add a token",
    r"@container|container-type": "container queries are Safari 16: use @media",
    r"@scope|@property|@layer [a-z]+\.": "above the floor",
    r":popover-open|anchor-name|position-anchor": "popovers are Safari 17: use :target or a dialog",
    r"(?<![\w-])(mod|rem|round|sign|abs|if)\(": "Chrome 125 and later: compute it ahead",
    r"subgrid|field-sizing|interpolate-size|calc-size": "above the floor",
    r"\((width|height) ?[<>]": "media ranges are Safari 16.4: write min-width, max-width",
    r"&": "nesting is Safari 16.5, Chrome 112: write flat rules",
    r"oklch\(\.?\d[\d.]*\s": "Safari 15.4 wants the lightness as a percentage",
}
HOUSE_RULES = {
    r"!important": "no !important",
    r"(^|[\s,>+~])#[a-z]": "no ids in selectors",
}
RAW_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|color)\(|oklch\((?!var\(--ground-)", re.IGNORECASE
)
GUARDED = {"allow-discrete": "transition-behavior", "linear(0": "transition-timing-function"}
NEEDS_PREFIX = ("backdrop-filter", "mask", "user-select")
TEXT_ON_GROUND = [
    *[(ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("paper", "surface", "sunken", "plate")],
    ("on-pine", "pine"), ("on-spark", "spark-btn"), ("pine", "plate"), ("pine", "plate-2"), ("paper", "rose"),
    ("spark-deep", "spark-soft"), ("spark-deep", "surface"), ("spark-deep", "paper"), ("leaf", "surface"),
    ("leaf", "leaf-soft"), ("honey", "honey-soft"), ("rose", "rose-soft"), ("lake", "lake-soft"), ("rose", "surface"),
    ("on-tier-1", "tier-1"), ("on-tier", "tier-2"), ("on-tier", "tier-3"), ("on-tier", "tier-4"),
]  # fmt: skip
CONTROL_ON_GROUND = [("line-2", "surface"), ("line-2", "paper"), ("leaf", "paper"), ("spark", "surface")]


def bare(text: str) -> str:
    """The rules without comments and quoted text."""
    return STRING.sub('""', COMMENT.sub("", text))


def name_of(path: Path) -> str:
    return path.relative_to(STATIC).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_stylesheet_keeps_to_the_floor(path):
    rules = bare(path.read_text())

    faults = [
        why
        for pattern, why in (ABOVE_THE_FLOOR | HOUSE_RULES).items()
        if re.search(pattern, rules, re.MULTILINE)
    ]

    assert not faults, faults


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_newer_features_have_a_fallback(path):
    rules = bare(path.read_text())

    for name in NEEDS_PREFIX:
        for line in re.finditer(rf"^\s*({name}): (.*);$", rules, re.MULTILINE):
            before = rules[: line.start()].rstrip().splitlines()[-1]
            assert before.strip() == f"-webkit-{name}: {line.group(2)};", (
                f"{name} stands without -webkit-{name}"
            )
    for block in blocks(rules):
        for word, condition in GUARDED.items():
            guards = [
                parent for parent in block.parents if parent.startswith("@supports") and condition in parent
            ]
            assert word not in block.declarations or guards, f"{word} stands outside @supports"
    for selectors in re.findall(r"[^{};]*::view-transition[^{]*\{", rules):
        others = [part for part in selectors.rstrip("{").split(",") if "::view-transition" not in part]
        assert not others, "one unknown selector drops the whole list: keep view transitions apart"


@dataclass(frozen=True)
class Block:
    """A rule or an at-rule: its head, what stands around it, what it declares itself."""

    head: str
    parents: tuple[str, ...]
    declarations: str


def blocks(rules: str) -> Iterator[Block]:
    """Every block of a stylesheet, inner ones first."""
    open_heads: list[tuple[str, list[str]]] = [("", [])]
    for piece in re.findall(r"[^{};]*[{};]", rules):
        text, mark = piece[:-1].strip(), piece[-1]
        if mark == "{":
            open_heads.append((text, []))
            continue
        open_heads[-1][1].append(text)
        if mark == "}":
            head, declarations = open_heads.pop()
            yield Block(head, tuple(outer for outer, _ in open_heads[1:]), "; ".join(declarations))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_rules_are_flat_and_in_a_layer(path):
    rules = bare(path.read_text())

    nested = [
        block.head for block in blocks(rules) if not all(parent.startswith("@") for parent in block.parents)
    ]

    assert nested == []
    assert rules.count("{") == rules.count("}")
    assert path.read_text().startswith("/* ")
    assert "@layer" in rules
    assert len(path.read_text().splitlines()) <= 300


@pytest.mark.parametrize("path", [path for path in FILES if path.name != "tokens.css"], ids=name_of)
def test_colours_come_from_the_tokens(path):
    found = RAW_COLOUR.search(bare(path.read_text()))

    assert found is None, f"raw colour {found and found.group()}"


def test_every_custom_property_is_defined_or_has_a_fallback():
    text = "\n".join([*(bare(path.read_text()) for path in FILES), value_utilities()])
    defined = set(re.findall(r"(--[a-z0-9-]+):", text))

    used = set(re.findall(r"var\((--[a-z0-9-]+)\)", text))

    assert used - defined == set()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_in_both_schemes(scheme):
    colours = tokens(scheme)

    weak = {
        f"{ink} on {ground}": round(ratio, 2)
        for pairs, least in ((TEXT_ON_GROUND, 4.5), (CONTROL_ON_GROUND, 3.0))
        for ink, ground in pairs
        if (ratio := contrast(colours[ink], colours[ground])) < least
    }

    assert weak == {}


def test_both_schemes_are_complete():
    text = bare((STATIC / "css" / "tokens.css").read_text())

    halves = re.findall(r"--[a-z0-9-]+: (var\(--light,.*);", text)

    assert len(halves) > 40
    assert all(re.fullmatch(r"var\(--light, .*\) var\(--dark, .*\)", half) for half in halves)


Colour = tuple[float, float, float]


def tokens(scheme: str) -> dict[str, Colour]:
    """The opaque colours of one scheme, as linear red, green and blue."""
    text = bare((STATIC / "css" / "tokens.css").read_text())
    values: dict[str, str] = {}
    for name, value in re.findall(r"^\s*--([a-z0-9-]+): (.*);$", text, re.MULTILINE):
        both = re.fullmatch(r"var\(--light, (.*)\) var\(--dark, (.*)\)", value)
        values.setdefault(name, both.group(1 + SCHEMES.index(scheme)) if both else value)
    hues = {"spark-h": float(values["spark-h"]), "brand-h": float(values["brand-h"])}
    colours = {}
    for name, value in values.items():
        if found := re.fullmatch(r"oklch\(([\d.]+)% ([\d.]+) (.+)\)", value):
            colours[name] = linear_rgb(float(found[1]) / 100, float(found[2]), hue_of(found[3], hues))
    return colours


def hue_of(text: str, hues: dict[str, float]) -> float:
    numbers = re.sub(r"var\(--([a-z-]+)\)", lambda match: str(hues[match.group(1)]), text)
    return sum(float(number) for number in re.findall(r"[\d.]+", numbers.split("/")[0]))


def linear_rgb(lightness: float, chroma: float, hue: float) -> Colour:
    """OKLCH to linear sRGB (Ottosson's matrices), cut to the gamut."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    small = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * small
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * small
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * small
    return tuple(min(1.0, max(0.0, part)) for part in (red, green, blue))  # type: ignore[return-value]


def contrast(one: Colour, other: Colour) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted(
        (0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in (one, other)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)
