"""Entries of the points book.  Points move here and nowhere else.

Every function locks the member's account, so two movements of one member never overlap; every reference is unique, so
the same thing cannot be booked twice: a second attempt fails on the database's constraint, and callers that expect
repeats look the reference up first with ``entry_of``.
"""

from shop.books.points.entries.earning import earn
from shop.books.points.entries.lines import Line, entry_of
from shop.books.points.entries.restoring import Late, restore, where_it_came_from
from shop.books.points.entries.taking import claw_back, redeem, redeem_from, take_held

__all__ = [
    "Late",
    "Line",
    "claw_back",
    "earn",
    "entry_of",
    "redeem",
    "redeem_from",
    "restore",
    "take_held",
    "where_it_came_from",
]
