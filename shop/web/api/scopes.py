"""What a key may be allowed to do."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

SCOPES: Mapping[str, Any] = {
    "members:read": _l("查会员"),
    "members:write": _l("登记会员"),
    "points:read": _l("看余额和流水"),
    "points:write": _l("发放和扣除积分"),
    "purchases:write": _l("上报消费和退款"),
    "events:write": _l("上报互动事件"),
    "redemptions:write": _l("在收银台用积分付款"),
    "catalogue:read": _l("看商品"),
    "orders:read": _l("查订单"),
    "orders:write": _l("替会员下单"),
    "vouchers:write": _l("核销取货码"),
    "rulebook:read": _l("看规则册"),
    "rulebook:write": _l("改规则草稿、发布规则"),
}
"""The order of the back office's list."""
