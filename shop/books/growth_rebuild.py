"""Members' growth, derived from what raised it: orders received, purchases made elsewhere, and what was brought along.

One for each full yuan of an order or a purchase, net of refunds (rules/points/tiers.py); an import says how much growth
came with each member.  Orders and purchases follow a member who is merged into another; what was brought along is counted
for the one who stands at the end.
"""

from collections.abc import Iterable

from sqlalchemy import BindParameter, bindparam, func, select

from shop.books.rebuilding import Derivation, Found
from shop.extensions import db, table_of
from shop.models import Import, ImportedRow, Member, MemberMerge, Order, OrderLine, Purchase

AFTER: BindParameter[int] = bindparam("after")
UPTO: BindParameter[int] = bindparam("upto")
CENTS_A_POINT = 100
of_orders = (
    select(Order.member_id, func.sum(OrderLine.paid_cents - OrderLine.refunded_cents).label("cents"))
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(Order.received_at.is_not(None), Order.member_id > AFTER, Order.member_id <= UPTO)
    .group_by(Order.member_id, Order.id)
    .subquery()
)
BY_ORDERS = select(of_orders.c.member_id, func.sum(of_orders.c.cents // CENTS_A_POINT)).group_by(
    of_orders.c.member_id
)
BY_PURCHASES = (
    select(Purchase.member_id, func.sum((Purchase.cents - Purchase.refunded_cents) // CENTS_A_POINT))
    .where(Purchase.order_id.is_(None), Purchase.member_id > AFTER, Purchase.member_id <= UPTO)
    .group_by(Purchase.member_id)
)
BROUGHT = (
    select(ImportedRow.member_id, func.sum(ImportedRow.growth))
    .join(Import, Import.id == ImportedRow.import_id)
    .where(Import.state == "loaded", ImportedRow.growth > 0)
    .group_by(ImportedRow.member_id)
)
BROUGHT_BY_THESE = BROUGHT.where(ImportedRow.member_id > AFTER, ImportedRow.member_id <= UPTO)
BROUGHT_BY = BROUGHT.where(ImportedRow.member_id.in_(bindparam("members", expanding=True)))
MERGES = select(MemberMerge.from_member_id, MemberMerge.into_member_id).where(
    MemberMerge.reversed_at.is_(None)
)
STORED = select(Member.id, Member.growth).where(Member.id > AFTER, Member.id <= UPTO).order_by(Member.id)


def other_growth(after: int, upto: int) -> Found:
    """Members in whose row something else is stored than what raised their growth."""
    values = {"after": after, "upto": upto}
    derived: dict[int, int] = {}
    for statement in (BY_ORDERS, BY_PURCHASES, BROUGHT_BY_THESE):
        _add(derived, db.session.execute(statement, values))
    _follow_merges(derived, after, upto)
    rows = db.session.execute(STORED, values).all()
    return [
        (row.id, row.growth, derived.get(row.id, 0)) for row in rows if row.growth != derived.get(row.id, 0)
    ]


def _follow_merges(derived: dict[int, int], after: int, upto: int) -> None:
    """What a merged member had brought along belongs to the one who stands at the end of the merges."""
    into = {row.from_member_id: row.into_member_id for row in db.session.execute(MERGES)}
    if not into:
        return
    for member_id, brought in db.session.execute(BROUGHT_BY, {"members": sorted(into)}):
        if after < member_id <= upto:
            _add(derived, [(member_id, -brought)])
        end = member_id
        while end in into:
            end = into[end]
        if after < end <= upto:
            _add(derived, [(end, brought)])


def _add(derived: dict[int, int], rows: Iterable[tuple[int, int]]) -> None:
    for member_id, growth in rows:
        derived[member_id] = derived.get(member_id, 0) + int(growth)


DERIVATIONS = (
    Derivation(
        name="members: growth",
        table=table_of(Member),
        keys=("id",),
        columns=("growth",),
        walk=table_of(Member),
        within="id",
        find=other_growth,
    ),
)
