"""What changes between two rulebooks, value by value, and whether members gain or lose by it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shop.rules.rulebook.limits import MoreIs
from shop.rules.rulebook.parsing import RULEBOOK_SHAPE
from shop.rules.rulebook.sections import ExpiryPolicy, Rulebook
from shop.rules.rulebook.shapes import ListShape, MaybeShape, OneOfShape, RecordShape, Shape


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs.  ``old`` or ``new`` is None where a thing was added, removed or unlimited.

    ``path`` names list items by their key (``tiers[branch].multiplier_permille``).  ``favours_members`` is None when
    the number alone does not say.
    """

    path: str
    old: object
    new: object
    favours_members: bool | None


def changes_between(old: Rulebook, new: Rulebook) -> tuple[Change, ...]:
    """Every difference, in the order of the document; empty when the two are equal."""
    return tuple(_differences(RULEBOOK_SHAPE, "", old, new))


def _differences(shape: Shape, path: str, old: Any, new: Any) -> Iterator[Change]:
    if old == new:
        return
    if isinstance(old, ExpiryPolicy) and old.kind != new.kind:
        yield Change(path, shape.write(old), shape.write(new), _favoured_by_kind(old, new))
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
        yield Change(path, shape.write(old), shape.write(new), _favoured(shape.more_is, old, new))


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
            yield Change(place, None, shape.of.write(after[name]), _when_added(shape.more_is))
        else:
            added = _when_added(shape.more_is)
            yield Change(place, shape.of.write(before[name]), None, None if added is None else not added)


def _when_added(more_is: MoreIs | None) -> bool | None:
    return None if more_is is None else more_is == "better"


def _favoured(more_is: MoreIs | None, old: Any, new: Any) -> bool | None:
    if more_is is None or not isinstance(old, int | None) or not isinstance(new, int | None):
        return None
    # None is "no limit" (offset) or "never free" (shipping): more than any number, in the field's own sense.
    rises = old is not None and (new is None or new > old)
    return rises == (more_is == "better")


def _favoured_by_kind(old: ExpiryPolicy, new: ExpiryPolicy) -> bool | None:
    if "never" not in (old.kind, new.kind):
        return None
    return new.kind == "never"
