"""Who and what is on the stage of the demo: goods, members, staff, and the diary of what happens."""

from dataclasses import dataclass, field
from random import Random

from shop.demo.diary import Diary


@dataclass(frozen=True)
class Good:
    """A product on sale.  ``variant_ids`` stand in the order of ``skus``; ``appeal`` is how often people choose it."""

    slug: str
    title: str
    product_id: int
    skus: tuple[str, ...]
    variant_ids: tuple[int, ...]
    stock: int
    appeal: int


@dataclass(frozen=True)
class Person:
    """A member.  ``sign_in_percent`` and ``appetite`` say how often they come by themselves; 0 for the scripted ones."""

    id: int
    name: str
    address_id: int
    sign_in_percent: int
    appetite: int


@dataclass
class Stage:
    """Everything that the scenes of the demo share."""

    rng: Random
    diary: Diary
    staff: dict[str, int]
    goods: list[Good]
    store_ids: list[int]
    people: list[Person] = field(default_factory=list)

    def good(self, slug: str) -> Good:
        """A good by its slug."""
        return next(good for good in self.goods if good.slug == slug)
