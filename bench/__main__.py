"""``python -m bench``: measure everything once and print one table.  ``--check`` ends with 1 when a budget is broken."""

import argparse
import sys

from bench.demo_copy import open_copy
from bench.pages import measure_pages
from bench.table import print_table
from bench.throughput import measure_throughput


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
    return 1 if arguments.check and broken else 0


if __name__ == "__main__":
    sys.exit(main())
