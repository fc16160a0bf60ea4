"""What follows from the tier history and is stored with the member: the tier, and its end."""

from sqlalchemy import and_, bindparam, func, or_, select

from shop.books.rebuilding import Derivation, Found
from shop.extensions import db, table_of
from shop.models import Member, TierChange

last = (
    select(func.max(TierChange.id))
    .where(TierChange.member_id == Member.id)
    .correlate(Member)
    .scalar_subquery()
)
DIFFERING = (
    select(Member.id, Member.tier_code, TierChange.to_code, Member.tier_until_at, TierChange.until_at)
    .join(TierChange, TierChange.id == last)
    .where(
        Member.id > bindparam("after"),
        Member.id <= bindparam("upto"),
        or_(
            Member.tier_code != TierChange.to_code,
            and_(Member.tier_until_at.is_(None), TierChange.until_at.is_not(None)),
            and_(Member.tier_until_at.is_not(None), TierChange.until_at.is_(None)),
            Member.tier_until_at != TierChange.until_at,
        ),
    )
    .order_by(Member.id)
)


def _find(after: int, upto: int) -> Found:
    return db.session.execute(DIFFERING, {"after": after, "upto": upto}).all()


TIERS = Derivation(  # who never changed stands where they joined, which no journal tells
    name="members: tier and its end",
    table=table_of(Member),
    keys=("id",),
    columns=("tier_code", "tier_until_at"),
    walk=table_of(Member),
    within="id",
    find=_find,
)
DERIVATIONS = (TIERS,)
