"""What is different between two rulebooks, in words, and for whom it is better."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import Change, Rulebook, changes_between
from shop.web.rulebook_words.places import label_of, value_words

NOTHING_THERE: Mapping[str, Any] = {
    "free_from_cents": _l("没有"),
    "kept_months": _l("一直有效"),
    "price_points": _l("不卖"),
    "monthly_coupon_code": _l("没有"),
}


@dataclass(frozen=True)
class ChangeInWords:
    """One difference.  ``old`` or ``new`` is empty where something was added or removed.

    ``favour`` says who gains: ``better`` or ``worse`` for members, ``unsure`` where that cannot be proven and the notice is
    kept, or nothing where members do not feel it.
    """

    path: str
    label: str
    old: str
    new: str
    favour: str


def changes_in_words(old: Rulebook, new: Rulebook, worse: Collection[str] = ()) -> tuple[ChangeInWords, ...]:
    """Every difference, in the order of the document; empty when the two are equal.

    ``worse`` are the paths that need notice (``queries/points/notice.py``).
    """
    return tuple(in_words(change, worse) for change in changes_between(old, new))


def in_words(change: Change, worse: Collection[str] = ()) -> ChangeInWords:
    """One difference."""
    favours = {True: "better", False: "worse", None: "unsure" if change.path in worse else ""}
    favour = favours[change.favours_members]
    if (
        change.path in worse and favour == "better"
    ):  # a period with a poorer ratio, a tier below the one under it
        favour = "worse"
    return ChangeInWords(
        change.path,
        label_of(change.path),
        _side(change.path, change.old),
        _side(change.path, change.new),
        favour,
    )


def _side(path: str, value: object) -> str:
    if value is not None:
        return value_words(path, value)
    if path.endswith("]"):
        return ""
    field = path.rpartition(".")[2]
    return str(NOTHING_THERE.get(field, _l("不限")))
