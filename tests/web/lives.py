"""Members whose points have seen something: one lapsed, one stands still, two accounts became one."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from shop.extensions import db
from shop.models import PointsEntry
from shop.services.points.freezing import Freeze, freeze_points
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.merging import merge_members
from tests.announcing import announce_before
from tests.factories import MONDAY, give_points, make_member


def live_on(everything: Any, owner_id: int) -> None:
    """A member with a lapse that can be given back, one who stands still, and two accounts that became one."""
    later = MONDAY + timedelta(days=90, hours=12)
    lapsed, frozen, gone, stays = (make_member() for _number in range(4))
    give_points(lapsed, 40, source_class="interaction")
    announce_before(later)
    sweep_expired_lots(later)
    lapse_id = db.session.scalar(select(PointsEntry.id).where(PointsEntry.kind == "expire"))
    what = Freeze(True, False, "核实一下", MONDAY.date() + timedelta(days=9), owner_id)
    freeze_points(frozen, what, MONDAY)
    merged = merge_members(gone, stays, reason="同一个人", staff_id=owner_id, now=MONDAY)
    lapse = {"member_id": str(lapsed), "entry_id": str(lapse_id)}
    everything.values["merge_id"] = str(merged.merge_id)
    everything.own |= {
        "merchant_member_points.reinstatement": lapse,
        "merchant_member_points.reinstate": lapse,
        "merchant_member_points.thaw": {"member_id": str(frozen)},
    }
    everything.more_pages += [
        f"/merchant/members/{frozen}/freeze",
        f"/merchant/members/{lapsed}/merge?into={stays}",
        f"/merchant/members/{stays}",
    ]
