"""The side ledger: the lots of one member in memory, spent and expired by the same order as in the books."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from shop.rules.points.expiry import expiry_of_return


@dataclass(slots=True)
class SideLot:
    """A lot that a replay opened or began with.  ``owner`` is the purchase that earned it."""

    remaining: int
    available_at: datetime
    expires_at: datetime
    credited_at: datetime
    number: int
    owner: int | None = None

    @property
    def order(self) -> tuple[datetime, datetime, int]:
        """Soonest to expire first."""
        return (self.expires_at, self.credited_at, self.number)


@dataclass(slots=True)
class SideAccount:
    """The points of one member."""

    lots: list[SideLot] = field(default_factory=list)
    debt: int = 0
    takes: dict[int, list[tuple[SideLot, int]]] = field(default_factory=dict)
    opened: int = 0

    @property
    def balance(self) -> int:
        """All points that have not lapsed, less what is owed."""
        return sum(lot.remaining for lot in self.lots) - self.debt

    def lapse(self, now: datetime) -> list[tuple[datetime, int]]:
        """Drop what has reached its end.  Returns when and how much."""
        gone = [(lot.expires_at, lot.remaining) for lot in self.lots if lot.expires_at <= now]
        if gone:
            self.lots = [lot for lot in self.lots if lot.expires_at > now]
        return gone

    def open(
        self,
        points: int,
        *,
        now: datetime,
        available_at: datetime,
        expires_at: datetime,
        owner: int | None = None,
    ) -> int:
        """Credit points; debt is filled first.  Returns what was filled."""
        filled = min(points, self.debt)
        self.debt -= filled
        self.opened += 1
        if points > filled:
            lot = SideLot(points - filled, available_at, expires_at, now, 1_000_000_000 + self.opened, owner)
            self.lots.append(lot)
        return filled

    def spend(self, points: int, key: int, now: datetime) -> int:
        """Take points, soonest to expire first, as far as there are any.  Returns what was taken."""
        spendable = sorted((lot for lot in self.lots if lot.available_at <= now), key=lambda lot: lot.order)
        left = min(points, max(0, sum(lot.remaining for lot in spendable) - self.debt))
        wanted = left
        for lot in spendable:
            if left == 0:
                break
            part = min(left, lot.remaining)
            lot.remaining -= part
            left -= part
            self.takes.setdefault(key, []).append((lot, part))
        self._drop_empty()
        return wanted

    def take_back(self, points: int, owner: int, now: datetime, *, waives: bool) -> tuple[int, int]:
        """Claw back: pending points first, then those of the purchase, then others.  Returns (taken, new debt)."""

        def turn(lot: SideLot) -> tuple[int, datetime, datetime, int]:
            place = 0 if lot.available_at > now else 1 if lot.owner == owner else 2
            return (place, *lot.order)

        left = points
        for lot in sorted(self.lots, key=turn):
            part = min(left, lot.remaining)
            lot.remaining -= part
            left -= part
        self._drop_empty()
        owed = 0 if waives else left
        self.debt += owed
        return points - left, owed

    def give_back(self, points: int, key: int, now: datetime, grace_days: int, zone: tzinfo) -> int:
        """Restore what a spending took, last to expire first; late parts get days of grace.  Returns what came back."""
        taken = sorted(self.takes.get(key, []), key=lambda pair: pair[0].order, reverse=True)
        left, late, kept = points, 0, []
        for lot, part in taken:
            back = min(left, part)
            left -= back
            if back and lot.expires_at > now:
                self._return_to(lot, back)
            else:
                late += back
            if part > back:
                kept.append((lot, part - back))
        self.takes[key] = kept
        if late:
            end = expiry_of_return(min(lot.expires_at for lot, _part in taken), now, grace_days, zone)
            self.open(late, now=now, available_at=now, expires_at=end.expires_at)
        return points - left

    def _return_to(self, lot: SideLot, points: int) -> None:
        filled = min(points, self.debt)
        self.debt -= filled
        lot.remaining += points - filled
        if lot not in self.lots and lot.remaining:
            self.lots.append(lot)

    def _drop_empty(self) -> None:
        self.lots = [lot for lot in self.lots if lot.remaining]
