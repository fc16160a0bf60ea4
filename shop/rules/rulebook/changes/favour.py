"""For whom a single difference is better, kind by kind.

Most numbers say it themselves (``more_is`` beside the field).  What is left is decided here; what is decided nowhere
stays None, "not provable", and counts as worse when notice is asked for (``rules/points/notice.py``).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shop.rules.rulebook.limits import MoreIs
from shop.rules.rulebook.sections import SOURCE_CLASSES, ExpiryPolicy, Rule

ITEM = re.compile(r"\[[^\]]*\]")
SPENDING = "offset"  # where fewer points for the same money are better
ONLY_ADDS = frozenset({"multiply", "points", "threshold"})
YEAR, LEAP_YEAR, SHORTEST_MONTH, LONGEST_MONTH = 365, 366, 28, 31
SHORTEST_QUARTER, LONGEST_QUARTER = 90, 92


def favour_of(path: str, more_is: MoreIs | None, old: Any, new: Any) -> bool | None:
    """Whether members gain by a value that changed; None where that depends."""
    judge = JUDGES.get(ITEM.sub("[]", path))
    if judge:
        return judge(old, new)
    if more_is in (None, "neither") or not isinstance(old, int | None) or not isinstance(new, int | None):
        return None
    # None is "no limit" (offset) or "never free" (shipping): more than any number, in the field's own sense.
    rises = old is not None and (new is None or new > old)
    return rises == (more_is == "better")


def is_felt(path: str, more_is: MoreIs | None) -> bool:
    """Whether members notice it at all: a name, and who has to approve, change nothing for them."""
    return more_is != "neither" and not path.endswith((".name", ".unit"))


def when_added(more_is: MoreIs | None, added: Any) -> bool | None:
    """Whether members gain by a thing that was added to a list."""
    if isinstance(added, Rule):  # of a stack group the best counts, so a bonus can only add
        return True if added.effect.kind in ONLY_ADDS else None
    return None if more_is is None else more_is == "better"


def favour_of_ratio(path: str, old: tuple[Any, Any], new: tuple[Any, Any]) -> bool | None:
    """Points and cents changed together: earning wants more points for its money, spending fewer.  None: the same."""
    before, after = old[0] * new[1], new[0] * old[1]
    if before == after:
        return None
    return bool(after > before) != path.startswith(SPENDING)


def favour_of_policy(old: ExpiryPolicy, new: ExpiryPolicy) -> bool | None:
    """Two kinds of expiry: better when the shortest that points last by the new one is as long as the longest before."""
    before, after = _days_of(old), _days_of(new)
    if before is None or after is None:
        return None
    if after[0] >= before[1]:
        return True
    return False if after[1] <= before[0] else None


def _days_of(policy: ExpiryPolicy) -> tuple[int, int] | None:
    """The fewest and the most days that points last; None for a kind that is not compared."""
    later = policy.periods_after
    forever = 10**6
    spans = {
        "never": (forever, forever),
        "days": (policy.days, policy.days),
        "rolling": (policy.days, forever),
        "renewing": (policy.days, policy.days * (policy.times + 1)),
        "month_end": (SHORTEST_MONTH * later, LONGEST_MONTH * (later + 1)),
        "quarter_end": (SHORTEST_QUARTER * later, LONGEST_QUARTER * (later + 1)),
        "year_end": (YEAR * later, LEAP_YEAR * (later + 1)),
    }
    return spans.get(policy.kind)


def _waiving(old: Any, new: Any) -> bool | None:
    """Nothing to give back is better than any other way."""
    return True if new == "waive" else False if old == "waive" else None


def _fewer(old: Any, new: Any) -> bool | None:
    """Conditions that must all hold, or classes that a cap takes in: without some of them it is better."""
    if all(each in old for each in new):
        return True
    return False if all(each in new for each in old) else None


def _by_day_to_month(old: Any, new: Any) -> bool | None:
    """The same number of points a day is more than a month."""
    return {("month", "day"): True, ("day", "month"): False}.get((old, new))


def _unlimited(old: Any, new: Any) -> bool | None:
    return True if new is None else False if old is None else None


def _present(old: Any, new: Any) -> bool | None:
    """A coupon is better than none; one instead of another depends."""
    return True if old is None else False if new is None else None


def _adding(old: Any, new: Any) -> bool | None:
    """Bonuses that multiply each other are never less than their sum."""
    return {("add", "multiply"): True, ("multiply", "add"): False}.get((old, new))


def _more(old: Any, new: Any) -> bool | None:
    """Answers to choose from: with more of them nobody loses one."""
    return True if all(each in new for each in old) else None


def _starting(old: Any, new: Any) -> bool | None:
    return None if old is None or new is None else bool(new < old)


def _ending(old: Any, new: Any) -> bool | None:
    return None if old is None or new is None else bool(new > old)


JUDGES: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "returns.shortage": _waiving,
    "caps[].classes": _fewer,
    "caps[].per": _by_day_to_month,
    "offset.windows[].starts_at": _starting,
    "offset.windows[].ends_at": _ending,
    **{f"expiry.{name}.on": _ending for name in SOURCE_CLASSES},
    "signin.milestones[].coupon_code": _present,
    "signin.month_steps[].coupon_code": _present,
    "kinds[].expiry.on": _ending,
    "rules[].conditions": _fewer,
    "profile.fields": _fewer,
    "profile.own[].choices": _more,
    "rules[].times": _unlimited,
    "stacking.between_groups": _adding,
}
