"""Steps of a replay in which members or staff move points: spending, holds, freezes, put-off ends, and merged accounts."""

from datetime import datetime

from shop.rules.points.expiry import end_after
from shop.rules.points.simulation.events import (
    Captured,
    Froze,
    Held,
    Merged,
    PutOff,
    Released,
    Spent,
    Thawed,
    TierGiven,
)
from shop.rules.points.simulation.members import SideMember
from shop.rules.points.simulation.world import World


def spend(world: World, member: SideMember, event: Spent) -> None:
    """Points go, as far as there are any; what is spent puts off the end of those that roll."""
    spent = member.account.spend(event.points, event.key, event.at)
    world.figures.short += event.points - spent
    if spent and not event.is_by_hand:
        member.account.roll(world.day(event.at), event.at, world.zone)
    world.figures.spend(event.member_id, spent, event.at)


def hold(world: World, member: SideMember, event: Held) -> None:
    """Points are set aside, as far as there are any."""
    world.figures.short += event.points - member.account.hold(event.points, event.key, event.at)


def capture(world: World, member: SideMember, event: Captured) -> None:
    """What was set aside is spent."""
    spent = member.account.capture(event.key, event.entry)
    if spent:
        member.account.roll(world.day(event.at), event.at, world.zone)
    world.figures.spend(event.member_id, spent, event.at)


def release(_world: World, member: SideMember, event: Released) -> None:
    """What was set aside is let go."""
    member.account.release(event.key)


def put_off(world: World, member: SideMember, event: PutOff) -> None:
    """An end moves as in the books, if there is such a lot here."""
    name = (event.credited_at, event.ended_at, event.place)
    world.put_offs.discard((event.member_id, name))
    member.account.put_off(name, event.ends_at, unused=event.was_unused)


def freeze(_world: World, member: SideMember, event: Froze) -> None:
    """Points stand still."""
    member.account.freeze(event.at, spending=event.spending, earning=event.earning)


def thaw(world: World, member: SideMember, event: Thawed) -> None:
    """Points go on; what ended meanwhile lasts for the days of notice."""
    notice = world.version_of(event.at, None).reminders.notice_days_min
    member.account.thaw(event.at, end_after(notice, world.day(event.at), world.zone))


def give_tier(world: World, member: SideMember, event: TierGiven) -> None:
    """A tier was bought, granted or withdrawn."""
    world.standings.give(member, event)


def merge(world: World, member: SideMember, event: Merged) -> None:
    """One person's two accounts become one, or two again."""
    into = world.members[event.into_id]
    if event.is_undone:
        into.account.move_back(world.moved.pop(event.key, []), member.account, event.at)
        giver, taker = into, member
        member.merged_into = None
    else:
        world.moved[event.key] = member.account.move_all(into.account, event.at)
        _move_debt(member, into, event.at)
        giver, taker = member, into
        member.merged_into = event.into_id
    for key in event.purchases:
        if (past := giver.purchases.pop(key, None)) is not None:
            taker.purchases[key] = past


def _move_debt(member: SideMember, into: SideMember, at: datetime) -> None:
    """What the old account owes is taken from the other: from its points, or it owes it now."""
    owed, member.account.debt = member.account.debt, 0
    taken = into.account.take_back(owed, None, at)
    into.account.debt += owed - taken
