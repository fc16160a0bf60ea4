"""What changes between two rulebooks, value by value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from shop.rules.rulebook.changes.favour import (
    favour_of,
    favour_of_policy,
    favour_of_ratio,
    is_felt,
    when_added,
)
from shop.rules.rulebook.parsing import RULEBOOK_SHAPE
from shop.rules.rulebook.sections import ExpiryPolicy, Rulebook
from shop.rules.rulebook.shapes import ListShape, MaybeShape, OneOfShape, RecordShape, Shape


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs.  ``old`` or ``new`` is None where a thing was added, removed or unlimited.

    ``path`` names list items by their key (``tiers[branch].multiplier_permille``).  ``favours_members`` is None when
    the number alone does not say; ``is_felt`` is False for what members never notice: a name, who must approve.
    """

    path: str
    old: object
    new: object
    favours_members: bool | None
    is_felt: bool = True


def changes_between(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Every difference, in the order of the document; empty when the two are equal."""
    changes = _differences(RULEBOOK_SHAPE, "", old, new)
    return tuple(_with_ratios({change.path: change for change in changes}))


def _differences(shape: Shape, path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, ExpiryPolicy) and isinstance(new, ExpiryPolicy) and old.kind != new.kind:
        yield Change(path, shape.write(old), shape.write(new), favour_of_policy(old, new))
    elif fields := _comparable_fields(shape, old, new):
        for name, inner in fields.items():
            inside = f"{path}.{name}" if path else name
            yield from _differences(inner, inside, getattr(old, name), getattr(new, name))
    elif isinstance(shape, ListShape) and shape.limits.key:
        yield from _keyed_differences(shape, shape.limits.key, path, old, new)
    elif isinstance(shape, ListShape) and len(old) == len(new) and shape.of.more_is:
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _differences(shape.of, f"{path}[{index}]", before, after)
    else:
        favours = favour_of(path, shape.more_is, old, new)
        yield Change(path, shape.write(old), shape.write(new), favours, is_felt(path, shape.more_is))


def _comparable_fields(shape: Shape, old: Any, new: Any) -> Mapping[str, Shape]:
    """The fields that two records have in common; none for other values and for records of two kinds."""
    if old is None or new is None:
        return {}
    if isinstance(shape, MaybeShape):
        return _comparable_fields(shape.of, old, new)
    if isinstance(shape, OneOfShape):
        return shape.shape_of(old).shapes if old.kind == new.kind else {}
    return shape.shapes if isinstance(shape, RecordShape) else {}


def _keyed_differences(shape: ListShape, key: str, path: str, old: Any, new: Any) -> Iterator[Change]:
    before = {getattr(item, key): item for item in old}
    after = {getattr(item, key): item for item in new}
    for name in [*before, *(name for name in after if name not in before)]:
        place = f"{path}[{name}]"
        if name in before and name in after:
            yield from _differences(shape.of, place, before[name], after[name])
        elif name in after:
            added = when_added(shape.more_is, after[name])
            yield Change(place, None, shape.of.write(after[name]), added)
        else:
            added = when_added(shape.more_is, before[name])
            yield Change(place, shape.of.write(before[name]), None, None if added is None else not added)


def _with_ratios(changes: dict[str, Change]) -> Iterator[Change]:
    """Where both sides of a ratio change, the ratio says who gains, not each number for itself."""
    for change in changes.values():
        place, _dot, name = change.path.rpartition(".")
        points, cents = changes.get(f"{place}.points"), changes.get(f"{place}.per_cents")
        if name not in ("points", "per_cents") or points is None or cents is None:
            yield change
            continue
        favours = favour_of_ratio(place, (points.old, cents.old), (points.new, cents.new))
        yield replace(change, favours_members=favours, is_felt=favours is not None)
