"""Members and their coupons: redeeming points for one, and giving an unused one back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books.coupons import ending, issuing, templates, wishes
from shop.books.coupons.issuing import Issue
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.errors import KeyReused, MemberSuspended, NotFound
from shop.models import Member
from shop.rules.reasons import because
from shop.transaction import transaction

BATCH = 100
BATCHES_MAX = 200
STATE = select(Member.state).where(Member.id == bindparam("member_id"))


@dataclass(frozen=True)
class RedeemedCoupon:
    """The coupon that a member got, and the points it cost."""

    code: str
    name: str
    points: int


def redeem_coupon(member_id: int, template_code: str, key: str, now: datetime) -> RedeemedCoupon:
    """Turn points into a coupon, in one transaction.

    The same key again, also twenty times at once, answers with the first coupon.  Raises NotFound, KeyReused when the
    key came with another template, MemberSuspended, CouponNotOffered, CouponSoldOut, CouponLimitReached and
    InsufficientPoints.
    """
    reference = f"coupon:{member_id}:{key}"
    with transaction() as session:
        account = accounts.lock(member_id)
        template = templates.by_code(template_code)
        if template is None or template.state == "draft":
            raise NotFound
        if known := issuing.issued_as(reference):
            if known.template_id != template.id:
                raise KeyReused
            return RedeemedCoupon(known.code, template.name, known.points)
        if session.scalar(STATE, {"member_id": member_id}) != "active":
            raise MemberSuspended
        issue = Issue(member_id=member_id, reference=reference, origin="redeemed")
        reasons = (because("coupon_redeemed", coupon=template.name),)
        issued = issuing.redeem(account, template, issue, reasons, occasion_at(now))
        return RedeemedCoupon(issued.code, template.name, issued.points)


def give_coupon_back(code: str, member_id: int, now: datetime) -> int:
    """Give an unused coupon back for its points, into the lots they came from.  Returns the points.

    One that was redeemed by itself also ends the wish that made it: it would come again at once.  A repeat changes
    nothing.  Raises NotFound and CouponNotReturnable.
    """
    with transaction():
        accounts.lock(member_id)
        back = ending.give_back(code, member_id, occasion_at(now))
        if back is None:
            raise NotFound
        wish = wishes.wish_of(member_id, back.template_id)
        if wish and not back.is_repeat and back.origin in ("reached", "lapsing"):
            wishes.keep(
                member_id,
                back.template_id,
                on_reaching=wish.on_reaching and back.origin != "reached",
                before_lapse=wish.before_lapse and back.origin != "lapsing",
                now=now,
            )
        return back.points


def sweep_expired_coupons(now: datetime) -> int:
    """Record coupons whose time is over, in batches of 100.  Returns how many.  It only writes what is already true."""
    swept = 0
    for _batch in range(BATCHES_MAX):
        with transaction():
            count = ending.sweep(now, BATCH)
        swept += count
        if count < BATCH:
            break
    return swept
