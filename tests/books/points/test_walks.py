"""Long random walks through the book, compared with a simple model; the ledger is checked after every step."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from shop.books.points import expiry
from shop.books.rulebooks import occasion_at
from shop.errors import InsufficientPoints
from shop.queries.points.balance import balance_of
from shop.transaction import transaction
from tests.books.points import shelves
from tests.factories import MONDAY, make_member
from tests.proof import assert_ledger_is_right

STEPS = 40


@dataclass
class Walk:
    """One member's story: what can be spent must always be what came in less what went out."""

    member_id: int
    random: Random
    now: datetime = MONDAY
    step: int = 0
    spent: list[list[int]] = field(default_factory=list)  # [entry, points left to restore]
    holds: list[str] = field(default_factory=list)
    awards: list[list[int]] = field(default_factory=list)

    def take(self) -> None:
        self.step += 1
        deeds = (
            self.earn,
            self.earn,
            self.spend,
            self.hold,
            self.end_hold,
            self.restore,
            self.claw_back,
            self.wait,
        )
        self.random.choice(deeds)()

    def name(self, deed: str) -> str:
        return f"{deed}:{self.member_id}:{self.step}"

    def earn(self) -> None:
        points = self.random.randint(1, 200)
        source_class = self.random.choice(("interaction", "purchase", "grant"))
        later = self.now + timedelta(days=self.random.choice((0, 0, 7)))
        entry_id = shelves.earn(
            self.member_id,
            points,
            self.name("earn"),
            now=self.now,
            source_class=source_class,
            available_at=later,
        )
        self.awards.append([entry_id, points])

    def spend(self) -> None:
        wanted = self.random.randint(1, 250)
        before = shelves.available(self.member_id, self.now)
        try:
            entry_id = shelves.spend(self.member_id, wanted, self.name("spend"), now=self.now)
        except InsufficientPoints:
            assert before < wanted
            return
        assert shelves.available(self.member_id, self.now) == before - wanted
        self.spent.append([entry_id, wanted])

    def hold(self) -> None:
        wanted = self.random.randint(1, 150)
        before = shelves.available(self.member_id, self.now)
        try:
            shelves.hold(self.member_id, wanted, self.name("hold"), now=self.now)
        except InsufficientPoints:
            assert before < wanted
            return
        self.holds.append(self.name("hold"))

    def end_hold(self) -> None:
        if not self.holds:
            return
        reference = self.holds.pop(self.random.randrange(len(self.holds)))
        if self.random.random() < 0.5:
            assert shelves.void(reference, now=self.now)
            return
        entry_id = shelves.capture(reference, now=self.now)
        assert entry_id is not None
        self.spent.append([entry_id, -shelves.entry(entry_id).points])

    def restore(self) -> None:
        if not self.spent:
            return
        row = self.random.choice(self.spent)
        if points := self.random.randint(0, row[1]):
            shelves.restore(self.member_id, row[0], points, self.name("restore"), now=self.now)
            row[1] -= points

    def claw_back(self) -> None:
        if not self.awards:
            return
        row = self.random.choice(self.awards)
        if points := self.random.randint(0, row[1]):
            own, waive = frozenset({row[0]}), self.random.random() < 0.3
            shelves.claw_back(
                self.member_id, points, self.name("claw"), now=self.now, own=own, of=row[0], waive=waive
            )
            row[1] -= points

    def wait(self) -> None:
        self.now += timedelta(days=self.random.choice((1, 5, 40)))
        if self.random.random() < 0.5:
            with transaction():
                expiry.sweep(occasion_at(self.now), 100)


@pytest.mark.parametrize("seed", range(6))
def test_every_step_of_a_long_walk_leaves_the_books_right(app, seed):
    walk = Walk(make_member(), Random(seed))

    for _step in range(STEPS):
        before = balance_of(walk.member_id, walk.now)
        walk.take()
        assert_ledger_is_right()
        assert balance_of(walk.member_id, walk.now).available >= 0
        assert before.available >= 0
