"""The simulator on a long past: how long a draft takes to be tried on a hundred thousand things that happened.

``python -m bench.simulation`` tells a shop of 2,000 members ninety days of purchases, sign-ins, spendings and refunds, and
tries a draft with a handful of rules on them.  The time is that of reading the past and of both replays.
"""

import argparse
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import func, select

from bench.history import DAYS, told_shop
from shop import clock
from shop.extensions import db
from shop.models import PointsAccount
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    MultiplyEffect,
    PurchaseNumberCondition,
    Rule,
    Rulebook,
    ThresholdEffect,
    Times,
)
from shop.services.points.simulating import simulate

MEMBERS = 2_000
SECONDS_MAX = 20


@dataclass(frozen=True)
class Simulated:
    """What happened, what the replays made of it, and how long it took: on the clock, and of CPU alone."""

    happened: int
    seconds: float
    cpu_seconds: float

    @property
    def is_within(self) -> bool:
        """Whether the budget is kept; it is stated for 100,000 things that happened.  CPU varies less than the clock."""
        return self.cpu_seconds <= SECONDS_MAX * self.happened / 100_000


def measure_simulation(members: int, folder: Path | None = None) -> Simulated:
    """Try a draft on the whole past of a shop."""
    with told_shop(members, folder) as app, app.app_context():
        started, cpu_started = time.perf_counter(), time.process_time()
        comparison, happened = simulate(drafted(), DAYS + 1, clock.now())
        seconds, cpu_seconds = time.perf_counter() - started, time.process_time() - cpu_started
        held = db.session.scalar(select(func.sum(PointsAccount.balance_points)))
    assert comparison.document["live"]["outstanding"] == held, (
        "the live rulebook comes out as the books have it"
    )
    return Simulated(happened, seconds, cpu_seconds)


def drafted() -> Rulebook:
    """A draft as merchants make them: another rate, the first purchase doubled, a threshold, a few more rules."""
    rules = (
        Rule(
            code="first",
            name="首单双倍",
            effect=MultiplyEffect(multiplier_permille=2000),
            conditions=(PurchaseNumberCondition(number=1),),
        ),
        Rule(
            code="large",
            name="满二百",
            effect=ThresholdEffect(cents=20_000, points=20),
            times=Times(count=2, per="month"),
        ),
        Rule(code="month", name="月满千", effect=ThresholdEffect(cents=100_000, points=50, of="month")),
    )
    earning = replace(DEFAULT_RULEBOOK.earning, per_cents=150)
    return replace(DEFAULT_RULEBOOK, earning=earning, rules=rules)


def told(simulated: Simulated) -> str:
    """The result in one line."""
    return (
        f"{simulated.happened:,} things that happened, under two rulebooks in {simulated.seconds:.1f} s, "
        f"{simulated.cpu_seconds:.1f} s of CPU (budget {SECONDS_MAX} s for 100,000)"
    )


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.simulation", description=__doc__)
    parser.add_argument("--members", type=int, default=MEMBERS, help="each did fifty things (default: 2,000)")
    parser.add_argument("--folder", type=Path, help="where the database lies meanwhile (default: /tmp)")
    arguments = parser.parse_args()
    simulated = measure_simulation(arguments.members, arguments.folder)
    print(told(simulated))
    return 0 if simulated.is_within else 1


if __name__ == "__main__":
    sys.exit(main())
