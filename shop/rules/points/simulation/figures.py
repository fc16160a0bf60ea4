"""What a replay counts, week by week and member by member, and two replays side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from shop.rules.rulebook import Rulebook

SHOWN = 10
Movement = Callable[[int, int, datetime], None]
"""Told of each movement: whose it was, the signed points, and when."""
PPM = 1_000_000


@dataclass(slots=True)
class Week:
    """Sums of one week, by the Monday on which it begins."""

    issued: int = 0
    spent: int = 0
    lapsed: int = 0
    taken_back: int = 0


@dataclass(slots=True)
class Figures:
    """The sums of a replay.  ``short`` counts points that members wanted to spend and would not have had.

    ``on_movement`` hears of every movement, as the books would have an entry for it.
    """

    zone: tzinfo
    weeks: dict[date, Week] = field(default_factory=dict)
    sales_cents: int = 0
    short: int = 0
    issued_to: dict[int, int] = field(default_factory=dict)
    balances: dict[int, int] = field(default_factory=dict)
    tiers: dict[int, str] = field(default_factory=dict)
    on_movement: Movement | None = None

    def week_of(self, moment: datetime) -> Week:
        """The week of a moment on the shop's calendar."""
        day = moment.astimezone(self.zone).date()
        monday = day - timedelta(days=day.weekday())
        week = self.weeks.get(monday)
        if week is None:
            week = self.weeks[monday] = Week()
        return week

    def issue(self, member_id: int, points: int, at: datetime) -> None:
        """Count points that were credited."""
        self.week_of(at).issued += points
        self.issued_to[member_id] = self.issued_to.get(member_id, 0) + points
        self._tell(member_id, points, at)

    def take_back(self, member_id: int, points: int, at: datetime) -> None:
        """Count points that a refund took back."""
        self.week_of(at).taken_back += points
        self.issued_to[member_id] = self.issued_to.get(member_id, 0) - points
        self._tell(member_id, -points, at)

    def spend(self, member_id: int, points: int, at: datetime) -> None:
        """Count points that were spent, or below zero came back of it."""
        self.week_of(at).spent += points
        self._tell(member_id, -points, at)

    def lapse(self, member_id: int, points: int, at: datetime) -> None:
        """Count points that reached their end."""
        self.week_of(at).lapsed += points
        self._tell(member_id, -points, at)

    def total(self, name: str) -> int:
        """The sum of a figure over all weeks."""
        return sum(getattr(week, name) for week in self.weeks.values())

    def _tell(self, member_id: int, points: int, at: datetime) -> None:
        if self.on_movement is not None and points:
            self.on_movement(member_id, points, at)

    @property
    def outstanding(self) -> int:
        """What members hold at the end, less what they owe."""
        return sum(self.balances.values())


@dataclass(frozen=True, slots=True)
class MemberChange:
    """How many points a member would have been given more or less."""

    member_id: int
    live: int
    draft: int

    @property
    def difference(self) -> int:
        return self.draft - self.live


@dataclass(frozen=True, slots=True)
class Comparison:
    """Live and draft on the same history, as the document that is kept and shown."""

    document: dict[str, Any]


def compare(live: Figures, draft: Figures, *, now_live: Rulebook, drafted: Rulebook) -> Comparison:
    """Put two replays of the same events side by side."""
    members = sorted(live.issued_to.keys() | draft.issued_to.keys())
    changes = [
        MemberChange(member, live.issued_to.get(member, 0), draft.issued_to.get(member, 0))
        for member in members
    ]
    better = [change for change in changes if change.difference > 0]
    worse = [change for change in changes if change.difference < 0]
    return Comparison(
        {
            "live": _sums(live, now_live),
            "draft": _sums(draft, drafted),
            "weeks": _weeks(live, draft),
            "members": len(members),
            "better": len(better),
            "worse": len(worse),
            "winners": _shown(sorted(better, key=lambda change: (-change.difference, change.member_id))),
            "losers": _shown(sorted(worse, key=lambda change: (change.difference, change.member_id))),
            "tiers": _tier_moves(live, draft, drafted),
        }
    )


def _sums(figures: Figures, rulebook: Rulebook) -> dict[str, int]:
    issued, spent = figures.total("issued"), figures.total("spent")
    lapsed, taken_back = figures.total("lapsed"), figures.total("taken_back")
    stayed = max(0, issued - taken_back - lapsed)  # what lapsed may have been issued before
    cost_cents = stayed * rulebook.offset.per_cents // rulebook.offset.points
    sales = figures.sales_cents
    net = issued - taken_back
    return {
        "issued": issued,
        "spent": spent,
        "lapsed": lapsed,
        "taken_back": taken_back,
        "outstanding": figures.outstanding,
        "short": figures.short,
        "sales_cents": sales,
        "cost_cents": cost_cents,
        "cost_ppm": cost_cents * PPM // sales if sales else 0,
        "breakage_ppm": lapsed * PPM // net if net > 0 else 0,
    }


def _weeks(live: Figures, draft: Figures) -> list[dict[str, Any]]:
    mondays = sorted(live.weeks.keys() | draft.weeks.keys())
    nothing = Week()
    return [
        {
            "monday": monday.isoformat(),
            "live": live.weeks.get(monday, nothing).issued,
            "draft": draft.weeks.get(monday, nothing).issued,
            "live_spent": live.weeks.get(monday, nothing).spent,
            "draft_spent": draft.weeks.get(monday, nothing).spent,
            "live_lapsed": live.weeks.get(monday, nothing).lapsed,
            "draft_lapsed": draft.weeks.get(monday, nothing).lapsed,
        }
        for monday in mondays
    ]


def _shown(changes: list[MemberChange]) -> list[dict[str, int]]:
    return [
        {"member_id": change.member_id, "live": change.live, "draft": change.draft}
        for change in changes[:SHOWN]
    ]


def _tier_moves(live: Figures, draft: Figures, drafted: Rulebook) -> dict[str, int]:
    """Members who would stand higher or lower at the end."""
    places = {tier.code: place for place, tier in enumerate(drafted.tiers)}
    moved = {"up": 0, "down": 0}
    for member_id, code in draft.tiers.items():
        before = places.get(live.tiers.get(member_id, code), 0)
        after = places.get(code, 0)
        if after != before:
            moved["up" if after > before else "down"] += 1
    return moved
