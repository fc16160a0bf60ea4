"""The four roles in words, and what each of them may do: read off the views themselves, so that it cannot lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l

from shop.web.guards import CASHIER, EDITOR, EVERYONE, OWNER, SUPPORT

ROLE_NAMES: dict[str, Any] = {
    OWNER: _l("店主"),
    EDITOR: _l("店长"),
    SUPPORT: _l("客服"),
    CASHIER: _l("店员"),
}
ROLE_HINTS: dict[str, Any] = {
    OWNER: _l("什么都能做，也只有店主能管同事、看操作记录"),
    EDITOR: _l("管商品、规则、签到、抽奖和门店"),
    SUPPORT: _l("管订单、退款和会员，能调整积分"),
    CASHIER: _l("发货、核销、记消费，查订单和会员"),
}
FIGURES_FOR = (OWNER, EDITOR, SUPPORT)
"""Who sees the shop's figures on the first page; the others see there what waits for them."""

AREAS: dict[str, Any] = {
    "merchant_dashboard": _l("概览"),
    "merchant_orders": _l("订单"),
    "merchant_verify": _l("核销"),
    "merchant_purchases": _l("店里的消费"),
    "merchant_products": _l("商品"),
    "merchant_product_stock": _l("商品"),
    "merchant_categories": _l("分类"),
    "merchant_stores": _l("门店"),
    "merchant_rulebook": _l("规则"),
    "merchant_presets": _l("规则"),
    "merchant_approvals": _l("申请"),
    "merchant_rulebook_rules": _l("规则"),
    "merchant_simulations": _l("规则"),
    "merchant_signin": _l("签到"),
    "merchant_draws": _l("抽奖"),
    "merchant_coupons": _l("优惠券"),
    "merchant_codes": _l("积分码"),
    "merchant_referrals": _l("邀请"),
    "merchant_gifts": _l("买赠"),
    "merchant_members": _l("会员"),
    "merchant_member_tiers": _l("会员"),
    "merchant_member_points": _l("会员"),
    "merchant_staff": _l("同事"),
    "merchant_imports": _l("导入"),
    "merchant_setup": _l("开店向导"),
    "merchant_developers": _l("开发者密钥"),
    "merchant_audit": _l("操作记录"),
    "merchant_settings": _l("设置"),
}
DEEDS: dict[str, Any] = {
    "merchant_approvals.grant": _l("批准别人的申请"),
    "merchant_approvals.deny": _l("批准别人的申请"),
    "merchant_approvals.take_back": _l("撤回自己的申请"),
    "merchant_approvals.download": _l("看附件"),
    "merchant_members.adjustment": _l("调整会员积分"),
    "merchant_members.adjust": _l("调整会员积分"),
    "merchant_members.change_state": _l("停用和恢复会员"),
    "merchant_members.state": _l("停用和恢复会员"),
    "merchant_member_points.freeze": _l("冻结和解冻积分"),
    "merchant_member_points.freeze_now": _l("冻结和解冻积分"),
    "merchant_member_points.thaw": _l("冻结和解冻积分"),
    "merchant_member_points.reinstatement": _l("补回过期积分"),
    "merchant_member_points.reinstate": _l("补回过期积分"),
    "merchant_member_points.merge": _l("合并账号"),
    "merchant_member_points.merge_now": _l("合并账号"),
    "merchant_member_points.reversal": _l("合并账号"),
    "merchant_member_points.reverse": _l("合并账号"),
    "merchant_member_tiers.edit": _l("给和收回会员等级"),
    "merchant_member_tiers.grant": _l("给和收回会员等级"),
    "merchant_member_tiers.withdraw": _l("给和收回会员等级"),
    "merchant_orders.ship": _l("发货"),
    "merchant_orders.refund": _l("退款"),
    "merchant_orders.give_back": _l("退款"),
    "merchant_verify.create": _l("核销取货码"),
    "merchant_purchases.refund": _l("退店里的消费"),
    "merchant_settings.set_language": _l("换自己的后台语言"),
    "merchant_settings.check_books_now": _l("核对全部账目"),
    "merchant_settings.show_proof": _l("核对全部账目"),
}
IN_AND_OUT = frozenset({"merchant_login"})
READS = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = frozenset({"new", "edit"})
"""Pages whose only use is to change something: whoever sees them may also send them."""


@dataclass(frozen=True)
class Ability:
    """Something that can be done.  ``by_role`` says "all", "part" or "none" for each role."""

    label: str
    by_role: dict[str, str]


def abilities(app: Flask | None = None) -> list[Ability]:
    """Every guarded view of the back office under the words for it, with the roles that its guard lets in."""
    groups: dict[str, list[frozenset[str]]] = {str(_l("看经营数字")): [frozenset(FIGURES_FOR)]}
    for rule in sorted((app or current_app).url_map.iter_rules(), key=_place):
        view = current_app.view_functions[rule.endpoint]
        allowed = getattr(view, "allowed_roles", None)
        if allowed is not None and rule.endpoint.partition(".")[0] not in IN_AND_OUT:
            label = label_of(rule.endpoint, rule.methods or set())
            groups.setdefault(label, []).append(frozenset(allowed))
    return [Ability(label, _by_role(allowed)) for label, allowed in groups.items()]


def label_of(endpoint: str, methods: Iterable[str]) -> str:
    """What a view does, in words: its own, or those of its area."""
    if endpoint in DEEDS:
        return str(DEEDS[endpoint])
    blueprint, _separator, view = endpoint.partition(".")
    area = str(AREAS.get(blueprint, blueprint))
    if READS.issuperset(methods) and view not in FORMS:
        return str(_l("看%(area)s", area=area))
    return str(_l("改%(area)s", area=area))


def _place(rule: Any) -> tuple[int, int, str]:
    name = rule.endpoint.partition(".")[0]
    areas = list(AREAS)
    return areas.index(name) if name in areas else len(areas), not READS.issuperset(rule.methods), rule.rule


def _by_role(allowed: list[frozenset[str]]) -> dict[str, str]:
    def share(role: str) -> str:
        count = sum(role in roles for roles in allowed)
        return "all" if count == len(allowed) else "part" if count else "none"

    return {role: share(role) for role in ROLE_NAMES}


assert set(ROLE_NAMES) == set(EVERYONE)
