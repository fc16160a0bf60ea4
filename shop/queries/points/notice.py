"""What a draft would need before it could count, as the page of its publication says it."""

from dataclasses import dataclass
from datetime import datetime

from shop.books.publications import notice_for
from shop.books.rulebooks import occasion_at
from shop.rules.rulebook import Rulebook


@dataclass(frozen=True)
class Needed:
    """``worse`` names the paths that members lose by; ``earliest_at`` is the first date then, None: at once."""

    worse: frozenset[str]
    notice_days: int
    earliest_at: datetime | None
    second_person: bool


def needed_for(rulebook: Rulebook, now: datetime) -> Needed:
    """What this rulebook needs to be published now."""
    notice = notice_for(rulebook, now, now)
    paths = frozenset(change.path for change in notice.worse)
    return Needed(paths, notice.days, notice.earliest_at, second_person_needed(now))


def second_person_needed(now: datetime) -> bool:
    """Whether the rules in force let nobody publish alone."""
    try:
        return occasion_at(now).rulebook.publishing.second_person
    except LookupError:
        return False


def adjustment_limit(now: datetime) -> int | None:
    """The most points that one person adjusts alone; None: any number."""
    return occasion_at(now).rulebook.publishing.adjustments_second_person_above
