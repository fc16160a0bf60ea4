"""The sign-in calendar: a month of found things, the streak, its milestones, and what may be made up."""

import calendar
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books import signins
from shop.books.points.facts import BIRTHDAY_COLUMNS
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.signins import SignedDay
from shop.extensions import db
from shop.models import Member
from shop.queries.engagement.finds import find_of, finds_of_month
from shop.queries.engagement.signin.miles import miles_of
from shop.queries.engagement.signin.promised import offer_of, promised
from shop.queries.engagement.signin.shown import Calendar, DayCell, MakeUp, Offer, Today
from shop.queries.points.balance import balance_of
from shop.rules.engagement.signin import (
    ONE_DAY,
    DaySigned,
    Promise,
    Table,
    bounds_of,
    counted_in,
    makeup_refusal,
    month_of,
    month_table,
    pays_alike,
    place_of,
)
from shop.rules.rulebook import MakeUpRule, SignInRule

MEMBER = select(Member.joined_at, *BIRTHDAY_COLUMNS).where(Member.id == bindparam("member"))


def calendar_for(member_id: int, now: datetime, month: date | None = None) -> Calendar:
    """The month of ``month`` (default: this one), never before the member joined or after today."""
    occasion = occasion_at(now)
    member = db.session.execute(MEMBER, {"member": member_id}).one()
    joined_on = member.joined_at.astimezone(occasion.zone).date()
    this_month = occasion.today.replace(day=1)
    shown = max(joined_on.replace(day=1), min(month or occasion.today, occasion.today).replace(day=1))
    known = signins.since(member_id, min(shown, this_month - 31 * ONE_DAY))
    until = _month_after(this_month) - ONE_DAY if shown == this_month else occasion.today
    ahead = promised(member_id, known, until, occasion, member)
    offers = {each.due.day: offer_of(each) for each in ahead}
    signed = {row.day: row for row in known}
    makeup = _makeup(known, joined_on, occasion)
    cells = _month_cells(member_id, shown, signed, makeup, offers, occasion.today)
    return Calendar(
        month=shown,
        previous_month=_month_before(shown) if shown > joined_on.replace(day=1) else None,
        next_month=_month_after(shown) if shown < this_month else None,
        blanks=(shown.weekday() + 1) % 7,
        cells=cells,
        found=sum(cell.state == "got" for cell in cells),
        missed=sum(cell.state in ("miss", "past") and cell.day >= joined_on for cell in cells),
        today=occasion.today,
        is_signed=occasion.today in signed,
        streak=_streak(known, occasion.today),
        offer=offer_of(ahead[0]),
        makeup=makeup,
        rulebook=occasion.rulebook,
        rulebook_version=occasion.version,
        balance_points=balance_of(member_id, now).available,
        **_standing(signins.days_of(known, occasion), ahead[0], occasion),
    )


def today_for(member_id: int, now: datetime, occasion: Occasion | None = None) -> Today:
    """The last seven days and what signing in now would bring; ``occasion`` when it has been looked up before."""
    occasion = occasion or occasion_at(now)
    known = signins.of_late(member_id, occasion.today)
    signed = {row.day for row in known}
    days = [occasion.today - back * ONE_DAY for back in range(6, -1, -1)]
    week = tuple(_week_cell(member_id, day, signed, occasion.today) for day in days)
    (next_one,) = promised(member_id, known, occasion.today, occasion)
    streak = _streak(known, occasion.today)
    return Today(occasion.today, occasion.today in signed, streak, week, offer_of(next_one))


def _streak(known: list[SignedDay], today: date) -> int:
    """The streak as it stands: the last row's, while that is of today or yesterday."""
    last = next((row for row in reversed(known) if row.day <= today), None)
    return last.streak if last and last.day >= today - ONE_DAY else 0


def _standing(known: list[DaySigned], next_one: Promise, occasion: Occasion) -> dict[str, Any]:
    """How the running cycle and the running month stand today."""
    today = occasion.today
    current = Table(occasion.version, occasion.rulebook.signin)
    is_signed = next_one.due.day > today
    last = max((each for each in known if each.day <= today), key=lambda each: each.day, default=None)
    cycle = last.cycle if last and is_signed else next_one.due.cycle
    rule = cycle.table.rule
    counted = (
        counted_in(rule, today, last.streak, cycle.offset) if last and is_signed else next_one.due.counted
    )
    position = place_of(counted, rule) - (0 if is_signed else 1)
    month = month_of(today, known)
    of_month = month_table(month, current).rule.month_steps
    return {
        "streak_cycle": rule.streak_cycle,
        "kept_version": None if pays_alike(rule, current.rule) else cycle.table.version,
        "miles": miles_of(rule.milestones, position, _paid_in_cycle(known, rule, today)),
        "month_days": len(month),
        "month_miles": miles_of(of_month, len(month)),
    }


def _paid_in_cycle(known: list[DaySigned], rule: SignInRule, today: date) -> set[int]:
    bounds = bounds_of(rule.streak_cycle, today)
    if bounds is None:
        return set()
    return {days for each in known if bounds[0] <= each.day <= bounds[1] for days in each.milestones}


def _month_cells(
    member_id: int,
    month: date,
    signed: dict[date, SignedDay],
    makeup: MakeUp,
    offers: dict[date, Offer],
    today: date,
) -> tuple[DayCell, ...]:
    finds = finds_of_month(member_id, month)
    cells = []
    for number in range(1, calendar.monthrange(month.year, month.month)[1] + 1):
        day = month.replace(day=number)
        offer = offers.get(day)
        if day in signed:
            cells.append(DayCell(day, "got", finds[number - 1], day == today))
        else:
            cells.append(DayCell(day, _open_state(day, today, makeup, offer), None, day == today, offer))
    return tuple(cells)


def _open_state(day: date, today: date, makeup: MakeUp, offer: Offer | None) -> str:
    if day == today:
        return "today"
    if day > today:
        return "gift" if offer and offer.is_special else "future"
    return "miss" if makeup.left and day in makeup.days else "past"


def _week_cell(member_id: int, day: date, signed: set[date], today: date) -> DayCell:
    if day in signed:
        return DayCell(day, "got", find_of(member_id, day), day == today)
    return DayCell(day, "today" if day == today else "past", None, day == today)


def _makeup(known: list[SignedDay], joined_on: date, occasion: Occasion) -> MakeUp:
    rule: MakeUpRule = occasion.rulebook.signin.makeup
    today = occasion.today
    month = today.replace(day=1)
    used = sum(row.kind == "makeup" and row.day >= month for row in known)
    signed = {row.day for row in known}

    def can_fill(day: date) -> bool:
        facts = {
            "today": today,
            "joined_on": joined_on,
            "used_this_month": 0,
            "signed_days": signed,
            "rule": rule,
        }
        return makeup_refusal(day, **facts) is None  # type: ignore[arg-type]

    days = tuple(day for back in range(rule.within_days, 0, -1) if can_fill(day := today - back * ONE_DAY))
    last_chance = days[0] + rule.within_days * ONE_DAY if days else None
    return MakeUp(
        rule.cost_points, max(0, rule.per_month - used), rule.per_month, rule.within_days, days, last_chance
    )


def _month_before(month: date) -> date:
    return (month - ONE_DAY).replace(day=1)


def _month_after(month: date) -> date:
    return (month + 31 * ONE_DAY).replace(day=1)
