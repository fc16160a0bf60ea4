"""``python -m bench``: measure everything once and print one table.  ``--check`` ends with 1 when a budget is broken."""

import argparse
import sys

from bench import evaluation, expiry, growth, simulation
from bench.demo_copy import open_copy
from bench.pages import measure_pages
from bench.table import TOLERANCE, print_table
from bench.throughput import measure_throughput

GROWN_MEMBERS, LAPSED_LOTS, TOLD_MEMBERS = 20_000, 20_000, 200


def main() -> int:
    """Run the benchmarks; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="end with 1 when something is above 1.3 times its budget"
    )
    parser.add_argument("--rounds", type=int, default=40, help="how often each page is asked (default: 40)")
    arguments = parser.parse_args()
    with open_copy() as app:
        constant, pages = measure_pages(app, arguments.rounds)
    throughputs = measure_throughput()
    broken = print_table(constant, pages, throughputs)
    broken += _print_rules(constant)
    broken += _print_large_shops()
    return 1 if arguments.check and broken else 0


def _print_rules(constant_ns: float) -> int:
    """What it costs to decide a purchase.  Returns the broken budgets."""
    evaluated = evaluation.measure_evaluation()
    print()
    print("rules:", evaluation.told(evaluated, constant_ns))
    return not evaluated.is_within


def _print_large_shops() -> int:
    """What a shop costs when it has grown, at a size that a benchmark run has time for.  Returns the broken budgets."""
    pages = growth.measure_growth(GROWN_MEMBERS)
    print()
    print(growth.told(pages, GROWN_MEMBERS))
    print()
    print("expiry:", expiry.told(expiry.measure_expiry(LAPSED_LOTS)))
    simulated = simulation.measure_simulation(TOLD_MEMBERS)
    print("simulator:", simulation.told(simulated))
    print(
        "(python -m bench.growth --full, bench.expiry and bench.simulation measure the sizes of the budgets)"
    )
    return sum(page.ratio > growth.RATIO_MAX * TOLERANCE for page in pages) + (not simulated.is_within)


if __name__ == "__main__":
    sys.exit(main())
