"""Members invite friends (E16): bound at registration, rewarded after the friend's first completed purchase."""

import secrets
from datetime import datetime

from sqlalchemy import select, update

from shop.extensions import db
from shop.models import Member, Referral
from shop.transaction import transaction

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l: codes are also read aloud
LENGTH = 8
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


def _move(referral_id: int, old: str, new: str, **values: datetime) -> bool:
    with transaction():
        changed = db.session.execute(
            update(Referral)
            .where(Referral.id == referral_id, Referral.state == old)
            .values(state=new, **values),
            execution_options=QUIET,
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]
