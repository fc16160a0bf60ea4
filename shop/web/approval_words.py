"""What waits for a second person, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.queries.merchant.approvals import ApprovalRow
from shop.rules.points.kinds import MAIN_KIND
from shop.web.filters import shop_datetime, signed_points
from shop.web.kind_words import in_kind

KINDS: Mapping[str, Any] = {
    "publication": _l("发布规则"),
    "adjustment": _l("调整积分"),
    "grant": _l("发放积分"),
}
STATES: Mapping[str, tuple[Any, str]] = {
    "waiting": (_l("等批准"), "honey"),
    "approved": (_l("已批准"), "leaf"),
    "refused": (_l("已拒绝"), "rose"),
    "withdrawn": (_l("已撤回"), ""),
    "expired": (_l("过期了"), ""),
}


def subject_words(row: ApprovalRow, names: Mapping[int, str]) -> str:
    """What is asked for, in one line."""
    if row.kind == "publication":
        moment = row.payload.get("effective_at")
        if not moment:
            return _("新的一版规则，批准就生效")
        return _("新的一版规则，%(moment)s 起", moment=shop_datetime(datetime.fromisoformat(moment)))
    name = names.get(row.payload["member_id"], "")
    if (kind := row.payload.get("points_kind", MAIN_KIND)) != MAIN_KIND:
        gives = row.payload["points"] > 0
        amount = in_kind(abs(row.payload["points"]), kind)
        values = {"member": name, "amount": amount}
        return _("%(member)s：给 %(amount)s", **values) if gives else _("%(member)s：扣 %(amount)s", **values)
    return _("%(member)s：%(points)s 积分", member=name, points=signed_points(row.payload["points"]))
