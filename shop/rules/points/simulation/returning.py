"""Steps of a replay after which something goes back: refunds, deeds that are undone, and points that return."""

from shop.rules.points.debt import cover_claw_back, keep_from_cash
from shop.rules.points.redeeming import OffsetRatio
from shop.rules.points.simulation.events import FellShort, Restored, Returned, Undone
from shop.rules.points.simulation.members import SideMember
from shop.rules.points.simulation.world import World
from shop.rules.rulebook import Rulebook


def take_in(world: World, member: SideMember, event: Returned) -> None:
    """A purchase goes back in part: what it earned is taken back in proportion."""
    world.figures.sales_cents -= event.cents
    rulebook = world.version_of(event.at, event.version)
    past = member.purchases.get(event.key)
    if past is not None:
        past.left_cents -= event.cents
    points, bargain = event.taken, world.bargains.get(event.key)
    if bargain is not None:  # else bought before the replay began: what it earned then was decided then
        bargain.asked += event.taken
        target = bargain.earned * bargain.asked // event.earned if event.earned else 0
        points = max(0, target - bargain.taken)
        bargain.taken += points
    _take_back(world, member, event, points, rulebook)
    world.standings.follow(member, event.at, may_fall=True)


def fall_short(world: World, member: SideMember, event: FellShort) -> None:
    """Of a purchase decided here, no more goes back than the same rule gave it here."""
    bargain, points = world.bargains.get(event.key), event.points
    if bargain is not None:
        points = min(points, sum(award.points for award in bargain.awards if award.rule == event.rule))
    _take_back(world, member, event, points, world.version_of(event.at, event.version))


def undo(world: World, member: SideMember, event: Undone) -> None:
    """What a deed earned is taken back, or what a file brought."""
    bargain, points = world.bargains.get(event.key), event.points
    if bargain is not None:
        points = bargain.earned - bargain.taken
        bargain.taken += points
    _take_back(world, member, event, points, world.version_of(event.at, None))


def restore(world: World, member: SideMember, event: Restored) -> None:
    """Spent points come back to their lots; where the account was merged, they follow the others."""
    back = member.account.give_back(event.points, event.key, event.at, event.grace_days, world.zone)
    world.figures.spend(event.member_id, -back, event.at)
    if member.merged_into is not None:
        into = world.members[member.merged_into]
        member.account.move_all(into.account, event.at)


def _take_back(
    world: World, member: SideMember, event: Returned | FellShort | Undone, points: int, rulebook: Rulebook
) -> None:
    taken = member.account.take_back(points, event.key, event.at)
    owed = _owed(event, points, taken, rulebook)
    member.account.debt += owed
    credited_at = event.credited_at if isinstance(event, Returned) and event.credited_at else event.at
    day = world.day(credited_at)
    member.points_by_day[day] = member.points_by_day.get(day, 0) - taken - owed
    world.figures.take_back(event.member_id, taken + owed, event.at)


def _owed(event: Returned | FellShort | Undone, points: int, taken: int, rulebook: Rulebook) -> int:
    """What becomes debt of points that were missing: as in the books when as many were, for staff may let go of some."""
    short, kept = points - taken, 0
    if isinstance(event, FellShort) and short and short == event.let_go:
        return 0
    if isinstance(event, Returned):
        if short == event.owed + event.let_go:
            return event.owed
        if rulebook.returns.shortage == "deduct":
            ratio = OffsetRatio(rulebook.offset.points, rulebook.offset.per_cents)
            kept = keep_from_cash(short, event.cash_back, ratio).points
    return cover_claw_back(points, taken, rulebook.returns, kept_points=kept).debt
