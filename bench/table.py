"""The one table that the benchmarks print."""

from bench.pages import Page
from bench.throughput import Throughput

TOLERANCE = 1.3
LINE = "{:<26} {:>7} {:>7} {:>8} {:>7} {:>8} {:>8} {:>8}  {}"


def print_table(constant_ns: float, pages: list[Page], throughputs: list[Throughput]) -> int:
    """Print everything; returns how many budgets are broken by more than the tolerance."""
    print(
        f"C0, a constant answer: {constant_ns / 1e6:.3f} ms of CPU; ratios are medians of interleaved rounds"
    )
    print(LINE.format("page or action", "ms", "x C0", "budget", "queries", "budget", "bytes", "budget", ""))
    broken = 0
    for page in pages:
        ratio = page.median_ns / constant_ns
        remarks = _remarks(page, ratio)
        broken += len(remarks)
        allowed = page.budget
        print(
            LINE.format(
                page.name,
                f"{page.median_ns / 1e6:.2f}",
                f"{ratio:.1f}",
                allowed.ratio,
                page.queries,
                allowed.queries,
                page.wire_bytes,
                allowed.wire_bytes or "",
                " ".join(remarks),
            )
        )
    print()
    print("throughput, one thread     a second  bare SQL a second  of bare  statements")
    for each in throughputs:
        print(
            f"{each.name:<26} {each.a_second:>8.0f} {each.bare_a_second:>18.0f} "
            f"{each.percent_of_bare:>7.0f}% {each.statements:>11}"
        )
    print()
    print(
        f"{broken} budgets are broken (CPU counts from {TOLERANCE} times on)"
        if broken
        else "every budget is kept"
    )
    return broken


def _remarks(page: Page, ratio: float) -> list[str]:
    """What is too much: CPU beyond the tolerance; statements and bytes beyond the budget, for they do not vary."""
    remarks = []
    if ratio > page.budget.ratio * TOLERANCE:
        remarks.append(f"CPU {ratio / page.budget.ratio:.1f}x")
    if page.queries > page.budget.queries:
        remarks.append(f"QUERIES +{page.queries - page.budget.queries}")
    if page.budget.wire_bytes and page.wire_bytes > page.budget.wire_bytes:
        remarks.append(f"BYTES {page.wire_bytes / page.budget.wire_bytes:.1f}x")
    return remarks
