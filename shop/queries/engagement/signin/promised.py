"""What the coming sign-ins of a member will bring, by the same decisions that pay them."""

from collections.abc import Sequence
from datetime import date, datetime

from shop.books.points.earned import earned_by_member
from shop.books.points.facts import MemberRow, facts_from, facts_of
from shop.books.rulebooks import Occasion, occasions_until
from shop.books.signins import SignedDay, days_of
from shop.queries.engagement.signin.shown import Offer
from shop.rules.engagement.signin import ONE_DAY, Moment, Promise, promises
from shop.rules.points.occurrences import GUEST, SIGNED_IN, MemberFacts, multiplies_sign_ins
from shop.rules.rulebook import Rulebook, SourceClass


def promised(
    member_id: int,
    rows: Sequence[SignedDay],
    until: date,
    occasion: Occasion,
    member: MemberRow | None = None,
) -> tuple[Promise, ...]:
    """From the next sign-in that is possible to ``until``, at least that one.  ``rows`` are the latest sign-ins.

    Versions that are published for a later moment count from then on.  ``member``: columns that have been read before.
    """
    is_signed = any(row.day == occasion.today for row in rows)
    first = occasion.today + ONE_DAY if is_signed else occasion.today
    moments = _moments(first, max(first, until), occasion)
    rulebooks = {moment.version: moment.rulebook for moment in moments}.values()
    asks = any(multiplies_sign_ins(rulebook) for rulebook in rulebooks)
    earned = _earned(member_id, occasion)
    if is_signed:
        ends_month = first.month != occasion.today.month
        earned = {
            cap.name: 0 if cap.per == "day" or ends_month else earned.get(cap.name, 0)
            for cap in occasion.rulebook.caps
        }
    return tuple(
        promises(
            moments,
            days_of(rows, occasion),
            zone=occasion.zone,
            member=_facts(member_id, member, occasion) if asks else GUEST,
            earned=earned,
        )
    )


def offer_of(promise: Promise) -> Offer:
    """A promise as it is shown.  What a cap cut to nothing, and brings nothing else, is not named."""
    sums = dict.fromkeys(("base", "bonus", "milestone", "month"), 0)
    for line in promise.lines:
        sums[line.kind] += line.points
    rows = promise.due.reward.rows
    named = {
        kind: next(
            (row.days for row in rows if row.kind == kind and (sums[kind] or row.tickets or row.coupon_code)),
            None,
        )
        for kind in ("milestone", "month")
    }
    return Offer(
        points=sums["base"] + sums["bonus"],
        milestone_days=named["milestone"],
        milestone_points=sums["milestone"],
        month_days=named["month"],
        month_points=sums["month"],
        tickets=sum(row.tickets for row in rows),
        coupons=sum(row.coupon_code is not None for row in rows),
    )


def _moments(first: date, last: date, occasion: Occasion) -> list[Moment]:
    """A moment of each day, at the hour that it is now, with the version in force then."""
    hour = occasion.now.astimezone(occasion.zone).timetz()
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    moments = [datetime.combine(day, hour) for day in days]
    occasions = occasions_until(moments[-1], occasion) if last > occasion.today else [occasion]
    return [_moment(at, occasions) for at in moments]


def _moment(at: datetime, occasions: Sequence[Occasion]) -> Moment:
    then = max(
        (each for each in occasions if each.now <= at), key=lambda each: each.now, default=occasions[0]
    )
    return Moment(at, then.version, then.rulebook)


def _facts(member_id: int, member: MemberRow | None, occasion: Occasion) -> MemberFacts:
    if member is None:
        return facts_of(member_id, occasion, event=SIGNED_IN)
    return facts_from(member, member_id, occasion, event=SIGNED_IN)


def _earned(member_id: int, occasion: Occasion) -> dict[str, int]:
    earned: dict[str, int] = {}
    for source_class in _classes(occasion.rulebook):
        earned |= earned_by_member(member_id, source_class, occasion)
    return earned


def _classes(rulebook: Rulebook) -> list[SourceClass]:
    return sorted({"interaction", *(rule.source_class for rule in rulebook.rules if rule.event == SIGNED_IN)})
