"""What newcomers get, what a full profile is, and which friends count."""

from dataclasses import dataclass
from typing import Annotated, Literal

from shop.rules.rulebook.limits import Flag, Items, Text, Whole
from shop.rules.rulebook.sections.sources import CODE_PATTERN
from shop.rules.rulebook.sections.tiers import COUPON_CODE_PATTERN

ProfileName = Literal["name", "birthday", "gender", "city", "skin_type"]
PROFILE_NAMES: tuple[ProfileName, ...] = ("name", "birthday", "gender", "city", "skin_type")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerCoupon:
    """``pieces`` coupons of the template with this code."""

    code: Annotated[str, Text(40, pattern=COUPON_CODE_PATTERN)]
    pieces: Annotated[int, Whole(1, 20, more_is="better")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerRule:
    """What comes with registering beside the points that rules for ``registered`` give, once for each phone (E12)."""

    coupons: Annotated[tuple[NewcomerCoupon, ...], Items(0, 10, key="code", more_is="better")] = ()
    tickets: Annotated[int, Whole(0, 100, more_is="better")] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileField:
    """Something more that the shop asks, with the answers to choose from."""

    code: Annotated[str, Text(30, pattern=CODE_PATTERN)]
    name: Annotated[str, Text(20)]
    choices: Annotated[tuple[Annotated[str, Text(20)], ...], Items(2, 20)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRule:
    """What has to be filled for a full profile, which rules for ``profile_completed`` reward once (E13)."""

    fields: Annotated[tuple[ProfileName, ...], Items(0, len(PROFILE_NAMES))] = ("name", "birthday")
    own: Annotated[tuple[ProfileField, ...], Items(0, 10, key="code", more_is="worse")] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralRule:
    """Whether a friend who registers in a browser of the one who invited counts (E16)."""

    refuse_same_device: Annotated[bool, Flag(more_is="worse")] = True


NOTHING_MORE = NewcomerRule()
"""Newcomers get what the rules of earning say."""
NAME_AND_BIRTHDAY = ProfileRule()
"""What a profile was before the shop could choose."""
NOT_THE_SAME_DEVICE = ReferralRule()
"""Friends use devices of their own unless the shop's owner says otherwise."""
