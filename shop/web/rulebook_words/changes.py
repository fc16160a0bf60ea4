"""What is different between two rulebooks, in words, and for whom it is better."""

from dataclasses import dataclass

from flask_babel import gettext as _

from shop.rules.rulebook import Change, Rulebook, changes_between
from shop.web.rulebook_words.places import label_of, value_words


@dataclass(frozen=True)
class ChangeInWords:
    """One difference.  ``old`` or ``new`` is empty where something was added or removed.

    ``favour`` says who gains: ``better`` or ``worse`` for members, or nothing where the number alone does not say.
    """

    label: str
    old: str
    new: str
    favour: str


def changes_in_words(old: Rulebook, new: Rulebook) -> tuple[ChangeInWords, ...]:
    """Every difference, in the order of the document; empty when the two are equal."""
    return tuple(_in_words(change) for change in changes_between(old, new))


def _in_words(change: Change) -> ChangeInWords:
    favours = {True: "better", False: "worse", None: ""}[change.favours_members]
    return ChangeInWords(
        label_of(change.path), _side(change.path, change.old), _side(change.path, change.new), favours
    )


def _side(path: str, value: object) -> str:
    if value is not None:
        return value_words(path, value)
    if path.endswith("]"):
        return ""
    return _("没有") if path.endswith("free_from_cents") else _("不限")
