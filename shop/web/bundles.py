"""What the browser is sent in place of many small source files: two stylesheets and one script."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

FIRST_STYLES = ("tokens.css", "reset.css", "base.css", "layout.css", "components/*.css")
LAST_STYLES = ("utilities.css",)
STYLESHEETS = {"storefront.css": "screens/*.css", "merchant.css": "merchant/*.css"}
# In order of use: a file may call what stands before it. `arrival` first, it tells the others of new elements.
SCRIPTS = (
    "arrival", "requests", "dialogs", "toasts", "countdown", "stepper", "points_slider", "hues", "draw", "code_input",
    "offline",
)  # fmt: skip

HUES = range(0, 360, 5)
PERCENTS = range(101)
GAPS = {
    "0": "0rem", "hair": ".125rem", "1": ".25rem", "s": ".375rem", "2": ".5rem", "3": ".75rem", "4": "1rem",
    "5": "1.25rem", "7": "1.75rem",
}  # fmt: skip
WIDTHS_QUARTER_REM = (6, 8, 9, 11, 14, 20, 42, 62)
WIDTHS_PERCENT = (30, 40, 50, 55, 60, 70, 80, 85)
SIZES_PX = (28, 36, 44)
TINTS = ("spark", "leaf", "honey", "rose", "lake", "amber", "sprout", "plate-2", "line-2", "pine")
LOTS = ("spark", "amber", "leaf", "lake", "plate-2", "line-2")
COLUMNS = {"s": "4.5rem", "m": "6.5rem", "l": "12rem"}

STRING = re.compile(r"\"[^\"]*\"|'[^']*'")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
QUOTED_OR_COMMENT = re.compile(f"{COMMENT.pattern}|{STRING.pattern}", re.DOTALL)
IMPORT = re.compile(r"^import .*$\n?", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


def stylesheet(folder: Path, name: str) -> str:
    """All rules of one bundle, small.  Layers keep the order of the files from mattering between folders."""
    patterns = (*FIRST_STYLES, STYLESHEETS[name], *LAST_STYLES)
    sources = [path.read_text() for pattern in patterns for path in sorted(folder.glob(pattern))]
    return small_css("\n".join([*sources, value_utilities()]))


def value_utilities() -> str:
    """Classes that carry a number: the content policy forbids style attributes, so pages write ``hue-70 v-68``."""
    rules = "\n".join(f".{name} {{ {declaration}; }}" for name, declaration in _value_rules())
    return f"@layer utilities {{\n{rules}\n}}\n"


def _value_rules() -> Iterator[tuple[str, str]]:
    yield from ((f"hue-{hue}", f"--h: {hue}") for hue in HUES)
    yield from ((f"v-{percent}", f"--v: {percent}%") for percent in PERCENTS)
    yield from ((f"gap-{name}", f"--gap: {size}") for name, size in GAPS.items())
    yield from ((f"w-{quarters}", f"inline-size: {quarters / 4:g}rem") for quarters in WIDTHS_QUARTER_REM)
    yield from ((f"w-p{percent}", f"inline-size: {percent}%") for percent in WIDTHS_PERCENT)
    yield from (("w-full", "inline-size: 100%"), ("w-form", "inline-size: min(100%, 26rem)"))
    yield from ((f"fs-{pixels}", f"font-size: {pixels / 16:g}rem") for pixels in SIZES_PX)
    yield from ((f"tint-{colour}", f"--c: var(--{colour})") for colour in TINTS)
    yield from ((f"lot-{number}", f"--c: var(--{colour})") for number, colour in enumerate(LOTS, start=1))
    yield from ((f"n-{count}", f"--n: {count}") for count in (2, 3, 4, 5))
    yield from ((f"col-{name}", f"--col: {size}") for name, size in COLUMNS.items())


def small_css(text: str) -> str:
    """The same rules without comments and idle white space; text in quotes stays as it is."""
    strings: list[str] = []

    def set_aside(match: re.Match[str]) -> str:
        if match.group().startswith("/*"):
            return ""
        strings.append(match.group())
        return f'"{len(strings) - 1}"'

    text = re.sub(r"\s+", " ", QUOTED_OR_COMMENT.sub(set_aside, text))
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    text = re.sub(r": (?=[^;{}]+[;}])", ":", text).replace(";}", "}")
    text = re.sub(r"(--light|--dark):(?=[;}])", r"\1: ", text)  # an empty value is a blank, not nothing
    return re.sub(r'"(\d+)"', lambda match: strings[int(match.group(1))], text).strip()


def script(folder: Path, names: Iterable[str] = SCRIPTS) -> str:
    """The modules as one file.  Each names only what it needs from the others, so their imports can go."""
    return "".join(small_js((folder / f"{name}.js").read_text()) for name in names)


def small_js(text: str) -> str:
    """A module without its comments, indents and module syntax."""
    text = EXPORT.sub("", IMPORT.sub("", COMMENT.sub("", text)))
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"{line}\n" for line in lines if line and not line.startswith("//"))
