"""How much of an offer fits under the limits of its source class."""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.rules.reasons import Reason, because
from shop.rules.rulebook import CapRule, Rulebook, SourceClass


@dataclass(frozen=True, slots=True)
class Capped:
    """What is credited, what was cut, and by which cap.  ``points + cut`` is what was offered."""

    points: int
    cut: int
    reasons: tuple[Reason, ...]


def caps_for(source_class: SourceClass, rulebook: Rulebook) -> tuple[CapRule, ...]:
    """The caps whose earlier points must be known before ``apply_caps`` can decide."""
    return tuple(cap for cap in rulebook.caps if source_class in cap.classes)


def apply_caps(
    offered: int, source_class: SourceClass, earned_so_far: Mapping[str, int], rulebook: Rulebook
) -> Capped:
    """Cut an offer to what every cap of its class leaves.

    ``earned_so_far`` holds, by cap name, the points credited to the member from all classes of that cap in the
    cap's running day or month; a missing name means none.
    """
    points = offered
    reasons: tuple[Reason, ...] = ()
    for cap in caps_for(source_class, rulebook):
        left = max(0, cap.points - earned_so_far.get(cap.name, 0))
        if left < points:
            points = left
            reasons = (_cut_by(cap, offered, offered - left),)
    return Capped(points, offered - points, reasons)


def _cut_by(cap: CapRule, offered: int, cut: int) -> Reason:
    return because(
        "cut_by_cap",
        cap=cap.name,
        per=cap.per,
        cap_points=cap.points,
        offered_points=offered,
        cut_points=cut,
    )
