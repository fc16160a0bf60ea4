"""What the shop does not keep longer than it needs: old messages, codes, logins and counts of attempts."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from shop.books import api_requests, rate_limits
from shop.models import Login, LoginCode, MemberDevice, Message
from shop.transaction import transaction

MESSAGES_KEPT = timedelta(days=90)
CODES_KEPT = timedelta(days=1)
LOGINS_KEPT = timedelta(days=30)
DEVICES_KEPT = timedelta(days=400)
API_ANSWERS_KEPT = timedelta(days=7)
QUIET = {"synchronize_session": False}


def forget_what_is_over(now: datetime) -> None:
    """Delete messages after 90 days, codes after a day, ended logins after 30 days, answers to programs after 7; browsers in
    which nobody was seen for as long as a cookie lasts.

    A repeat finds nothing.
    """
    over = (
        delete(Message).where(Message.created_at < now - MESSAGES_KEPT),
        delete(MemberDevice).where(MemberDevice.last_seen_at < now - DEVICES_KEPT),
        delete(LoginCode).where(LoginCode.expires_at < now - CODES_KEPT),
        delete(Login).where((Login.ends_at < now - LOGINS_KEPT) | (Login.revoked_at < now - LOGINS_KEPT)),
    )
    with transaction() as session:
        for statement in over:
            session.execute(statement, execution_options=QUIET)
        rate_limits.forget_ended(now)
        api_requests.forget_before(now - API_ANSWERS_KEPT)
