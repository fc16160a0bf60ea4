"""A coupon comes into the world: for points, or as a gift.  ``reference`` names what it was issued for, once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from shop.books import outbox
from shop.books.coupons import journal, templates
from shop.books.coupons.templates import Template
from shop.books.points import accounts, entries
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion
from shop.errors import CouponLimitReached, CouponNotOffered, CouponSoldOut
from shop.extensions import db, table_of
from shop.models import Coupon
from shop.rules.reasons import Reason

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L: codes are read aloud
CODE_LENGTH = 10
BY_REFERENCE = select(Coupon.id, Coupon.code, Coupon.template_id, Coupon.points).where(
    Coupon.reference == bindparam("reference")
)
CODE_TAKEN = select(Coupon.id).where(Coupon.code == bindparam("code"))
NEW_COUPON = insert(table_of(Coupon)).returning(table_of(Coupon).c.id)


@dataclass(frozen=True)
class Issued:
    """A coupon that exists, and what was paid for it."""

    id: int
    code: str
    template_id: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Issue:
    """Why a coupon is issued.  ``undo_until_at``: until then it can be undone, whatever the template says."""

    member_id: int
    reference: str
    origin: str
    undo_until_at: datetime | None = None


def issued_as(reference: str) -> Issued | None:
    """The coupon already issued under a reference, if any."""
    row = db.session.execute(BY_REFERENCE, {"reference": reference}).one_or_none()
    return Issued(*row) if row else None


def redeem(
    account: LockedAccount, template: Template, issue: Issue, reasons: Sequence[Reason], occasion: Occasion
) -> Issued:
    """Spend a template's price in points on a coupon.  The caller has locked the account and moved nothing since.

    Raises CouponNotOffered, CouponSoldOut, CouponLimitReached and InsufficientPoints; then the whole transaction must
    not happen.
    """
    template.refuse_if_closed(occasion.now)
    if template.price_points is None:
        raise CouponNotOffered
    templates.count_in(issue.member_id, template)
    line = Line("redeem", "redeemed", f"{issue.reference}:redeem", reasons)
    entry_id = entries.redeem_from(account, template.price_points, line, occasion)
    issued = _write(template, issue, occasion, template.price_points, entry_id)
    templates.take(template)
    return issued


def grant(
    member_id: int, template_code: str, reference: str, occasion: Occasion, *, is_told: bool = True
) -> int | None:
    """Give a coupon away; no points move.  The same reference again gives nothing and returns the first coupon.

    ``is_told`` False: whoever gives it says so together with other things.

    Who gives several gives them in the order of their codes: templates are everybody's rows.

    None, and nothing written, when there is no such template, it is not offered, sold out, or the member has as many as
    allowed: what the gift belongs to need not fail with it.
    """
    accounts.lock(member_id)
    if known := issued_as(reference):
        return known.id
    template = templates.by_code(template_code)
    if template is None:
        return None
    issue = Issue(member_id=member_id, reference=reference, origin="granted")
    try:
        template.refuse_if_closed(occasion.now)
        templates.count_in(member_id, template)
    except (CouponNotOffered, CouponSoldOut, CouponLimitReached):
        return None
    try:
        templates.take(template)
    except CouponSoldOut:
        templates.count_out(member_id, template.id)
        return None
    issued = _write(template, issue, occasion, 0, None)
    if is_told:
        outbox.put("coupon_granted", f"coupon_granted:{issued.id}", occasion.now, {"coupon_id": issued.id})
    return issued.id


def _write(template: Template, issue: Issue, occasion: Occasion, points: int, entry_id: int | None) -> Issued:
    validity = template.validity(occasion)
    row = {
        "code": _new_code(),
        "template_id": template.id,
        "member_id": issue.member_id,
        "state": "unused",
        "origin": issue.origin,
        "reference": issue.reference,
        "terms": template.terms.to_document(),
        "points": points,
        "entry_id": entry_id,
        "is_refundable": template.is_refundable and points > 0,
        "undo_until_at": issue.undo_until_at,
        "issued_at": occasion.now,
        "valid_from_at": validity.from_at,
        "expires_at": validity.until_at,
    }
    coupon_id = int(db.session.execute(NEW_COUPON, row).scalar_one())
    journal.write(coupon_id, "issue", None, "unused", occasion.now)
    return Issued(coupon_id, str(row["code"]), template.id, points)


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(CODE_LENGTH))
        if db.session.scalar(CODE_TAKEN, {"code": code}) is None:
            return code
