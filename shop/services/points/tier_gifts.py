"""By the clock: what a tier brings on a birthday and each month."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from shop.books import outbox
from shop.books.points import accounts, entries
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers import birthdays, packs
from shop.extensions import db
from shop.models import Member, RulebookVersion
from shop.rules.reasons import because
from shop.rules.rulebook import ExpiryPolicy, TierRule
from shop.transaction import transaction

BATCH = 200
DAYS_LATE_MAX = 6
"""A worker that was away gives late; after a week a birthday is over."""


def give_birthday_gifts(now: datetime) -> int:
    """Give the points of today's birthdays, once a year each.  Returns how many were given.

    From 00:00 of the shop's day on; 29 February counts on the 28th in other years.  A birthday that was told on its own
    day or later waits a year.  Each in a transaction of its own; safe to run twice and on two machines.
    """
    while _index_birthdays() == BATCH:
        pass
    if db.session.scalar(select(RulebookVersion.id).limit(1)) is None:
        return 0
    occasion = occasion_at(now)
    codes = [tier.code for tier in occasion.rulebook.tiers if tier.birthday_points]
    days = [occasion.today - timedelta(days=late) for late in range(DAYS_LATE_MAX + 1)] if codes else []
    due = [(day, member_id) for day in days for member_id in birthdays.celebrating(day, codes, occasion)]
    return sum(_give(member_id, day, occasion) for day, member_id in due)


def give_monthly_packs(now: datetime) -> int:
    """Give this month's draw tickets and coupons to the members of each tier that has some.  Returns how many packs.

    Once a month and kind for a member; what cannot be given now (no draw is open, the coupon is off) is given later in the
    month.  Safe to run twice and on two machines.
    """
    if db.session.scalar(select(RulebookVersion.id).limit(1)) is None:
        return 0
    occasion = occasion_at(now)
    draw_id = packs.open_draw(occasion)
    given = 0
    for tier in occasion.rulebook.tiers:
        if tier.monthly_tickets and draw_id:
            given += _give_to_all(tier, "tickets", draw_id, occasion)
        if tier.monthly_coupons:
            given += _give_to_all(tier, "coupons", 0, occasion)
    return given


def _index_birthdays() -> int:
    with transaction():
        return birthdays.fill_missing(BATCH)


def _give(member_id: int, day: date, occasion: Occasion) -> bool:
    """One gift, by the tier of this moment."""
    with transaction():
        account = accounts.lock(member_id)
        reference = birthdays.reference_of(member_id, day.year)
        if entries.entry_of(reference):
            return False
        tier = _tier_of(member_id, occasion)
        if tier is None or tier.birthday_points == 0:
            return False
        why = because("birthday_gift", tier_name=tier.name, days=tier.birthday_days)
        line = Line("grant", "issued", reference, (why,), source_class="grant")
        policy = ExpiryPolicy(kind="days", days=tier.birthday_days, periods_after=0)
        entry_id = entries.earn(
            member_id, tier.birthday_points, line, occasion, policy=policy, account=account
        )
        last_on = occasion.today + timedelta(days=tier.birthday_days)
        payload = {
            "entry_id": entry_id,
            "member_id": member_id,
            "points": tier.birthday_points,
            "last_on": last_on.isoformat(),
        }
        outbox.put("birthday_gift", f"birthday_gift:{member_id}:{day.year}", occasion.now, payload)
    return True


def _tier_of(member_id: int, occasion: Occasion) -> TierRule | None:
    statement = select(Member.tier_code).where(Member.id == member_id, Member.state == "active")
    code = db.session.scalar(statement)
    return occasion.rulebook.tier(code) if code else None


def _give_to_all(tier: TierRule, kind: str, draw_id: int, occasion: Occasion) -> int:
    given, last_id = 0, 0
    while members := packs.waiting(tier.code, kind, occasion, after=last_id, limit=BATCH):
        for member_id in members:
            with transaction():
                if kind == "tickets":
                    given += packs.give_tickets(member_id, tier, draw_id, occasion)
                else:
                    given += packs.give_coupons(member_id, tier, occasion)
        last_id = members[-1]
    return given
