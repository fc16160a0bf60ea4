"""What newcomers are promised, and what one of them got."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from shop.books.rulebooks import occasion_at
from shop.books.tiers.packs import open_draw
from shop.extensions import db
from shop.models import CouponTemplate, Deed, Member, NewcomerPack, PointsEntry
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import MemberFacts, Occurrence

REGISTERED = "registered"
ON_ITS_WAY = timedelta(hours=1)
PACK = (
    select(
        Member.joined_at,
        NewcomerPack.member_id,
        NewcomerPack.coupons,
        NewcomerPack.tickets,
        NewcomerPack.missing,
    )
    .outerjoin(NewcomerPack, NewcomerPack.phone_index == Member.phone_index)
    .where(Member.id == bindparam("member_id"))
)
DEED = select(Deed.id, Deed.awards).where(Deed.event == REGISTERED, Deed.key == bindparam("key"))
EARNED = select(func.coalesce(func.sum(PointsEntry.points), 0)).where(
    PointsEntry.reference.in_(bindparam("references", expanding=True))
)
OFFERED = select(CouponTemplate.code).where(
    CouponTemplate.code.in_(bindparam("codes", expanding=True)),
    CouponTemplate.state == "on",
    or_(CouponTemplate.total_limit.is_(None), CouponTemplate.issued < CouponTemplate.total_limit),
    or_(CouponTemplate.valid_until_at.is_(None), CouponTemplate.valid_until_at > bindparam("now")),
)
NAMES = select(CouponTemplate.code, CouponTemplate.name).where(
    CouponTemplate.code.in_(bindparam("codes", expanding=True))
)


@dataclass(frozen=True)
class Pack:
    """Points, coupons by name and number, and draw tickets; ``missing`` names what had run out (coupons by their name).

    ``is_coming``: it is promised and will be there in a moment.
    """

    points: int
    coupons: tuple[tuple[str, int], ...]
    tickets: int
    missing_coupons: tuple[str, ...] = ()
    misses_tickets: bool = False
    is_coming: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.points or self.coupons or self.tickets)

    @property
    def is_short(self) -> bool:
        """Whether something had run out."""
        return bool(self.missing_coupons) or self.misses_tickets


def newcomer_promise(now: datetime) -> Pack:
    """What somebody who registers now is promised: what has run out, or is not offered, is not."""
    occasion = occasion_at(now)
    facts = MemberFacts(tier_code=occasion.rulebook.tiers[0].code)
    occurrence = Occurrence(event=REGISTERED, at=now, zone=occasion.zone, member=facts)
    points = sum(award.points for award in evaluate(occurrence, occasion.rulebook).awards)
    pack = occasion.rulebook.newcomer
    codes = [coupon.code for coupon in pack.coupons]
    offered = set(db.session.scalars(OFFERED, {"codes": codes, "now": now})) if codes else set()
    coupons = {coupon.code: coupon.pieces for coupon in pack.coupons if coupon.code in offered}
    tickets = pack.tickets if pack.tickets and open_draw(occasion) else 0
    return Pack(points, _named(coupons), tickets, is_coming=True)


def newcomer_pack(member_id: int, now: datetime) -> Pack | None:
    """What a member got with registering; right after it, what is coming.  None when there was and will be nothing."""
    row = db.session.execute(PACK, {"member_id": member_id}).one()
    if row.member_id is None:
        pack = newcomer_promise(now) if now - row.joined_at <= ON_ITS_WAY else None
        return None if pack is None or pack.is_empty else pack
    if row.member_id != member_id:
        return None
    missing = [each.removeprefix("coupon:") for each in row.missing if each.startswith("coupon:")]
    pack = Pack(
        points=_points(member_id),
        coupons=_named(Counter(row.coupons)),
        tickets=row.tickets,
        missing_coupons=tuple(name for name, _number in _named(Counter(missing))),
        misses_tickets="tickets" in row.missing,
    )
    return None if pack.is_empty and not pack.is_short else pack


def has_pack(member_id: int) -> bool:
    """Whether this member is the one whom the pack of their phone was given to."""
    return bool(db.session.execute(PACK, {"member_id": member_id}).one().member_id == member_id)


def _points(member_id: int) -> int:
    deed = db.session.execute(DEED, {"key": f"member:{member_id}"}).one_or_none()
    if deed is None or not deed.awards:
        return 0
    references = [f"deed:{deed.id}:award:{number}" for number in range(1, len(deed.awards) + 1)]
    return int(db.session.scalar(EARNED, {"references": references}) or 0)


def _named(coupons: Any) -> tuple[tuple[str, int], ...]:
    """Coupons by their names; a code that no template has is shown as it is."""
    if not coupons:
        return ()
    names: dict[str, str] = {
        row.code: row.name for row in db.session.execute(NAMES, {"codes": list(coupons)})
    }
    return tuple((names.get(code, code), number) for code, number in coupons.items())
