"""Members invite friends (E16): bound at registration, rewarded after the friend's first completed purchase."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from shop.books import audit, outbox
from shop.errors import InvalidInput, NotFound
from shop.extensions import db
from shop.models import Member, Referral
from shop.transaction import transaction

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l: codes are also read aloud
LENGTH = 8
REASON_LENGTH_MAX = 200
QUIET = {"synchronize_session": False}


def invitation_code_of(member_id: int) -> str:
    """The code of a member's invitations; made at the first call, the same ever after."""
    with transaction() as session:
        known = session.scalar(select(Member.invitation_code).where(Member.id == member_id).with_for_update())
        if known:
            return known
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        session.execute(
            update(Member).where(Member.id == member_id).values(invitation_code=code), execution_options=QUIET
        )
    return code


def pay_referral(referral_id: int, now: datetime) -> bool:
    """Mark an invitation as rewarded.  A repeat changes nothing."""
    return _move(referral_id, "registered", "paid", paid_at=now)


def reverse_referral(referral_id: int, now: datetime) -> bool:
    """Mark that its purchase went back in full.  A repeat changes nothing."""
    return _move(referral_id, "paid", "reversed", ended_at=now)


def allow_referral(referral_id: int, *, reason: str, staff_id: int, now: datetime) -> None:
    """Let an invitation count that was refused, in the audit trail: what the friend has bought already counts too.

    A repeat changes nothing.  Raises NotFound, InvalidInput without a reason.
    """
    if not 0 < len(reason.strip()) <= REASON_LENGTH_MAX:
        raise InvalidInput
    with transaction() as session:
        row = session.execute(
            select(Referral.friend_id, Referral.refused_for).where(Referral.id == referral_id)
        ).one_or_none()
        if row is None or row.refused_for is None:
            raise NotFound
        allowed = (
            update(Referral)
            .where(Referral.id == referral_id, Referral.state == "refused")
            .values(state="registered", allowed_at=now, allowed_by_staff_id=staff_id)
        )
        if not session.execute(allowed, execution_options=QUIET).rowcount:  # type: ignore[attr-defined]
            return
        outbox.put("referral_allowed", f"referral_allowed:{referral_id}", now, {"friend_id": row.friend_id})
        audit.record(
            staff_id=staff_id,
            action="referral.allow",
            subject=f"referral:{referral_id}",
            now=now,
            before={"state": "refused", "refused_for": row.refused_for},
            after={"state": "registered"},
            reason=reason.strip(),
        )


def _move(referral_id: int, old: str, new: str, **values: datetime) -> bool:
    with transaction():
        changed = db.session.execute(
            update(Referral)
            .where(Referral.id == referral_id, Referral.state == old)
            .values(state=new, **values),
            execution_options=QUIET,
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]
