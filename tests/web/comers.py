"""People who come in: with printed codes in their hands, and by an invitation of their own."""

from typing import Any

from sqlalchemy import select

from shop.extensions import db
from shop.models import Referral
from shop.services.members.logins import log_in
from shop.services.members.referrals import invitation_code_of
from shop.services.members.registration import register
from shop.services.points.codes import redeem_code
from tests.factories import MONDAY, PASSWORD, make_member
from tests.printed_codes import make_batch, printed_batch

INVITER = "+8613805712098"


def come_in(everything: Any) -> None:
    """A batch that nobody has handed out, one of whose codes one is used, and somebody who invited oneself."""
    used_id, codes = printed_batch()
    redeem_code(everything.member_id, codes[0], key="key-of-the-code", place="here", now=MONDAY)
    everything.values["batch_id"] = str(make_batch())
    everything.more_pages += [f"/merchant/codes/{used_id}", f"/codes?code={codes[1]}"]
    code = invitation_code_of(make_member(phone=INVITER))
    here = {"place": "here", "device": "phone", "device_token": "t" * 32, "now": MONDAY}
    log_in(INVITER, PASSWORD, **here)
    register("+8613805712099", PASSWORD, name="小满二号", invited_by=code, **here)
    everything.values["referral_id"] = str(db.session.scalars(select(Referral.id)).first())
