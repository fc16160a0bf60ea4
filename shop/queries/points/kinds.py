"""The kinds of points: what they are called, and what a member has of each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shop.books.points.kinds import further_kind
from shop.books.rulebooks import IN_FORCE, occasion_at, occasion_of
from shop.extensions import db
from shop.models import PointsAccount
from shop.queries.points.balance import Balance, balance_of
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import KindRule

__all__ = ["MAIN_KIND", "Purse", "further_kind", "further_kinds", "further_purses", "purse_of"]


SEEN_BY = IN_FORCE.add_columns(  # one statement, for pages on which most shops have nothing to show
    select(func.aggregate_strings(PointsAccount.kind, " "))
    .where(PointsAccount.member_id == bindparam("member_id"), PointsAccount.kind != MAIN_KIND)
    .scalar_subquery()
    .label("codes")
)


@dataclass(frozen=True)
class Purse:
    """What a member has of a further kind of points."""

    code: str
    name: str
    unit: str
    balance: Balance


def further_kinds(now: datetime) -> tuple[KindRule, ...]:
    """The kinds beside the main one under the rulebook in force; none in most shops."""
    try:
        return occasion_at(now).rulebook.kinds
    except LookupError:  # nothing is published yet
        return ()


def further_purses(member_id: int, now: datetime) -> tuple[Purse, ...]:
    """What a member has of each kind of the rulebook in force, and of any other that they still have points of."""
    row = db.session.execute(SEEN_BY, {"member_id": member_id, "now": now}).one_or_none()
    if row is None:
        return ()
    kinds = {kind.code: kind for kind in occasion_of(now, row.id, row.document).rulebook.kinds}
    for code in (row.codes or "").split():
        kinds.setdefault(code, further_kind(code))
    return tuple(
        Purse(kind.code, kind.name, kind.unit, balance_of(member_id, now, kind.code))
        for kind in kinds.values()
    )


def purse_of(member_id: int, code: str, now: datetime) -> Purse | None:
    """The purse of that kind; None for the main kind and for one that the member has nothing to do with."""
    return next((purse for purse in further_purses(member_id, now) if purse.code == code), None)
