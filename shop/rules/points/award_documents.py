"""Awards as JSON: kept with the order or purchase that earned them, and read again when they are credited or taken back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from shop.rules.points.bonuses import Threshold
from shop.rules.points.earning import Award, Awards
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import Reason


def award_documents(awards: Awards) -> list[dict[str, Any]]:
    """The JSON form of awards."""
    return [asdict(award) for award in awards.awards]


def awards_from_documents(documents: Iterable[Mapping[str, Any]]) -> Awards:
    """Read what ``award_documents`` wrote; older ones know neither rule nor shares."""
    return Awards(tuple(_award(document) for document in documents))


def _award(document: Mapping[str, Any]) -> Award:
    threshold = document.get("threshold")
    return Award(
        points=document["points"],
        source_class=document["source_class"],
        reasons=tuple(Reason.from_document(reason) for reason in document["reasons"]),
        rule=document.get("rule"),
        shares=tuple(document.get("shares", ())),
        threshold=Threshold(**{**threshold, "places": tuple(threshold["places"])}) if threshold else None,
        points_kind=document.get("points_kind", MAIN_KIND),
    )
