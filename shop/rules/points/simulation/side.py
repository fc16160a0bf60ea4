"""The side ledger: the lots of one member in memory, spent and expired by the same order as in the books."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from shop.rules.points.expiry import FROZEN, NEVER, end_after, expiry_of_return, last_day_of

FIRST_NUMBER = 1_000_000_000
"""Lots that a replay opens follow those of the books."""
LotName = tuple[datetime, datetime, int]
Waits = Callable[["SideLot"], bool]
"""Whether the end of a lot that is over was put off later: until then it is neither there nor gone."""


@dataclass(slots=True, eq=False)
class SideLot:
    """A lot that a replay opened or began with.  ``owner`` is the number of what earned it.

    ``place`` is that among the lots credited at one moment.
    """

    remaining: int
    available_at: datetime
    expires_at: datetime
    credited_at: datetime
    number: int = 0
    owner: int | None = None
    points: int = 0
    extension: str | None = None
    extension_days: int = 0
    extensions_left: int = 0
    thaws_at: datetime | None = None
    place: int = 0
    held: int = 0

    @property
    def name(self) -> LotName:
        """By what a lot of the books and one of a replay are known to be the same."""
        return self.credited_at, self.expires_at, self.place

    @property
    def free(self) -> int:
        return self.remaining - self.held

    @property
    def renews(self) -> bool:
        """Whether it lasts longer when it ends, because nothing of it was used."""
        return (
            self.extension == "unused"
            and self.extensions_left > 0
            and self.remaining == self.points
            and not self.held
        )


def soonest_first(lot: SideLot) -> tuple[datetime, datetime, int]:
    """The order in which lots are spent."""
    return (lot.expires_at, lot.credited_at, lot.number)


@dataclass(slots=True, eq=False)
class SideAccount:
    """The points of one member.  ``takes`` are what spendings took, ``holds`` what is set aside, lot by lot."""

    lots: list[SideLot] = field(default_factory=list)
    debt: int = 0
    takes: dict[int, list[tuple[SideLot, int]]] = field(default_factory=dict)
    holds: dict[int, list[tuple[SideLot, int]]] = field(default_factory=dict)
    opened: int = 0
    credited_at: datetime = NEVER
    place: int = 0
    frozen_at: datetime | None = None
    is_spending_frozen: bool = False
    is_earning_frozen: bool = False
    has_rolling_lots: bool = False
    soonest: datetime = NEVER

    @property
    def balance(self) -> int:
        """All points that have not lapsed, less what is owed."""
        return sum(lot.remaining for lot in self.lots) - self.debt

    def lapse(self, now: datetime, zone: tzinfo, waits: Waits) -> list[tuple[datetime, int]]:
        """Let go of what has reached its end, and renew what renews.  Returns when and how much lapsed.

        Held points wait for their order, frozen ones for the thaw.
        """
        if self.soonest > now or self.is_spending_frozen:
            return []
        gone = []
        for lot in self.lots:
            if lot.expires_at > now or lot.thaws_at is not None or waits(lot):
                continue
            while lot.expires_at <= now and lot.renews:
                lot.expires_at = renewed_end(lot, zone)
                lot.extensions_left -= 1
            if lot.expires_at <= now and lot.free:
                gone.append((lot.expires_at, lot.free))
                lot.remaining = lot.held
        self._drop_empty()
        return gone

    def open(self, lot: SideLot) -> int:
        """Credit a new lot; debt is filled first.  Returns what was filled."""
        filled = min(lot.remaining, self.debt)
        self.debt -= filled
        self.opened += 1
        lot.points, lot.number = lot.remaining, FIRST_NUMBER + self.opened
        self.place = self.place + 1 if lot.credited_at == self.credited_at else 0
        lot.place, self.credited_at = self.place, lot.credited_at
        lot.remaining -= filled
        if lot.remaining:
            self.put(lot)
        return filled

    def put(self, lot: SideLot) -> None:
        """Keep a lot among those that can be spent."""
        self.lots.append(lot)
        self.has_rolling_lots = self.has_rolling_lots or lot.extension == "activity"
        self.soonest = min(self.soonest, lot.expires_at)

    def roll(self, today: date, now: datetime, zone: tzinfo) -> None:
        """An earning or a spending: living lots that roll end their days after today."""
        if not self.has_rolling_lots:
            return
        for lot in self.lots:
            if lot.extension == "activity" and lot.expires_at > now:
                lot.expires_at = max(lot.expires_at, end_after(lot.extension_days, today, zone))

    def spend(self, points: int, key: int, now: datetime) -> int:
        """Take points, soonest to expire first, as far as there are any.  Returns what was taken."""
        taken = self._choose(points, now)
        for lot, part in taken:
            lot.remaining -= part
        self.takes.setdefault(key, []).extend(taken)
        self._drop_empty()
        return sum(part for _lot, part in taken)

    def hold(self, points: int, key: int, now: datetime) -> int:
        """Set points aside as far as there are any.  Returns how many."""
        taken = self._choose(points, now)
        for lot, part in taken:
            lot.held += part
        self.holds[key] = taken
        return sum(part for _lot, part in taken)

    def capture(self, hold: int, key: int) -> int:
        """Take what a hold had set aside, even from a lot that is over.  Returns the points."""
        taken = self.holds.pop(hold, [])
        for lot, part in taken:
            lot.held -= part
            lot.remaining -= part
        self.takes.setdefault(key, []).extend(taken)
        self._drop_empty()
        return sum(part for _lot, part in taken)

    def release(self, hold: int) -> None:
        """Let go of what a hold had set aside."""
        for lot, part in self.holds.pop(hold, []):
            lot.held -= part

    def take_back(self, points: int, owner: int | None, now: datetime) -> int:
        """Claw back: pending points first, then those of the owner, then others.  Returns what was taken."""

        def turn(lot: SideLot) -> tuple[int, datetime, datetime, int]:
            place = 0 if lot.available_at > now else 1 if owner is not None and lot.owner == owner else 2
            return (place, *soonest_first(lot))

        left = points
        for lot in sorted((lot for lot in self.lots if lot.expires_at > now), key=turn):
            part = min(left, lot.free)
            lot.remaining -= part
            left -= part
        self._drop_empty()
        return points - left

    def give_back(self, points: int, key: int, now: datetime, grace_days: int, zone: tzinfo) -> int:
        """Restore what a spending took, last to expire first; late parts get days of grace.  Returns what came back."""
        taken = sorted(self.takes.get(key, []), key=lambda pair: soonest_first(pair[0]), reverse=True)
        left, late, late_end = points, 0, NEVER
        kept, returned = [], []
        for lot, part in taken:
            back = min(left, part)
            left -= back
            if back and lot.expires_at > now:
                returned.append((lot, back))
            elif back:
                late_end = late_end if late else lot.expires_at
                late += back
            if part > back:
                kept.append((lot, part - back))
        self.takes[key] = kept
        if late:
            end = expiry_of_return(late_end, now, grace_days, zone)
            self.open(SideLot(late, now, end.expires_at, now))
        for lot, back in returned:
            self.return_to(lot, back)
        return points - left

    def return_to(self, lot: SideLot, points: int) -> None:
        """Put points back into a lot; debt is filled first."""
        filled = min(points, self.debt)
        self.debt -= filled
        was_empty = not lot.remaining
        lot.remaining += points - filled
        if was_empty and lot.remaining:
            self.put(lot)

    def put_off(self, name: LotName, ends_at: datetime, *, unused: bool) -> None:
        """Move the end of a lot, if nothing of it was used, or if something was."""
        for lot in self.lots:
            if lot.name == name and lot.renews == unused:
                lot.expires_at = ends_at
                lot.extensions_left -= 1 if unused else 0

    def freeze(self, at: datetime, *, spending: bool, earning: bool) -> None:
        """Let spending, earning or both stand still."""
        self.frozen_at, self.is_spending_frozen, self.is_earning_frozen = at, spending, earning

    def thaw(self, now: datetime, ends_at: datetime) -> None:
        """Go on: what waited arrives, and what ended meanwhile lasts until ``ends_at``."""
        frozen_at = self.frozen_at or now
        self.frozen_at, self.is_spending_frozen, self.is_earning_frozen = None, False, False
        for lot in self.lots:
            if lot.thaws_at is not None:
                lot.available_at, lot.thaws_at = max(lot.thaws_at, now), None
            if frozen_at < lot.expires_at < ends_at:
                lot.expires_at = ends_at

    def waiting(self, lot: SideLot) -> SideLot:
        """The lot as it comes while earning is frozen: it waits."""
        if self.is_earning_frozen:
            lot.thaws_at, lot.available_at = lot.available_at, FROZEN
        return lot

    def move_all(self, into: "SideAccount", now: datetime) -> list[tuple[SideLot, SideLot]]:
        """Give every living lot to another account.  Returns each lot with the one that it became."""
        moved = []
        for lot in sorted(self.lots, key=lambda lot: (lot.expires_at, lot.number)):
            if lot.free and lot.expires_at > now:
                copy = replace(lot, remaining=lot.free, owner=None, held=0)
                lot.remaining = lot.held
                into.open(copy)
                moved.append((lot, copy))
        self._drop_empty()
        return moved

    def move_back(self, moved: Iterable[tuple[SideLot, SideLot]], home: "SideAccount", now: datetime) -> None:
        """Give back what is left of lots that came from another account."""
        for lot, copy in moved:
            points = copy.free
            if points and copy.expires_at > now:
                copy.remaining = copy.held
                lot.expires_at = max(lot.expires_at, copy.expires_at)
                home.return_to(lot, points)
        self._drop_empty()

    def _choose(self, points: int, now: datetime) -> list[tuple[SideLot, int]]:
        spendable = sorted(
            (lot for lot in self.lots if lot.available_at <= now < lot.expires_at and lot.free),
            key=soonest_first,
        )
        left = min(points, max(0, sum(lot.free for lot in spendable) - self.debt))
        taken = []
        for lot in spendable:
            if left == 0:
                break
            part = min(left, lot.free)
            left -= part
            taken.append((lot, part))
        return taken

    def _drop_empty(self) -> None:
        self.lots = [lot for lot in self.lots if lot.remaining]
        self.soonest = min((lot.expires_at for lot in self.lots), default=NEVER)


def renewed_end(lot: SideLot, zone: tzinfo) -> datetime:
    """The end of a lot that renews: its days after its last day."""
    return end_after(lot.extension_days, last_day_of(lot.expires_at, zone), zone)
