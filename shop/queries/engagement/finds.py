"""Which found thing lies in a signed day: only a picture, decided by member and day alone."""

import hashlib
import random
from datetime import date

FINDS = (
    "apple", "blueberry", "bouquet", "butterfly", "chestnut", "cloud", "clover", "compass", "dice", "feather", "grapes",
    "herb", "honey", "ladybird", "leaves", "maple", "moon", "mushroom", "nest", "peanut", "pear", "persimmon", "plant",
    "rice", "seedling", "shell", "snail", "squirrel", "star", "stone", "sunflower", "tangerine", "tea", "umbrella",
    "wood",
)  # fmt: skip
"""Names of pictures in images/finds; more than a month has days, so that a month never repeats one."""


def find_of(member_id: int, day: date) -> str:
    """The found thing of a member's day.  It is worth nothing and tells nothing."""
    return finds_of_month(member_id, day)[day.day - 1]


def finds_of_month(member_id: int, month: date) -> tuple[str, ...]:
    """One found thing for each day of a month, none twice."""
    seed = hashlib.sha256(f"{member_id}:{month:%Y-%m}".encode()).hexdigest()
    return tuple(random.Random(seed).sample(FINDS, 31))  # noqa: S311 -- a picture, not a secret
