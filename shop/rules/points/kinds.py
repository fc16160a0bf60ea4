"""Kinds of points: most shops have one; each further kind is an account of its own beside the main one."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shop.rules.rulebook import Rulebook

MAIN_KIND = "points"
"""The kind that every member has from the first day: what offsets cash, buys coupons and raises tiers."""


def kind_named(code: str, rulebook: "Rulebook") -> dict[str, str]:
    """What a message or a program is told of a further kind: its code, name and unit; nothing of the main kind.

    A kind that this version of the rulebook lacks is called by its code.
    """
    if code == MAIN_KIND:
        return {}
    kind = rulebook.kind(code)
    return {"points_kind": code, "kind_name": kind.name if kind else code, "unit": kind.unit if kind else ""}
