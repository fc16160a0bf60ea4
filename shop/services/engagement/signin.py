"""Signing in: once a day, and making up a missed day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from shop.books import signin_gifts, signins
from shop.books.points import accounts, awarding, entries
from shop.books.points.accounts import LockedAccount
from shop.books.points.awarding import Source
from shop.books.points.deciding import decide
from shop.books.points.earned import earned_under_caps
from shop.books.points.entries import Line as EntryLine
from shop.books.points.facts import facts_of
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.signins import NewSignIn, SignedDay
from shop.errors import MakeUpRefused, MemberSuspended
from shop.extensions import db
from shop.models import Member
from shop.rules.engagement.signin import (
    ONE_DAY,
    DaySigned,
    Due,
    Line,
    Table,
    due_by_makeup,
    due_on,
    lines_of_reward,
    makeup_cost_reason,
    makeup_refusal,
    occurrence,
    pays_alike,
)
from shop.rules.points.occurrences import SIGNED_IN, multiplies_sign_ins
from shop.rules.reasons import Reason
from shop.transaction import transaction


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
    reasons: tuple[Reason, ...]


def sign_in(member_id: int, now: datetime) -> SignedIn:
    """Record the sign-in of the shop-day on which ``now`` (UTC) falls, and pay what it brings under the caps.

    A second call on the same day, even at the same moment, pays nothing and returns the first.  A day whose points a
    cap cut to nothing still counts.  A coupon that is gone, or tickets while no draw is open, do not come; the reasons of
    the day say so.  Raises MemberSuspended.
    """
    with transaction():
        occasion = occasion_at(now)
        account = accounts.lock(member_id)
        _joined_at(member_id)
        rows = signins.of_late(member_id, occasion.today)
        if first := next((row for row in rows if row.day == occasion.today), None):
            return _as_result(first, is_repeat=True)
        due = due_on(occasion.today, signins.days_of(rows, occasion), _table(occasion))
        paid = _pay(member_id, account, due, occasion)
        signins.record(member_id, _row_of(due, paid), occasion)
        return SignedIn(due.day, due.streak, paid.points, is_repeat=False)


def make_up(member_id: int, day: date, now: datetime) -> SignedIn:
    """Fill a missed day for the rulebook's price in points, and pay what that day, its joined run and its month bring.

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
        around = signins.days_of(signins.around(member_id, day), occasion)
        due = due_by_makeup(day, around, _table(occasion))
        paid = _pay(member_id, accounts.lock(member_id), due, occasion)
        _lengthen_run_after(member_id, due, around)
        signins.record(member_id, _row_of(due, paid, kind="makeup", cost_points=cost), occasion)
        return SignedIn(day, due.streak, paid.points, is_repeat=False)


def _table(occasion: Occasion) -> Table:
    return Table(occasion.version, occasion.rulebook.signin)


def _row_of(due: Due, paid: _Paid, *, kind: str = "daily", cost_points: int = 0) -> NewSignIn:
    return NewSignIn(
        day=due.day,
        streak=due.streak,
        cycle=due.cycle,
        points=paid.points,
        milestones=due.reward.days_of("milestone"),
        month_steps=due.reward.days_of("month"),
        reasons=paid.reasons,
        kind=kind,
        cost_points=cost_points,
    )


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
        line = EntryLine("redeem", "redeemed", reference, (makeup_cost_reason(day),))
        entries.redeem(member_id, cost, line, occasion)
    return cost


def _lengthen_run_after(member_id: int, due: Due, around: Sequence[DaySigned]) -> None:
    """The run after a made-up day is longer by that day and by what came before it.

    Paid by the same table it is counted as one with what came before; else its own table goes on counting as it did.
    """
    later = {each.day: each for each in around if each.day > due.day}
    run_end = due.day
    while run_end + ONE_DAY in later:
        run_end += ONE_DAY
    if run_end == due.day:
        return
    is_one = pays_alike(later[due.day + ONE_DAY].cycle.table.rule, due.cycle.table.rule)
    offset = due.cycle.offset if is_one else due.streak
    signins.lengthen_run(member_id, due.day, run_end, longer=due.streak, new_offset=offset)


def _pay(member_id: int, account: LockedAccount, due: Due, occasion: Occasion) -> _Paid:
    """Book each line as far as the caps leave room, then hand out tickets and coupons: what all members share comes last."""
    earned = earned_under_caps(account.id, "interaction", occasion)
    lines = lines_of_reward(due.reward, earned, occasion.rulebook)
    unmoved: LockedAccount | None = account
    for line in lines.lines:
        if line.points:
            _book(member_id, unmoved, due.day, line, occasion)
            unmoved = None
    more, why_more = _pay_bonuses(member_id, due, occasion)
    gifts = signin_gifts.give(member_id, due, occasion)
    reasons = tuple(reason for line in lines.lines for reason in line.reasons)
    return _Paid(lines.total + more, (*reasons, *why_more, *gifts))


def _book(member_id: int, account: LockedAccount | None, day: date, line: Line, occasion: Occasion) -> None:
    reference = _reference(member_id, day, line)
    entry = EntryLine("earn", "issued", reference, line.reasons, source_class=line.source_class)
    entries.earn(member_id, line.points, entry, occasion, account=account)


def _pay_bonuses(member_id: int, due: Due, occasion: Occasion) -> tuple[int, tuple[Reason, ...]]:
    """What tier and rules add (S06), as entries of their own under the same caps."""
    if not multiplies_sign_ins(occasion.rulebook):
        return 0, ()
    member = facts_of(member_id, occasion, event=SIGNED_IN)
    reference = f"signin:{member_id}:{due.day}"
    happened = occurrence(due.reward, occasion.now, occasion.zone, member)
    awards = decide(member_id, happened, reference, occasion).awards
    source = Source(member_id=member_id, reference=reference, available_at=occasion.now)
    points = awarding.credit(awards, [award.points for award in awards], source, occasion)
    return points, tuple(reason for award in awards for reason in award.reasons)


def _reference(member_id: int, day: date, line: Line) -> str:
    """Names what is paid: a day and its milestones once, a step of a month once in that month."""
    if line.kind == "month":
        return f"signin-month:{member_id}:{day:%Y-%m}:{line.days}"
    if line.kind == "milestone":
        return f"signin-milestone:{member_id}:{day}:{line.days}"
    return f"signin:{member_id}:{day}"
