"""Policies that ship with the mall: a merchant starts from one and changes what is different."""

from collections.abc import Mapping
from types import MappingProxyType

from shop.rules.rulebook.defaults import DEFAULT_RULEBOOK
from shop.rules.rulebook.presets.communities import CAMPING, COFFEE, EDUCATION, WELFARE
from shop.rules.rulebook.presets.trades import BEAUTY, CLOTHING, RESTAURANT, RETAIL, SIMPLE
from shop.rules.rulebook.sections import Rulebook

__all__ = ["PRESETS"]

PRESETS: Mapping[str, Rulebook] = MappingProxyType(
    {
        "default": DEFAULT_RULEBOOK,
        "simple": SIMPLE,
        "retail": RETAIL,
        "restaurant": RESTAURANT,
        "coffee": COFFEE,
        "clothing": CLOTHING,
        "beauty": BEAUTY,
        "education": EDUCATION,
        "camping": CAMPING,
        "welfare": WELFARE,
    }
)
