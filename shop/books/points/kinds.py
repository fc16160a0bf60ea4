"""What kinds of points are called, and how a lack of one is told."""

from sqlalchemy import Text, bindparam, cast, select

from shop.books.rulebooks import rulebook_of
from shop.errors import InsufficientPoints, KindInsufficient
from shop.extensions import db
from shop.models import RulebookVersion
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import KindRule

VERSIONS_READ = 10
NAMED_BY = (
    select(RulebookVersion.document)
    .where(cast(RulebookVersion.document, Text).contains(bindparam("quoted")))
    .order_by(RulebookVersion.id.desc())
    .limit(VERSIONS_READ)
)


def further_kind(code: str) -> KindRule:
    """A further kind as the newest version that names it calls it; one that none names goes by its code."""
    documents = db.session.scalars(NAMED_BY, {"quoted": f'"{code}"'})
    kinds = (rulebook_of(document).kind(code) for document in documents)
    return next((kind for kind in kinds if kind), KindRule(code=code, name=code, unit=""))


def shortage(needed_points: int, available_points: int, points_kind: str) -> InsufficientPoints:
    """The refusal of a spending that the account of this kind does not cover."""
    if points_kind == MAIN_KIND:
        return InsufficientPoints(needed_points, available_points)
    kind = further_kind(points_kind)
    return KindInsufficient(needed_points, available_points, name=kind.name, unit=kind.unit)
