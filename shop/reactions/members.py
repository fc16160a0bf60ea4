"""What follows from what members do: the code is sent, the newcomer is welcomed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shop.queries.members.newcomers import has_pack, newcomer_pack
from shop.queries.members.profile import is_profile_complete
from shop.queries.points.rulebook import listens_to
from shop.services.members.codes import send_code
from shop.services.members.messages import tell_member
from shop.services.members.newcomers import give_newcomer_pack
from shop.services.points.events import ReportedDeed, record_deed


def send_login_code(payload: Mapping[str, Any], now: datetime) -> None:
    """Send a code to the phone that asked for it.  A repeat carries the same key, which the provider knows."""
    send_code(payload["code_id"], payload["phone_sealed"], payload["code_sealed"], now)


def give_pack(payload: Mapping[str, Any], now: datetime) -> None:
    """The coupons and tickets of the newcomer's pack, once for a phone."""
    give_newcomer_pack(payload["member_id"], now)


def reward_registration(payload: Mapping[str, Any], now: datetime) -> None:
    """What the rules give a newcomer, to whom the pack of this phone was given."""
    member_id = payload["member_id"]
    if listens_to("registered", now) and has_pack(member_id):
        record_deed(ReportedDeed(member_id=member_id, event="registered", key=f"member:{member_id}"), now)


def reward_profile(payload: Mapping[str, Any], now: datetime) -> None:
    """What the rules give for a profile, once it is filled; clearing and filling it again pays nothing more."""
    member_id = payload["member_id"]
    if listens_to("profile_completed", now) and is_profile_complete(member_id, now):
        record_deed(
            ReportedDeed(member_id=member_id, event="profile_completed", key=f"member:{member_id}"), now
        )


def welcome_member(payload: Mapping[str, Any], now: datetime) -> None:
    """Put the first message into a new member's box, with all that came: last, so that it is true."""
    member_id = payload["member_id"]
    pack = newcomer_pack(member_id, now)
    if pack is None or pack.is_coming:
        tell_member(member_id, "welcome", f"welcome:{member_id}", {}, "/rules", now)
        return
    params = {
        "pack": {"points": pack.points, "coupons": pack.coupons, "tickets": pack.tickets},
        "missing": {"coupons": pack.missing_coupons, "tickets": pack.misses_tickets},
    }
    kind = "welcome_pack_gone" if pack.is_empty else "welcome_pack_short" if pack.is_short else "welcome_pack"
    tell_member(member_id, kind, f"welcome:{member_id}", params, "/member", now)
