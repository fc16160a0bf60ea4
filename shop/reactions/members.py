"""What follows from what members do: the code is sent, the newcomer is welcomed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.members.profile import is_profile_complete
from shop.queries.points.rulebook import listens_to
from shop.services.members.codes import send_code
from shop.services.members.messages import tell_member
from shop.services.points.events import ReportedDeed, record_deed


def send_login_code(payload: Mapping[str, Any], now: datetime) -> None:
    """Send a code to the phone that asked for it.  A repeat carries the same key, which the provider knows."""
    send_code(payload["code_id"], payload["phone_sealed"], payload["code_sealed"], now)


def reward_registration(payload: Mapping[str, Any], now: datetime) -> None:
    """What the rules give a newcomer, once for a phone."""
    member_id = payload["member_id"]
    if listens_to("registered", now):
        record_deed(ReportedDeed(member_id=member_id, event="registered", key=f"member:{member_id}"), now)


def reward_profile(payload: Mapping[str, Any], now: datetime) -> None:
    """What the rules give for a profile, once it is filled; clearing and filling it again pays nothing more."""
    member_id = payload["member_id"]
    if listens_to("profile_completed", now) and is_profile_complete(member_id):
        record_deed(
            ReportedDeed(member_id=member_id, event="profile_completed", key=f"member:{member_id}"), now
        )


def welcome_member(payload: Mapping[str, Any], now: datetime) -> None:
    """Put the first message into a new member's box."""
    member_id = payload["member_id"]
    tell_member(member_id, "welcome", f"welcome:{member_id}", {}, "/rules", now)
