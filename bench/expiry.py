"""Expiring many lots at once: how long the sweep takes, and how long a sign-in waits meanwhile.

``python -m bench.expiry`` on a shop of 50,000 members whose 100,000 lots have lapsed.  The sweep runs in a process of its
own, as the worker does; this process signs one member in after the other and looks at the clock.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from bench.crowd import ROOT, crowded_shop, environment_in
from shop import clock, create_app
from shop.config import read_settings
from shop.extensions import db
from shop.memory import keep_what_is_loaded
from shop.models import PointsEntry
from shop.services.engagement.signin import sign_in
from shop.services.points.lapsing import sweep_expired_lots

LOTS_A_MEMBER = 2
SECONDS_MAX = 20
WAIT_MS_MAX = 100
PAUSE_SECONDS = 0.02

LAPSED = select(func.count()).where(PointsEntry.kind == "expire")


@dataclass(frozen=True)
class Sweep:
    """How long the sweep took, and the waits of the sign-ins beside it (milliseconds)."""

    lots: int
    seconds: float
    waits_ms: tuple[float, ...]
    quiet_ms: tuple[float, ...]

    @property
    def worst_ms(self) -> float:
        return max(self.waits_ms)

    @property
    def is_within(self) -> bool:
        """Whether the budget is kept; it is stated for 100,000 lots."""
        return self.seconds <= SECONDS_MAX * self.lots / 100_000 + 1 and self.worst_ms <= WAIT_MS_MAX


def measure_expiry(lots: int, folder: Path | None = None) -> Sweep:
    """Let so many lots lapse and sweep them while members sign in."""
    members = lots // LOTS_A_MEMBER
    with crowded_shop(members, folder, lots_end_in_days=-1) as app, app.app_context():
        quiet = [_timed_sign_in(number) for number in range(1, 41)]
        home = str(app.config["SETTINGS"].instance_folder)
        command = [sys.executable, "-m", "bench.expiry", "--sweep", home]
        child = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
        assert child.stdout
        assert child.stdout.readline().strip() == "ready"
        waits: list[float] = []
        while child.poll() is None and len(quiet) + len(waits) < members:
            waits.append(_timed_sign_in(41 + len(waits)))
            time.sleep(PAUSE_SECONDS)
        count, seconds = child.stdout.read().split()
        return Sweep(int(count), float(seconds), tuple(waits), tuple(quiet))


def _timed_sign_in(member_id: int) -> float:
    started = time.perf_counter()
    sign_in(member_id, clock.now())
    return 1000 * (time.perf_counter() - started)


def _sweep(home: Path) -> None:
    """The other process: sweep, and tell how many and how long."""
    app = create_app(read_settings(environment_in(home)))
    keep_what_is_loaded()
    with app.app_context():
        print("ready", flush=True)
        started = time.perf_counter()
        sweep_expired_lots(clock.now())
        seconds = time.perf_counter() - started
        print(db.session.scalar(LAPSED), seconds, flush=True)


def told(sweep: Sweep) -> str:
    """The result in one line."""
    ordered = sorted(sweep.waits_ms)
    return (
        f"{sweep.lots} lots in {sweep.seconds:.1f} s (budget {SECONDS_MAX} s for 100,000); {len(ordered)} sign-ins beside "
        f"it: median {statistics.median(ordered):.1f}, p99 {ordered[int(len(ordered) * 0.99)]:.1f}, worst "
        f"{sweep.worst_ms:.1f} ms (budget {WAIT_MS_MAX} ms; without the sweep median "
        f"{statistics.median(sweep.quiet_ms):.1f}, worst {max(sweep.quiet_ms):.1f})"
    )


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.expiry", description=__doc__)
    parser.add_argument("--lots", type=int, default=100_000)
    parser.add_argument(
        "--folder", type=Path, help="where the database lies while it is measured (default: /tmp)"
    )
    parser.add_argument("--sweep", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.sweep:
        _sweep(arguments.sweep)
        return 0
    sweep = measure_expiry(arguments.lots, arguments.folder)
    print(told(sweep))
    return 0 if sweep.is_within else 1


if __name__ == "__main__":
    sys.exit(main())
