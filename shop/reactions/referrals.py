"""What follows for invitations: the friend's first completed purchase rewards both, its full return takes it back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.members.referrals import FRIEND_ORDERED, INVITED, DueReferral, referral_of_friend
from shop.queries.points.purchases import purchase_news, refund_news
from shop.queries.points.tier import member_of_order, member_of_refund
from shop.services.members.referrals import pay_referral, reverse_referral
from shop.services.points.events import ReportedDeed, record_deed, reverse_deed

Payload = Mapping[str, Any]


def reward_referrer(payload: Payload, now: datetime) -> None:
    """The one who invited is rewarded as the rules say."""
    if (referral := _of(payload, now)) and referral.is_due:
        record_deed(ReportedDeed(member_id=referral.referrer_id, event=FRIEND_ORDERED, key=referral.key), now)


def reward_friend(payload: Payload, now: datetime) -> None:
    """The one who came is rewarded as the rules say."""
    if (referral := _of(payload, now)) and referral.is_due:
        record_deed(ReportedDeed(member_id=referral.friend_id, event=INVITED, key=referral.key), now)


def close_referral(payload: Payload, now: datetime) -> None:
    """After both rewards: the invitation is paid."""
    if (referral := _of(payload, now)) and referral.is_due:
        pay_referral(referral.id, now)


def take_back_from_referrer(payload: Payload, now: datetime) -> None:
    """The first purchase went back in full: so does the reward."""
    if (referral := _of(payload, now)) and referral.is_void:
        reverse_deed(FRIEND_ORDERED, referral.key, None, now)


def take_back_from_friend(payload: Payload, now: datetime) -> None:
    """The same for the friend."""
    if (referral := _of(payload, now)) and referral.is_void:
        reverse_deed(INVITED, referral.key, None, now)


def void_referral(payload: Payload, now: datetime) -> None:
    """After both: the invitation is reversed."""
    if (referral := _of(payload, now)) and referral.is_void:
        reverse_referral(referral.id, now)


def _of(payload: Payload, now: datetime) -> DueReferral | None:
    """The invitation of the member whose order, purchase or refund this is about, or of the friend who is named."""
    if "friend_id" in payload:
        member_id = payload["friend_id"]
    elif "refund_id" in payload and "purchase_id" in payload:
        member_id = refund_news(payload["purchase_id"], payload["refund_id"]).member_id
    elif "purchase_id" in payload:
        member_id = purchase_news(payload["purchase_id"]).member_id
    elif "refund_id" in payload:
        member_id = member_of_refund(payload["refund_id"])
    else:
        member_id = member_of_order(payload["order_id"])
    return referral_of_friend(member_id, now)
