"""Over invented histories the live rulebook comes out exactly as the books have it: lots, ends, debts, entries, tiers."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Lot, Member, PointsAccount, PointsEntry
from shop.rules.rulebook import TierPolicy
from shop.services.points.simulating import replay_live, simulate
from tests.factories import MONDAY, make_rulebook
from tests.services.points.histories import LADDER, LIVE, RENEWING, ROLLING, History

DAYS = 40
POLICIES = {
    "spend of twelve months": TierPolicy(measure="spend", window="rolling_12_months", kept_months=1),
    "points of a year, one step down": TierPolicy(
        measure="points", window="calendar_year", kept_months=1, fall="one_step", grace_days=5
    ),
    "orders for good": TierPolicy(measure="orders"),
    "growth for good": TierPolicy(),
}


def at_the_end(days):
    return MONDAY + timedelta(days=days)


def lots_in_the_books(now):
    lots = defaultdict(Counter)
    rows = db.session.execute(
        select(
            PointsAccount.member_id, Lot.remaining_points, Lot.held_points, Lot.available_at, Lot.expires_at
        )
        .join(Lot, Lot.account_id == PointsAccount.id)
        .where(Lot.remaining_points > 0, Lot.expires_at > now)
    )
    for member_id, *lot in rows:
        lots[member_id][tuple(lot)] += 1
    return dict(lots)


def lots_of(replay, now):
    return {
        member_id: found
        for member_id, account in replay.accounts().items()
        if (
            found := Counter(
                (lot.remaining, lot.held, lot.available_at, lot.expires_at)
                for lot in account.lots
                if lot.expires_at > now
            )
        )
    }


def debts_in_the_books():
    return dict(db.session.execute(select(PointsAccount.member_id, PointsAccount.debt_points)).all())


def entries_in_the_books(since):
    """What every member's entries of one moment bring together, without the sweep, which only writes down what is."""
    sums = Counter()
    rows = db.session.execute(
        select(PointsAccount.member_id, PointsEntry.occurred_at, PointsEntry.points)
        .join(PointsEntry, PointsEntry.account_id == PointsAccount.id)
        .where(
            PointsEntry.kind != "expire",
            PointsEntry.occurred_at >= since,
            ~PointsEntry.reference.startswith("merge:"),
            ~PointsEntry.reference.startswith("part:"),
        )
    )
    for member_id, at, points in rows:
        sums[member_id, at] += points
    return {key: points for key, points in sums.items() if points}


def lapsed_in_the_books(since):
    rows = db.session.execute(
        select(PointsAccount.member_id, PointsEntry.points)
        .join(PointsEntry, PointsEntry.account_id == PointsAccount.id)
        .where(PointsEntry.kind == "expire", PointsEntry.occurred_at >= since)
    )
    sums = Counter()
    for member_id, points in rows:
        sums[member_id] -= points
    return sums


def tiers_in_the_books():
    return dict(db.session.execute(select(Member.id, Member.tier_code)).all())


def assert_replays(total_days, days, *, tiers=True, swept=True):
    """Replay the last ``days`` of a history of ``total_days``: every figure as in the books."""
    now = at_the_end(total_days)
    movements = Counter()

    def remember(member_id, points, at):
        movements[member_id, at] += points

    replay = replay_live(days, now, remember)

    figures = replay.figures
    assert lots_of(replay, now) == lots_in_the_books(now)
    assert {member: account.debt for member, account in replay.accounts().items()} == debts_in_the_books()
    since = now - timedelta(days=days)
    expected = entries_in_the_books(since)
    assert {key: movements[key] for key in expected} == expected
    if swept:  # else what is over is still to be written down
        assert figures.total("lapsed") == sum(lapsed_in_the_books(since).values())
    assert figures.short == 0
    if tiers:
        assert figures.tiers == tiers_in_the_books()


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_every_policy_of_tiers_and_ends(app, policy, number):
    make_rulebook(replace(LIVE, tiers=LADDER, tier_policy=policy))
    History(number).tell(DAYS)

    assert_replays(DAYS, 90)
    assert_replays(DAYS, 20)


def test_draft_that_changes_nothing_comes_out_like_the_books(app):
    rulebook = replace(LIVE, tiers=LADDER, tier_policy=POLICIES["spend of twelve months"])
    make_rulebook(rulebook)
    History(3).tell(DAYS)

    for days in (90, 20):
        document = simulate(rulebook, days, at_the_end(DAYS))[0].document
        assert document["live"] == document["draft"]
        assert document["tiers"] == {"up": 0, "down": 0}


def test_draft_with_another_ladder_moves_members_and_what_they_earn(app):
    """Steps that are easier to reach lift members, and what they buy from then on earns more."""
    rulebook = replace(LIVE, tiers=LADDER)
    make_rulebook(rulebook)
    History(3).tell(DAYS)
    easier = tuple(replace(tier, growth_from=tier.growth_from // 10) for tier in LADDER)

    document = simulate(replace(rulebook, tiers=easier), 90, at_the_end(DAYS))[0].document

    assert document["tiers"]["up"] > 0
    assert document["tiers"]["down"] == 0
    assert document["draft"]["issued"] > document["live"]["issued"]


@pytest.mark.parametrize("number", [5, 309])
def test_worker_that_is_away_on_most_days(app, number):
    """Ends are put off because nobody was told in time, and lots renew only when they are swept."""
    make_rulebook(replace(LIVE, tiers=LADDER))
    History(number).tell(DAYS, is_punctual=False)

    assert_replays(DAYS, 90, swept=False)
    assert_replays(DAYS, 15, swept=False)


def test_new_version_in_the_middle(app):
    """Another ladder, another measure, other ends and shorter of mercy, from one day on."""
    make_rulebook(replace(LIVE, tiers=LADDER))
    changed = replace(
        LIVE,
        tiers=tuple(replace(tier, growth_from=tier.growth_from // 2) for tier in LADDER),
        tier_policy=TierPolicy(measure="spend", kept_months=1),
        expiry=replace(LIVE.expiry, purchase=RENEWING, interaction=ROLLING),
        returns=replace(LIVE.returns, shortage="waive"),
    )
    make_rulebook(changed, effective_at=MONDAY + timedelta(days=20))
    History(8).tell(DAYS)

    assert_replays(DAYS, 90)
    assert_replays(DAYS, 30)


@pytest.mark.parametrize("number", [10, 11])
def test_two_accounts_become_one_and_two_again(app, number):
    make_rulebook(replace(LIVE, tiers=LADDER))
    history = History(number)
    history.tell(20)
    history.merges(at_the_end(20) + timedelta(hours=2))
    history.tell(6, first=21)
    if number % 2:
        history.parts(at_the_end(27) + timedelta(hours=1))
    history.tell(10, first=28)

    assert_replays(38, 90, tiers=False)
