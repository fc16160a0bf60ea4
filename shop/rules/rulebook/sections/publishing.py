"""How the rules themselves change, and what needs a second person."""

from dataclasses import dataclass
from typing import Annotated

from shop.rules.rulebook.limits import Flag, Whole
from shop.rules.rulebook.sections.sources import POINTS_MAX

NOTICE_DAYS_MIN = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingRule:
    """What worsens anything for members is announced ``notice_days`` ahead (N05).

    ``second_person``: somebody else approves every publication.  Adjustments by hand of more than
    ``adjustments_second_person_above`` points wait for somebody else too; None: none does (E20).
    """

    notice_days: Annotated[int, Whole(NOTICE_DAYS_MIN, 365, more_is="better")] = 30
    second_person: Annotated[bool, Flag(more_is="neither")] = False
    adjustments_second_person_above: Annotated[int | None, Whole(0, POINTS_MAX, more_is="neither")] = None


A_MONTH_AHEAD = PublishingRule()
"""How rules change when the shop's owner has said nothing."""
