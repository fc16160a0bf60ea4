"""Colleagues who need a second person: what each asked for, and a version of the rules that is announced."""

from datetime import timedelta
from functools import partial
from typing import Any

from shop.extensions import db
from shop.models import Approval
from shop.services.points.adjusting import ask_to_adjust_points
from tests.factories import MONDAY, make_rulebook, make_staff
from tests.pictures import picture


def ask_each_other(everything: Any, owner_id: int) -> None:
    """What a colleague asked the owner for, with a proof; what the owner asked for; and a version that is announced."""
    asked = partial(ask_to_adjust_points, everything.member_id, 900, reason="补发", now=MONDAY)
    theirs = asked(staff_id=make_staff("support"), key="theirs", attachment=picture())
    own = asked(staff_id=owner_id, key="own")
    kept = db.session.get_one(Approval, theirs).payload["attachment"]
    announced = make_rulebook(effective_at=MONDAY + timedelta(days=60))
    everything.values["approval_id"] = str(theirs)
    everything.own |= {
        "merchant_approvals.take_back": {"approval_id": str(own)},
        "merchant_approvals.download": {"name": kept},
        "merchant_presets.copy": {"name": "beauty"},
        "merchant_rulebook.withdraw": {"number": str(announced)},
        "rules.version": {"version": "1"},
    }
    everything.more_pages += [
        f"/merchant/approvals/{own}",
        f"/merchant/rulebook/versions/{announced}",
        f"/rules/versions/{announced}",
        "/merchant/rulebook/draft?trial_cents=126&trial_tier=sprout&trial_category=&trial_at=",
    ]
