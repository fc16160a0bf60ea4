"""The geometry of the drawn charts: where each line, bar and slice stands in its SVG."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

TICKS = 4
LABELS_MAX = 5
LABELS_ON_A_PHONE = 4
STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Mark:
    """A text beside an axis, or a grid line with its text.  What is spare has no room on a phone."""

    text: str
    x: float
    y: float
    anchor: str = "middle"
    is_spare: bool = False


@dataclass(frozen=True)
class Line:
    """One series: the corners of its line, and of the area below it."""

    kind: str
    points: str
    area: str


@dataclass(frozen=True)
class LineChart:
    width: int
    height: int
    left: int
    base: int
    lines: tuple[Line, ...]
    ticks: tuple[Mark, ...]
    labels: tuple[Mark, ...]


@dataclass(frozen=True)
class Bar:
    kind: str
    x: float
    y: float
    width: float
    height: float
    value: Mark
    label: Mark


@dataclass(frozen=True)
class BarChart:
    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Slice:
    """A part of a ring whose length is 100."""

    number: int
    length: float
    start: float


def line_chart(labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]]) -> LineChart:
    """Lines over time.  Each series is its kind (``a`` leaf with an area, ``b`` persimmon) and its values, not negative."""
    width, height, left, base = 640, 220, 34, 190
    top_value = nice_ceiling(max((value for _, values in series for value in values), default=0))
    step = (width - left) / max(1, len(labels) - 1)

    def drawn(kind: str, values: Sequence[int]) -> Line:
        corners = [
            f"{left + place * step:.1f},{base - base * value / top_value:.1f}"
            for place, value in enumerate(values)
        ]
        last = left + (len(values) - 1) * step
        return Line(kind, " ".join(corners), " ".join((f"{left},{base}", *corners, f"{last:.1f},{base}")))

    ticks = tuple(
        Mark(short(top_value * tick / TICKS), left - 6, base - base * tick / TICKS, "end")
        for tick in range(TICKS, -1, -1)
    )
    return LineChart(
        width,
        height,
        left,
        base,
        tuple(drawn(kind, values) for kind, values in series),
        ticks,
        _spread(labels, left, step, height - 8),
    )


def bar_chart(labels: Sequence[str], values: Sequence[int]) -> BarChart:
    """One bar a label; the longest is marked.  Values are not negative."""
    width, height, base, tallest = 420, 210, 176, 150
    slot = width / max(1, len(values))
    bar_width = min(44.0, slot * 0.65)
    largest = max([*values, 1])

    def drawn(place: int, label: str, value: int) -> Bar:
        middle = slot * (place + 0.5)
        tall = max(2.0, tallest * value / largest) if value else 0.0
        return Bar(
            "b" if value == largest else "a",
            round(middle - bar_width / 2, 1),
            round(base - tall, 1),
            round(bar_width, 1),
            round(tall, 1),
            Mark(short(value), round(middle, 1), round(base - tall - 8, 1)),
            Mark(label, round(middle, 1), base + 22),
        )

    bars = (
        drawn(place, label, value) for place, (label, value) in enumerate(zip(labels, values, strict=True))
    )
    return BarChart(width, height, base, tuple(bars))


def ring(values: Sequence[int]) -> tuple[Slice, ...]:
    """Shares of a whole around a ring, in the order given; the first starts at the top."""
    total = sum(values) or 1
    lengths = [100 * value / total for value in values]
    starts = [0.0, *accumulate(lengths)]
    return tuple(
        Slice(number, round(length, 2), round(start, 2))
        for number, (length, start) in enumerate(zip(lengths, starts, strict=False), start=1)
    )


def nice_ceiling(value: float) -> float:
    """The next larger number that divides well into the ticks of an axis."""
    size = 1.0
    while size * STEPS[-1] * TICKS < value:
        size *= 10
    return next(size * step * TICKS for step in STEPS if size * step * TICKS >= value)


def short(value: float) -> str:
    """A number for the edge of a chart: 950, 2.5k, 212k, 1.2M."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if value >= unit:
            return (
                f"{value / unit:.1f}".removesuffix(".0") + name
                if value < 100 * unit
                else f"{value / unit:.0f}{name}"
            )
    return f"{value:g}"


def _spread(labels: Sequence[str], left: float, step: float, y: float) -> tuple[Mark, ...]:
    """As many labels below an axis as can be read, the first and the last among them."""
    if not labels:
        return ()
    last = len(labels) - 1
    count = min(LABELS_MAX, len(labels))
    places = sorted({round(last * number / max(1, count - 1)) for number in range(count)})
    anchors = {0: "start", last: "end"}
    is_crowded = len(places) > LABELS_ON_A_PHONE
    return tuple(
        Mark(
            labels[place],
            round(left + place * step, 1),
            y,
            anchors.get(place, "middle"),
            is_crowded and number % 2 == 1,
        )
        for number, place in enumerate(places)
    )
