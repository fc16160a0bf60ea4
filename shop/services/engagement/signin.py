"""Signing in: once a day, and making up a missed day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from shop.books import signins
from shop.books.points import accounts, awarding, entries
from shop.books.points.accounts import LockedAccount
from shop.books.points.awarding import Source
from shop.books.points.deciding import decide
from shop.books.points.earned import earned_under_caps
from shop.books.points.entries import Line
from shop.books.points.facts import facts_of
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.signins import NewSignIn, SignedDay
from shop.errors import MakeUpRefused, MemberSuspended
from shop.extensions import db
from shop.models import Member
from shop.rules.engagement.signin import (
    RewardRow,
    SignInReward,
    makeup_cost_reason,
    makeup_refusal,
    makeup_reward,
    sign_in_reward,
    streak_after,
)
from shop.rules.points.caps import apply_caps
from shop.rules.points.occurrences import SIGNED_IN, Occurrence, multiplies_sign_ins
from shop.rules.reasons import Reason
from shop.transaction import transaction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class SignedIn:
    """A day of the collecting book: the streak it stands in and the points it brought, milestones included."""

    day: date
    streak: int
    points: int
    is_repeat: bool


@dataclass(frozen=True)
class _Paid:
    points: int
    milestones: tuple[int, ...]
    reasons: tuple[Reason, ...]


def sign_in(member_id: int, now: datetime) -> SignedIn:
    """Record the sign-in of the shop-day on which ``now`` (UTC) falls, and pay its points under the caps.

    A second call on the same day, even at the same moment, pays nothing and returns the first.  A day whose points a
    cap cut to nothing still counts.  Raises MemberSuspended.
    """
    with transaction():
        occasion = occasion_at(now)
        account = accounts.lock(member_id)
        _joined_at(member_id)
        last = signins.last_before(member_id, occasion.today + ONE_DAY)
        if last and last.day == occasion.today:
            return _as_result(last, is_repeat=True)
        streak = streak_after(last.day, last.streak, occasion.today) if last else 1
        reward = sign_in_reward(streak, occasion.rulebook.signin)
        paid = _pay(member_id, account, occasion.today, reward, occasion)
        signin = NewSignIn(occasion.today, streak, paid.points, paid.milestones, paid.reasons)
        signins.record(member_id, signin, occasion)
        return SignedIn(signin.day, streak, signin.points, is_repeat=False)


def make_up(member_id: int, day: date, now: datetime) -> SignedIn:
    """Fill a missed day for the rulebook's price in points, and pay what that day and its joined run bring.

    A repeat for a day already made up costs nothing and returns it.  Raises MakeUpRefused, InsufficientPoints and
    MemberSuspended; then nothing has changed.
    """
    with transaction():
        occasion = occasion_at(now)
        accounts.lock(member_id)
        joined_on = _joined_at(member_id).astimezone(occasion.zone).date()
        known = signins.of_day(member_id, day)
        if known and known.kind == "makeup":
            return _as_result(known, is_repeat=True)
        _refuse_unless_missed(member_id, day, joined_on, known, occasion)
        cost = _charge_makeup(member_id, day, occasion)
        runs = signins.runs_around(member_id, day)
        reward = _reward_of_makeup(day, runs, occasion)
        paid = _pay(member_id, accounts.lock(member_id), day, reward, occasion)
        streak = _join_runs(member_id, day, runs)
        signin = NewSignIn(day, streak, paid.points, paid.milestones, paid.reasons, "makeup", cost)
        signins.record(member_id, signin, occasion)
        return SignedIn(day, streak, signin.points, is_repeat=False)


def _as_result(row: SignedDay, *, is_repeat: bool) -> SignedIn:
    return SignedIn(row.day, row.streak, row.points, is_repeat)


def _joined_at(member_id: int) -> datetime:
    member = db.session.execute(select(Member.state, Member.joined_at).where(Member.id == member_id)).one()
    if member.state != "active":
        raise MemberSuspended
    joined_at: datetime = member.joined_at
    return joined_at


def _refuse_unless_missed(
    member_id: int, day: date, joined_on: date, known: SignedDay | None, occasion: Occasion
) -> None:
    rule = occasion.rulebook.signin.makeup
    refusal = makeup_refusal(
        day,
        today=occasion.today,
        joined_on=joined_on,
        used_this_month=signins.makeups_in_month(member_id, occasion.today),
        signed_days={known.day} if known else (),
        rule=rule,
    )
    if refusal:
        raise MakeUpRefused(rule.within_days, rule.per_month)


def _charge_makeup(member_id: int, day: date, occasion: Occasion) -> int:
    cost = occasion.rulebook.signin.makeup.cost_points
    if cost:
        reference = f"signin-makeup:{member_id}:{day}"
        line = Line("redeem", "redeemed", reference, (makeup_cost_reason(day),))
        entries.redeem(member_id, cost, line, occasion)
    return cost


def _reward_of_makeup(day: date, runs: Sequence[SignedDay], occasion: Occasion) -> SignInReward:
    paid = [(row.day, days) for row in runs for days in row.milestones]
    return makeup_reward(day, {row.day for row in runs}, paid, occasion.rulebook.signin)


def _join_runs(member_id: int, day: date, runs: Sequence[SignedDay]) -> int:
    """Lengthen the run after the made-up day.  Returns the place of that day in the joined run."""
    signed = {row.day for row in runs}
    place = next((row.streak for row in runs if row.day == day - ONE_DAY), 0) + 1
    run_end = day
    while run_end + ONE_DAY in signed:
        run_end += ONE_DAY
    if run_end > day:
        signins.lengthen_run(member_id, day, run_end, place)
    return place


def _pay(
    member_id: int, account: LockedAccount, day: date, reward: SignInReward, occasion: Occasion
) -> _Paid:
    """Book each row of a reward as far as the caps leave room."""
    unmoved: LockedAccount | None = account
    earned = earned_under_caps(account.id, "interaction", occasion)
    points = 0
    reasons: list[Reason] = []
    for row in reward.rows:
        capped = apply_caps(row.points, "interaction", earned, occasion.rulebook)
        why = (*row.reasons, *capped.reasons)
        reasons += why
        if capped.points:
            entries.earn(
                member_id,
                capped.points,
                source_class="interaction",
                reference=_reference(member_id, day, row),
                occasion=occasion,
                reasons=why,
                account=unmoved,
            )
            unmoved = None
            points += capped.points
            earned = {name: sum_points + capped.points for name, sum_points in earned.items()}
    more, why_more = _pay_bonuses(member_id, day, reward, occasion)
    milestones = tuple(row.milestone_days for row in reward.rows if row.milestone_days is not None)
    return _Paid(points + more, milestones, (*reasons, *why_more))


def _pay_bonuses(
    member_id: int, day: date, reward: SignInReward, occasion: Occasion
) -> tuple[int, tuple[Reason, ...]]:
    """What tier and rules add to the day's own points (S06), as entries of their own under the same caps."""
    base = sum(row.points for row in reward.rows if row.milestone_days is None)
    if base == 0 or not multiplies_sign_ins(occasion.rulebook):
        return 0, ()
    occurrence = Occurrence(
        event=SIGNED_IN,
        at=occasion.now,
        zone=occasion.zone,
        base_points=base,
        member=facts_of(member_id, occasion, event=SIGNED_IN),
    )
    reference = f"signin:{member_id}:{day}"
    awards = decide(member_id, occurrence, reference, occasion).awards
    source = Source(member_id=member_id, reference=reference, available_at=occasion.now)
    points = awarding.credit(awards, [award.points for award in awards], source, occasion)
    return points, tuple(reason for award in awards for reason in award.reasons)


def _reference(member_id: int, day: date, row: RewardRow) -> str:
    if row.milestone_days is None:
        return f"signin:{member_id}:{day}"
    return f"signin-milestone:{member_id}:{day}:{row.milestone_days}"
