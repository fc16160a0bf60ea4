"""Categories to choose from in forms."""

from collections.abc import Iterable
from typing import Literal

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from shop.queries.catalogue.categories import CategoryEntry


def category_choices(tree: Iterable[CategoryEntry], by: Literal["id", "slug"] = "id") -> list[SelectChoice]:
    """Every category by its id or slug, a lower one with the name of its upper one: 吃喝 › 茶."""
    return [
        SelectChoice(str(getattr(each, by)), upper.name if each is upper else _below(upper, each))
        for upper in tree
        for each in (upper, *upper.children)
    ]


def _below(upper: CategoryEntry, lower: CategoryEntry) -> str:
    return _("%(upper)s › %(name)s", upper=upper.name, name=lower.name)
