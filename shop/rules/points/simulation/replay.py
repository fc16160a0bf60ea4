"""The replay: every event in its order, decided by the same functions as in the books."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from shop.rules.points.simulation import earning, moving, returning
from shop.rules.points.simulation.events import (
    Bought,
    Captured,
    Counted,
    Credited,
    Did,
    Event,
    FellShort,
    Froze,
    Given,
    Held,
    Merged,
    PutOff,
    Released,
    Restored,
    Returned,
    Signed,
    Spent,
    Thawed,
    TierGiven,
    Undone,
)
from shop.rules.points.simulation.figures import Figures
from shop.rules.points.simulation.members import SideMember, opened
from shop.rules.points.simulation.openings import Opening
from shop.rules.points.simulation.side import SideAccount, SideLot
from shop.rules.points.simulation.standings import Standings
from shop.rules.points.simulation.world import VersionOf, World

Step = Callable[[World, SideMember, Any], None]
STEPS: Mapping[type[object], Step] = {
    Bought: earning.buy,
    Credited: earning.credit,
    Counted: earning.count,
    Signed: earning.sign,
    Did: earning.do,
    Given: earning.give,
    Returned: returning.take_in,
    FellShort: returning.fall_short,
    Undone: returning.undo,
    Restored: returning.restore,
    Spent: moving.spend,
    Held: moving.hold,
    Captured: moving.capture,
    Released: moving.release,
    PutOff: moving.put_off,
    Froze: moving.freeze,
    Thawed: moving.thaw,
    TierGiven: moving.give_tier,
    Merged: moving.merge,
}
COUNTED_AT_ONCE = frozenset({Credited, Signed, Did, Given})
"""After these a tier that counts points may be reached."""


class Replay:
    """One rulebook on one history.

    ``version_of`` gives the rulebook that decides an event: for a draft always the draft, for the live replay the version
    that the books used; ``changes`` are the moments at which it changes.  ``keeps_tiers``: purchases earn on the tier that
    is recorded with them; else on the one that is replayed.  ``put_offs`` are ends that are to be moved later on.
    """

    def __init__(
        self,
        openings: Iterable[Opening],
        version_of: VersionOf,
        zone: tzinfo,
        *,
        keeps_tiers: bool,
        since: datetime,
        changes: Sequence[datetime] = (),
        budgets: Mapping[str, int] | None = None,
        put_offs: Iterable[PutOff] = (),
    ) -> None:
        first_tier = version_of(since, None).tiers[0].code
        self.figures = Figures(zone)
        self._first_tier = first_tier
        self._world = World(
            self.figures,
            version_of,
            zone,
            since,
            keeps_tiers,
            Standings(lambda at: version_of(at, None), changes, zone),
            {opening.member_id: opened(opening, first_tier, since) for opening in openings},
            dict(budgets or {}),
            {(each.member_id, (each.credited_at, each.ended_at, each.place)) for each in put_offs},
        )

    def apply(self, event: Event) -> None:
        """Let one event happen; what has lapsed until then lapses first."""
        world = self._world
        member = world.members.get(event.member_id)
        if member is None:
            newcomer = Opening(event.member_id)
            member = world.members[event.member_id] = opened(newcomer, self._first_tier, event.at)
        self._bring_up(event.member_id, member, event.at)
        kind = type(event)
        STEPS[kind](world, member, event)
        if kind in COUNTED_AT_ONCE and world.version_of(event.at, None).tier_policy.measure == "points":
            world.standings.follow(member, event.at)

    def finish(self, at: datetime) -> Figures:
        """Everything that ends until then lapses.  Returns the figures."""
        for member_id, member in self._world.members.items():
            self._bring_up(member_id, member, at)
            self.figures.balances[member_id] = member.account.balance
            self.figures.tiers[member_id] = member.tier.held.code
        return self.figures

    def accounts(self) -> dict[int, SideAccount]:
        """Every member's lots as they stand now."""
        return {member_id: member.account for member_id, member in self._world.members.items()}

    def _bring_up(self, member_id: int, member: SideMember, now: datetime) -> None:
        world, account = self._world, member.account
        if account.soonest <= now:

            def waits(lot: SideLot) -> bool:
                return (member_id, lot.name) in world.put_offs

            for moment, points in account.lapse(now, world.zone, waits):
                self.figures.lapse(member_id, points, moment)
        world.standings.bring_up(member, now)
