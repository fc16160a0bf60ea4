"""Awards become entries: within the caps of their class, each under its own reference, with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.books.points import accounts, entries
from shop.books.points.earned import earned_under_caps
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion
from shop.rules.points.caps import apply_caps
from shop.rules.points.earning import Award
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import because


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where awards come from: ``reference`` is completed by the number of the award."""

    member_id: int
    reference: str
    available_at: datetime
    order_id: int | None = None
    purchase_id: int | None = None


def credit(awards: Sequence[Award], left: Sequence[int], source: Source, occasion: Occasion) -> int:
    """Book each award as far as its caps leave room.  Returns the points of the main kind that were credited.

    ``left`` is what a refund before this moment has left of each award.  Call it once for a source, with the account
    locked: a second time fails on the references.
    """
    numbered = enumerate(zip(awards, left, strict=True), start=1)
    credited = [
        (award.points_kind, _credit(number, award, points, source, occasion))
        for number, (award, points) in numbered
    ]
    return sum(points for kind, points in credited if kind == MAIN_KIND)


def _credit(number: int, award: Award, points: int, source: Source, occasion: Occasion) -> int:
    reasons = award.reasons
    if less := award.points - points:
        refunded = because("refunded_before_receipt", points=less, promised_points=award.points)
        reasons = (*reasons, refunded)
    account = accounts.lock(source.member_id, award.points_kind)
    earned = earned_under_caps(account.id, award.source_class, occasion)
    capped = apply_caps(points, award.source_class, earned, occasion.rulebook)
    if capped.points == 0:
        return 0
    rule = occasion.rulebook.rule(award.rule)
    line = Line(
        "earn",
        "issued",
        f"{source.reference}:award:{number}",
        (*reasons, *capped.reasons),
        source_class=award.source_class,
        order_id=source.order_id,
        rule_code=award.rule,
        purchase_id=source.purchase_id,
    )
    entries.earn(
        source.member_id,
        capped.points,
        line,
        occasion,
        available_at=source.available_at,
        policy=rule.expiry if rule else None,
        account=account,
    )
    return capped.points
