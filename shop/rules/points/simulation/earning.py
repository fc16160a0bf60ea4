"""Steps of a replay that bring points: purchases, days of the collecting book, deeds, and what was given."""

from dataclasses import replace

from shop.rules.engagement.signin import counted_in, place_of, points_for_day
from shop.rules.points.earning import Award, credited_at
from shop.rules.points.occurrences import SIGNED_IN, Occurrence
from shop.rules.points.simulation.events import Bought, Counted, Credited, Did, Given, Signed
from shop.rules.points.simulation.members import Bargain, PastPurchase, SideMember
from shop.rules.points.simulation.openings import OpeningLot
from shop.rules.points.simulation.side import SideLot
from shop.rules.points.simulation.world import World
from shop.rules.rulebook import Rulebook, SourceClass


def buy(world: World, member: SideMember, event: Bought) -> None:
    """Decide what a purchase earns."""
    rulebook = world.version_of(event.at, event.decided_version)
    today = world.day(event.paid_at)
    cents = sum(line.cents for line in event.lines)
    tier = event.tier_code if world.keeps_tiers else member.tier.held.code
    occurrence = Occurrence(
        at=event.paid_at,
        placed_at=event.placed_at,
        zone=world.zone,
        lines=event.lines,
        shipping_cents=event.shipping_cents,
        channel=event.channel,
        member=world.facts(member, rulebook, today, tier),
    )
    awards = world.decide(member, occurrence, rulebook, today)
    past = PastPurchase(today, cents, cents)
    member.purchases[event.key] = past
    world.bargains[event.key] = Bargain(awards, past)
    if event.at >= world.since:  # earlier ones are here because their points came later
        world.figures.sales_cents += cents


def credit(world: World, member: SideMember, event: Credited) -> None:
    """Book what was decided."""
    bargain = world.bargains.get(event.key)
    if bargain is None:
        return
    rulebook = world.version_of(event.at, event.version)
    available_at = max(event.at, credited_at(event.waits_from, rulebook.earning))
    for award, points in zip(bargain.awards, _left(bargain, event), strict=True):
        bargain.earned += world.earn(
            member, event, award, points, rulebook, available_at=available_at, owner=event.key
        )


def count(world: World, member: SideMember, event: Counted) -> None:
    """From now on the purchase counts for the tier."""
    if event.key is None:
        member.points_orders.append(event.counted_at)
    elif (past := member.purchases.get(event.key)) is not None:
        past.counted_at = event.counted_at
    world.standings.follow(member, event.at)


def sign(world: World, member: SideMember, event: Signed) -> None:
    """A day of the collecting book, its milestones, its month's step, and what tier and rules add."""
    rulebook = world.version_of(event.at, None)
    rule = world.version_of(event.at, event.cycle_version).signin
    is_same_cycle = event.cycle == rule.streak_cycle
    counted = event.counted if is_same_cycle else counted_in(rule, event.day, event.streak)
    base = points_for_day(event.streak, rule, counted)
    _earn_plain(world, member, event, base, "interaction", rulebook)
    place = place_of(counted, rule)
    for milestone in rule.milestones:
        is_known = is_same_cycle and milestone.days in event.known_milestones
        if milestone.days in event.milestones if is_known else milestone.days == place:
            _earn_plain(world, member, event, milestone.points, "interaction", rulebook)
    for step in world.version_of(event.at, event.month_version).signin.month_steps:
        if step.days == event.month_days:
            _earn_plain(world, member, event, step.points, "interaction", rulebook)
    if world.questions(rulebook).multiplies_sign_ins:
        _reward(world, member, event, SIGNED_IN, None, base, rulebook)


def do(world: World, member: SideMember, event: Did) -> None:
    """A deed that rules may reward."""
    rulebook = world.version_of(event.at, None)
    world.bargains[event.key] = _reward(world, member, event, event.event, event.detail, 0, rulebook)


def give(world: World, member: SideMember, event: Given) -> None:
    """Points that no rule decides."""
    rulebook = world.version_of(event.at, None)
    available_at = event.available_at or event.at
    if event.lot is None:
        policy = rulebook.expiry.policy_for(event.source_class)
        lot = world.lot_under(policy, event.points, event.at, available_at)
    else:
        lot = _lot_of(event.lot, event)
    lot.available_at, lot.owner = available_at, event.key
    if event.waits_when_frozen:
        lot = member.account.waiting(lot)
    today = world.day(event.at)
    if event.counts_as_earned:
        member.count_earned(event.source_class, event.points, today)
    member.account.open(lot)
    member.account.roll(today, event.at, world.zone)
    world.figures.issue(event.member_id, event.points, event.at)


def _left(bargain: Bargain, event: Credited) -> list[int]:
    """What a refund before this moment left of each award: as in the books, or the same share of another award."""
    points = [award.points for award in bargain.awards]
    if event.left_points is None or not sum(event.decided_points):
        return points
    if tuple(points) == event.decided_points:
        return list(event.left_points)
    left, decided = sum(event.left_points), sum(event.decided_points)
    return [number * left // decided for number in points]


def _reward(
    world: World,
    member: SideMember,
    event: Signed | Did,
    name: str,
    detail: str | None,
    base: int,
    rulebook: Rulebook,
) -> Bargain:
    today = world.day(event.at)
    occurrence = Occurrence(
        event=name,
        at=event.at,
        zone=world.zone,
        detail=detail,
        base_points=base,
        member=world.facts(member, rulebook, today, member.tier.held.code, name),
    )
    bargain = Bargain(world.decide(member, occurrence, rulebook, today))
    owner = event.key if isinstance(event, Did) else None
    for award in bargain.awards:
        bargain.earned += world.earn(member, event, award, award.points, rulebook, owner=owner)
    return bargain


def _earn_plain(
    world: World,
    member: SideMember,
    event: Signed,
    points: int,
    source_class: SourceClass,
    rulebook: Rulebook,
) -> None:
    if points:
        world.earn(member, event, Award(points, source_class, ()), points, rulebook)


def _lot_of(lot: OpeningLot, event: Given) -> SideLot:
    side = SideLot(event.points, event.at, lot.expires_at, event.at)
    return replace(
        side,
        extension=lot.extension,
        extension_days=lot.extension_days,
        extensions_left=lot.extensions_left,
    )
