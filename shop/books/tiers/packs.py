"""What a tier brings each month: draw tickets and coupons, each kind once a month for a member."""

from collections.abc import Sequence

from sqlalchemy import bindparam, exists, insert, select

from shop.books import tickets
from shop.books.coupons import issuing
from shop.books.points import accounts
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Member, TierPack
from shop.rules.rulebook import TierRule

WAITING = (
    select(Member.id)
    .where(
        Member.tier_code == bindparam("code"),
        Member.state == "active",
        Member.id > bindparam("after"),
        ~exists().where(
            TierPack.member_id == Member.id,
            TierPack.month == bindparam("month"),
            TierPack.kind == bindparam("kind"),
        ),
    )
    .order_by(Member.id)
    .limit(bindparam("limit"))
)
TIER_OF = select(Member.tier_code).where(Member.id == bindparam("member_id"), Member.state == "active")
GIVEN = select(TierPack.pieces).where(
    TierPack.member_id == bindparam("member_id"),
    TierPack.month == bindparam("month"),
    TierPack.kind == bindparam("kind"),
)
NEW_PACK = insert(table_of(TierPack))


def month_of(occasion: Occasion) -> str:
    """The month of the shop's calendar, as ``2026-03``."""
    return f"{occasion.today:%Y-%m}"


def open_draw(occasion: Occasion) -> int | None:
    """The draw for which tickets are given now, if one is open."""
    draw = tickets.open_draw(occasion)
    return draw.id if draw else None


def waiting(code: str, kind: str, occasion: Occasion, *, after: int, limit: int) -> Sequence[int]:
    """Members of a tier who had nothing of this kind this month, in batches."""
    values = {"code": code, "kind": kind, "month": month_of(occasion), "after": after, "limit": limit}
    return db.session.scalars(WAITING, values).all()


def give_tickets(member_id: int, tier: TierRule, draw_id: int, occasion: Occasion) -> bool:
    """Give the month's tickets, once.  False when they were given, or the member has moved to another tier."""
    accounts.lock(member_id)
    if not _is_due(member_id, "tickets", tier, occasion):
        return False
    reference = f"tier-pack:{member_id}:{month_of(occasion)}"
    tickets.give(
        member_id, draw_id, tier.monthly_tickets, reference=reference, source="tier", occasion=occasion
    )
    _write(member_id, "tickets", tier, tier.monthly_tickets, occasion)
    return True


def give_coupons(member_id: int, tier: TierRule, occasion: Occasion) -> bool:
    """Give the month's coupons, once.

    False when they were given, the member has moved, or the shop offers none of the kind now: then later in the month.
    """
    accounts.lock(member_id)
    if tier.monthly_coupon_code is None or not _is_due(member_id, "coupons", tier, occasion):
        return False
    reference = f"tier-pack:{member_id}:{month_of(occasion)}"
    given = sum(
        issuing.grant(member_id, tier.monthly_coupon_code, f"{reference}:{number}", occasion) is not None
        for number in range(1, tier.monthly_coupons + 1)
    )
    if given:
        _write(member_id, "coupons", tier, given, occasion)
    return given > 0


def _is_due(member_id: int, kind: str, tier: TierRule, occasion: Occasion) -> bool:
    """Whether the member still stands on this tier and has had nothing of the kind this month.  The account is locked."""
    named = {"member_id": member_id, "month": month_of(occasion), "kind": kind}
    return db.session.scalar(TIER_OF, named) == tier.code and db.session.scalar(GIVEN, named) is None


def _write(member_id: int, kind: str, tier: TierRule, pieces: int, occasion: Occasion) -> None:
    row = {
        "member_id": member_id,
        "month": month_of(occasion),
        "kind": kind,
        "tier_code": tier.code,
        "pieces": pieces,
        "at": occasion.now,
    }
    db.session.execute(NEW_PACK, row)
