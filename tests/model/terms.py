"""The terms of a rulebook as a plain dict, what a shopkeeper works out from them, and the rulebook that says the same.

The sums are worked out anew from the dict; the shop's own rules are not asked.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    CapRule,
    EarningRule,
    ExpiryPolicy,
    ExpiryRule,
    Milestone,
    OffsetRule,
    OrderRule,
    ReminderRule,
    ReturnRule,
    ShippingRule,
    SignInRule,
    TierRule,
)

ENDLESS = datetime(9999, 12, 31, tzinfo=UTC)
FROZEN = datetime(9998, 12, 31, tzinfo=UTC)  # when points can be spent that came while earning was frozen
SOURCES = ("purchase", "interaction", "referral", "draw", "grant")
POLICIES = (  # kind, days or periods
    ("days", 2),
    ("days", 1),
    ("days", 9),
    ("days", 90),
    ("month_end", 0),
    ("month_end", 2),
    ("quarter_end", 0),
    ("year_end", 0),
    ("year_end", 1),
    ("fixed", date(2026, 12, 31)),
    ("fixed", date(2028, 2, 29)),
    ("rolling", 9),
    ("rolling", 30),
    ("renewing", 10),
    ("never", 0),
)
RENEWALS = 2
CAPS = (
    (),
    ((("interaction",), 12, "day"),),
    ((("interaction",), 25, "month"),),
    ((("interaction", "purchase"), 40, "month"),),
    ((("purchase",), 30, "day"), (("interaction", "purchase"), 70, "month")),
)

TERMS = st.fixed_dictionaries(
    {
        "points": st.sampled_from([1, 2, 3]),
        "per_cents": st.sampled_from([100, 30, 7]),
        "bonus_permille": st.sampled_from([0, 200, 333]),
        "wait_days": st.sampled_from([0, 0, 1, 7]),
        "credited": st.sampled_from(["received", "paid"]),
        "expiry": st.tuples(*(st.sampled_from(POLICIES) for _source in SOURCES)),
        "caps": st.sampled_from(CAPS),
        "day_points": st.sampled_from([(10,), (5, 10, 15), (3, 0, 8)]),
        "milestones": st.sampled_from([(), ((2, 7),), ((2, 5), (3, 20))]),
        "shortage": st.sampled_from(["debt", "deduct", "waive"]),
        "notice_days": st.sampled_from([1, 7]),
        "grace_days": st.sampled_from([0, 1, 7]),
        "hold_minutes": st.sampled_from([15, 1440]),
        "offset": st.sampled_from([(1, 1), (10, 100), (3, 10)]),
    }
)


def rulebook_of(terms):
    """The shop's document that says the same."""
    days = {"cycle": False, "milestone_cycle_days": 366, "makeup": DEFAULT_RULEBOOK.signin.makeup}
    return replace(
        DEFAULT_RULEBOOK,
        earning=EarningRule(
            points=terms["points"],
            per_cents=terms["per_cents"],
            includes_shipping=False,
            wait_days=terms["wait_days"],
            credited=terms["credited"],
        ),
        tiers=(
            TierRule(
                code="sprout", name="新芽", growth_from=0, multiplier_permille=1000 + terms["bonus_permille"]
            ),
        ),
        offset=OffsetRule(
            points=terms["offset"][0],
            per_cents=terms["offset"][1],
            step_points=1,
            points_min=0,
            points_max=None,
            share_percent_max=100,
            cash_cents_min=0,
            windows=(),
        ),
        expiry=ExpiryRule(
            **{source: policy_of(*pair) for source, pair in zip(SOURCES, terms["expiry"], strict=True)}
        ),
        caps=tuple(
            CapRule(name=f"上限 {number}", classes=classes, points=points, per=per)
            for number, (classes, points, per) in enumerate(terms["caps"], start=1)
        ),
        signin=SignInRule(
            day_points=terms["day_points"],
            milestones=tuple(Milestone(days=days, points=points) for days, points in terms["milestones"]),
            **days,
        ),
        returns=ReturnRule(shortage=terms["shortage"], grace_days=terms["grace_days"]),
        orders=OrderRule(hold_minutes=terms["hold_minutes"], receive_after_days=10),
        reminders=ReminderRule(days=(30, 7, 1), notice_days_min=terms["notice_days"]),
        shipping=ShippingRule(fee_cents=0, free_from_cents=None, free_for_points_only=True),
    )


