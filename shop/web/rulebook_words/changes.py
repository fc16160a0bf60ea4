"""What is different between two rulebooks, in words, and for whom it is better."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.rules.rulebook import Change, Rulebook, changes_between
from shop.web.rulebook_words.places import label_of, value_words

CODE = re.compile(r"^(tiers|rules|kinds)\[([^\]]*)\]")
NOTHING_THERE: Mapping[str, Any] = {
    "free_from_cents": _l("没有"),
    "kept_months": _l("一直有效"),
    "price_points": _l("不卖"),
    "monthly_coupon_code": _l("没有"),
    "coupon_code": _l("没有"),
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
    names = names_of(old, new)
    return tuple(in_words(change, worse, names) for change in changes_between(old, new))


def in_words(
    change: Change, worse: Collection[str] = (), names: Mapping[str, str] = MappingProxyType({})
) -> ChangeInWords:
    """One difference; ``names`` are what tiers, rules and kinds of points are called, by their codes."""
    favours = {True: "better", False: "worse", None: "unsure" if change.path in worse else ""}
    favour = favours[change.favours_members]
    if (
        change.path in worse and favour == "better"
    ):  # a period with a poorer ratio, a tier below the one under it
        favour = "worse"
    return ChangeInWords(
        change.path,
        label_of(CODE.sub(lambda found: f"{found[1]}[{names.get(found[2], found[2])}]", change.path)),
        _side(change.path, change.old, names),
        _side(change.path, change.new, names),
        favour,
    )


def names_of(*rulebooks: Rulebook) -> dict[str, str]:
    """What tiers, rules and kinds of points are called; where the name changes, by the one that comes."""
    names: dict[str, str] = {}
    for rulebook in rulebooks:
        names |= {tier.code: tier.name for tier in rulebook.tiers}
        names |= {rule.code: rule.name for rule in rulebook.rules}
        names |= {kind.code: kind.name for kind in rulebook.kinds}
    return names


def _side(path: str, value: object, names: Mapping[str, str]) -> str:
    if path.endswith(".credits") and value in names:
        return names[str(value)]
    if value is not None:
        return value_words(path, value)
    if path.endswith("]"):
        return ""
    field = path.rpartition(".")[2]
    return str(NOTHING_THERE.get(field, _l("不限")))
