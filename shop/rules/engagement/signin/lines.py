"""Points of a sign-in, line by line under the caps.  The one place that says so: for the promise and for the payment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from shop.rules.engagement.signin.rewards import SignInReward
from shop.rules.points.caps import apply_caps
from shop.rules.points.earning import Award
from shop.rules.points.occurrences import SIGNED_IN, MemberFacts, Occurrence
from shop.rules.reasons import Reason
from shop.rules.rulebook import Rulebook, SourceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: of the day (``base``), a milestone, a step of the month, or a bonus with its ``rule``.  Caps are applied."""

    kind: str
    points: int
    reasons: tuple[Reason, ...]
    days: int | None = None
    source_class: SourceClass = "interaction"
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines in their order, and what counts under each cap after them."""

    lines: tuple[Line, ...]
    earned: Mapping[str, int]

    @property
    def total(self) -> int:
        """All points together."""
        return sum(line.points for line in self.lines)


def lines_of_reward(reward: SignInReward, earned: Mapping[str, int], rulebook: Rulebook) -> Lines:
    """The day, its milestones and steps.  ``earned`` holds what was earned so far under each cap, by its name."""
    offers = (
        Line(kind=row.kind, points=row.points, reasons=row.reasons, days=row.days) for row in reward.rows
    )
    return _under_caps(offers, earned, rulebook)


def lines_of_bonuses(awards: Iterable[Award], earned: Mapping[str, int], rulebook: Rulebook) -> Lines:
    """What tier and rules add (S06): ``awards`` of the ``occurrence`` of the day."""
    offers = (
        Line(
            kind="bonus",
            points=award.points,
            reasons=award.reasons,
            source_class=award.source_class,
            rule=award.rule,
        )
        for award in awards
    )
    return _under_caps(offers, earned, rulebook)


def occurrence(reward: SignInReward, at: datetime, zone: tzinfo, member: MemberFacts) -> Occurrence:
    """The sign-in as rules and tiers see it: they multiply what the day itself pays."""
    return Occurrence(event=SIGNED_IN, at=at, zone=zone, base_points=reward.base_points, member=member)


def _under_caps(offers: Iterable[Line], earned: Mapping[str, int], rulebook: Rulebook) -> Lines:
    lines = []
    for offer in offers:
        capped = apply_caps(offer.points, offer.source_class, earned, rulebook)
        reasons = (*offer.reasons, *capped.reasons)
        lines.append(
            Line(
                kind=offer.kind,
                points=capped.points,
                reasons=reasons,
                days=offer.days,
                source_class=offer.source_class,
                rule=offer.rule,
            )
        )
        earned = {
            cap.name: earned.get(cap.name, 0) + (capped.points if offer.source_class in cap.classes else 0)
            for cap in rulebook.caps
        }
    return Lines(tuple(lines), earned)