def policy_of(kind, number):
    counts_days = kind in {"days", "rolling", "renewing"}
    return ExpiryPolicy(
        kind=kind,
        days=number if counts_days else 0,
        periods_after=number if kind.endswith("_end") else 0,
        on=number if kind == "fixed" else None,
        times=RENEWALS if kind == "renewing" else 0,
    )


def midnight(day, zone):
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def life_of(terms, source, now, zone):
    """When points of this source end that are credited now (the first moment at which they are gone), and how ends move."""
    kind, number = terms["expiry"][SOURCES.index(source)]
    day = now.astimezone(zone).date()
    if kind == "never":
        return {"until": ENDLESS}
    moves = {"rolling": {"rolls": number}, "renewing": {"renews": (number, RENEWALS)}}
    return {"until": midnight(first_day_without(kind, number, day), zone), **moves.get(kind, {})}


def first_day_without(kind, number, day):
    if kind == "fixed":
        ends = [number, *(in_year(number, year) for year in range(day.year, day.year + 2))]
        return min(end for end in ends if end >= max(day, number)) + timedelta(days=1)
    if kind == "year_end":
        return date(day.year + number + 1, 1, 1)
    if kind in {"month_end", "quarter_end"}:
        month = day.month + number if kind == "month_end" else (day.month + 2) // 3 * 3 + 3 * number
        years, months = divmod(month, 12)
        return date(day.year + years, months + 1, 1)
    return day + timedelta(days=number + 1)


def in_year(day, year):
    """The same day of another year; 29 February is the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def cut_by_caps(terms, source, points, today, earned):
    """What the caps leave of points earned today; ``earned`` lists (day, source, points) of all that count."""
    for classes, most, per in terms["caps"]:
        first = today if per == "day" else today.replace(day=1)
        so_far = sum(
            points
            for day, class_of_points, points in earned
            if class_of_points in classes and first <= day <= today
        )
        if source in classes:
            points = min(points, max(0, most - so_far))
    return points


def awards_for(terms, cents):
    """Points for cash: the base and the tier's bonus, each rounded down."""
    base = cents * terms["points"] // terms["per_cents"]
    return [points for points in (base, base * terms["bonus_permille"] // 1000) if points]


def split(total, weights):
    """Parts that add up to the total: shares rounded down, and one more for the largest remainders, the first first."""
    whole = sum(weights) or 1
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return parts


def offset_for(terms, wanted, cents, available):
    """Points that replace cash, and how much: no more than wished for, and none that takes nothing off."""
    points, per_cents = terms["offset"]
    off = min(min(wanted, available) * per_cents // points, cents)
    return -(-off * points // per_cents), off


def points_for_signing_in(terms, streak, counted):
    """Points of the day by its streak, and by the milestone that the days counted for it reach."""
    table = terms["day_points"]
    return table[min(streak, len(table)) - 1], {
        days: more for days, more in terms["milestones"] if days == counted
    }


def table_that_pays(before, terms):
    """The terms whose table pays the next day of a run, and how many of its days these do not count.

    ``before`` is what the day before says of itself; None: the run begins.  A run that is on its way up a table, or to
    its milestones, goes on by it; what was published meanwhile counts from the day after.
    """
    if before is None:
        return terms, 0
    streak, table, uncounted = before
    same = all(table[part] == terms[part] for part in ("day_points", "milestones"))
    if same or table["milestones"] or streak < len(table["day_points"]):
        return table if not same else terms, uncounted
    return terms, streak
