"""Does a page stay fast while the shop grows?  The same pages on a small shop and on one a thousand times its size.

``python -m bench.growth`` compares 1,000 members and 10,000 entries with a hundred times as many, ``--full`` with a thousand
times as many (some minutes, about 6 GB in the folder).  The member who is looked at has ten entries in both.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from bench.crowd import OWNER, PASSWORD, ROUNDS, crowded_shop, phone_of
from bench.measuring import Browser, ask, median
from shop.queries.points.ledger import check_everything, derive_everything

SMALL, LARGE, FULL = 1_000, 100_000, 1_000_000
RATIO_MAX = 1.5
WARM_UP_ROUNDS = 3
TIMES = 30
MEMBER_PAGES = {
    "points history": "/member/points",
    "points history, earned": "/member/points?kind=earned",
    "one entry": "/member/points/1",
    "member centre": "/member",
}
DESK_PAGES = {
    "back office: a member's ledger": "/merchant/members/1",
    "back office: a member's lots": "/merchant/members/1?tab=lots",
    "back office: members": "/merchant/members",
}


@dataclass
class Grown:
    """A page's CPU time in the small shop and in the large one."""

    name: str
    small_ns: list[int] = field(default_factory=list)
    large_ns: list[int] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times slower the large shop is."""
        return median(self.large_ns) / median(self.small_ns)


def measure_growth(members: int, folder: Path | None = None, rounds: int = TIMES) -> list[Grown]:
    """Ask every page of both shops in interleaved rounds."""
    with ExitStack() as stack:
        shops = [stack.enter_context(crowded_shop(size, folder)) for size in (SMALL, members)]
        asked = [_requests(app) for app in shops]
        pages = [Grown(name) for name in asked[0]]
        for turn in range(WARM_UP_ROUNDS + rounds):
            for page in pages:
                small, large = (requests[page.name]() for requests in asked)
                if turn >= WARM_UP_ROUNDS:
                    page.small_ns.append(small)
                    page.large_ns.append(large)
    return pages


def _requests(app: Flask) -> dict[str, Callable[[], int]]:
    """For each page, what asks for it once and answers with the CPU time in nanoseconds."""
    member, owner = Browser(app), Browser(app)
    _log_in(member, "/login", phone=phone_of(1), password=PASSWORD)
    _log_in(owner, "/merchant/login", email=OWNER, password=PASSWORD)
    after = ROUNDS - 2  # the member's entries lie one in each round: the page behind the eighth
    deep = {"points history, further down": f"/member/points?after={after * _members(app)}"}
    return {
        **{name: _asking(app, member, path) for name, path in (MEMBER_PAGES | deep).items()},
        **{name: _asking(app, owner, path) for name, path in DESK_PAGES.items()},
    }


def _asking(app: Flask, browser: Browser, path: str) -> Callable[[], int]:
    def once() -> int:
        answer = ask(app, browser.environ(path))
        assert answer.status == 200, f"{path}: {answer.status}\n{answer.body.decode()[:1000]}"
        return answer.cpu_ns

    return once


def _log_in(browser: Browser, path: str, **fields: str) -> None:
    page = browser.send(path).body.decode()
    browser.csrf_token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = browser.send(path, fields)
    assert answer.status == 303, f"{path}: {answer.status}\n{answer.body.decode()[:1000]}"


def _members(app: Flask) -> int:
    return int(app.config["CROWD_MEMBERS"])


def told(pages: list[Grown], members: int) -> str:
    """One line for each page."""
    lines = [
        f"growth: {SMALL:,} members and {SMALL * ROUNDS:,} entries against {members:,} and {members * ROUNDS:,}",
        f"{'page':<34} {'small ms':>9} {'large ms':>9} {'ratio':>6}  budget {RATIO_MAX}",
    ]
    for page in pages:
        small, large = median(page.small_ns) / 1e6, median(page.large_ns) / 1e6
        remark = "  TOO SLOW" if page.ratio > RATIO_MAX else ""
        lines.append(f"{page.name:<34} {small:>9.2f} {large:>9.2f} {page.ratio:>6.2f}{remark}")
    return "\n".join(lines)


def _prove(members: int, folder: Path | None) -> None:
    """How long the proof of so many entries takes, without the chain."""
    with crowded_shop(members, folder) as app, app.app_context():
        for name, prove in (
            ("every invariant", check_everything),
            ("every derived value", derive_everything),
        ):
            started = time.perf_counter()
            broken = [finding.name for finding in prove() if finding.offenders]
            assert not broken, broken
            print(f"{name}: {time.perf_counter() - started:.1f} s for {members * ROUNDS:,} entries")


def main() -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--members", type=int, default=LARGE, help="of the large shop (default: 100,000)")
    parser.add_argument("--full", action="store_true", help="a large shop of a million members")
    parser.add_argument("--prove", action="store_true", help="also prove the large shop's books")
    parser.add_argument("--folder", type=Path, help="where the databases lie meanwhile (default: /tmp)")
    arguments = parser.parse_args()
    members = FULL if arguments.full else arguments.members
    pages = measure_growth(members, arguments.folder)
    print(told(pages, members))
    if arguments.prove:
        _prove(members, arguments.folder)
    return 1 if any(page.ratio > RATIO_MAX for page in pages) else 0


if __name__ == "__main__":
    sys.exit(main())
