"""The audit trail in words: one sentence for every action, one name for every value."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from shop.web.audit_actions import ACTIONS, AREAS
from shop.web.coupon_words import KIND_NAMES as COUPON_KIND_NAMES
from shop.web.coupon_words import SCOPE_NAMES
from shop.web.languages import LANGUAGES
from shop.web.product_words import KIND_NAMES
from shop.web.rulebook_words.sections import TITLES
from shop.web.staff_roles import ROLE_NAMES

SUBJECTS: Mapping[str, Any] = {
    "staff": _l("同事 %(number)s"),
    "member": _l("会员 %(number)s"),
    "order": _l("订单 %(number)s"),
    "product": _l("商品 %(number)s"),
    "category": _l("分类 %(number)s"),
    "store": _l("门店 %(number)s"),
    "draw": _l("抽奖 %(number)s"),
    "coupon": _l("优惠券 %(number)s"),
    "referral": _l("邀请 %(number)s"),
    "code_batch": _l("第 %(number)s 批积分码"),
    "gift": _l("买赠 %(number)s"),
    "rulebook": _l("规则第 %(number)s 版"),
    "variant": _l("规格 %(number)s"),
    "approval": _l("申请 %(number)s"),
    "api_key": _l("程序密钥 %(number)s"),
    "import": _l("第 %(number)s 次导入"),
    "simulation": _l("第 %(number)s 次试算"),
}
VALUES: Mapping[str, Any] = {
    "role": _l("角色"),
    "tier": _l("等级"),
    "tier_until_at": _l("等级到什么时候"),
    "state": _l("状态"),
    "email": _l("邮箱"),
    "name": _l("名字"),
    "locale": _l("语言"),
    "address": _l("来自"),
    "points": _l("积分"),
    "balance_points": _l("余额"),
    "lots": _l("批次"),
    "waived_points": _l("不用还的积分"),
    "review_on": _l("哪天再看"),
    "rule": _l("规则"),
    "budget_points": _l("名额（积分）"),
    "freezes_spending": _l("冻结使用"),
    "freezes_earning": _l("冻结获得"),
    "into_member_id": _l("并到会员"),
    "from_member_id": _l("并掉的会员"),
    "title": _l("名称"),
    "reason": _l("原因"),
    "price_points": _l("积分价"),
    "points_kind": _l("哪种积分"),
    "price_cents": _l("现金价（分）"),
    "free_per_day": _l("每天免费次数"),
    "attempts_per_day": _l("每天最多次数"),
    "budget_points_per_day": _l("每天最多发的积分"),
    "prizes": _l("奖品"),
    "units": _l("件数"),
    "on_hand": _l("在手库存"),
    "entry_id": _l("流水号"),
    "expires_on": _l("有效到"),
    "attachment": _l("附件"),
    "api_key_id": _l("程序密钥号"),
    "scopes": _l("能做什么"),
    "store_id": _l("门店号"),
    "points_per_month": _l("每月最多发的积分"),
    "cents_per_thousand": _l("每 1,000 分向合作方收（分）"),
    "broken": _l("对不上的"),
    "checks": _l("核对的项目"),
    "chain_hash": _l("流水链的末端"),
    "pieces": _l("张数"),
    "refused_for": _l("为什么没算"),
    "last_on": _l("最后一天"),
    "rows": _l("行数"),
    "rows_good": _l("记下的行"),
    "rows_bad": _l("有错的行"),
    "members_count": _l("会员数"),
    "points_total": _l("积分合计"),
    "cents_total": _l("金额合计（分）"),
    "members_closed": _l("撤掉的会员"),
    "digest": _l("文件指纹"),
    "slogan": _l("标语"),
    "brand_hue": _l("底色的色相"),
    "spark_hue": _l("主色的色相"),
    "carrier": _l("承运"),
    "tracking_number": _l("运单号"),
    "refund_id": _l("退款号"),
    "take": _l("退的件数"),
    "alert_below": _l("低于几件提醒"),
    "effective_at": _l("生效时间"),
    "picture": _l("图片"),
    "added": _l("加的图片"),
    "hours": _l("营业时间"),
    "phone": _l("电话"),
    "position": _l("排在第几"),
    "is_open": _l("开放自取"),
    "slug": _l("网址名"),
    "parent_id": _l("上级分类"),
    "subtitle": _l("一句话"),
    "description": _l("详细介绍的字数"),
    "kind": _l("种类"),
    "category_id": _l("分类"),
    "tags": _l("标签"),
    "market_price_cents": _l("市场价（分）"),
    "tier_code_min": _l("最低等级"),
    "tier_until": _l("等级限制到什么时候"),
    "limit_per_member": _l("每人限换"),
    "limit_per_order": _l("每单限换"),
    "limit_period": _l("限换怎么算"),
    "variants": _l("规格"),
    "code": _l("编号"),
    "off_cents": _l("减多少（分）"),
    "off_percent": _l("减百分之几"),
    "off_cents_max": _l("最多减（分）"),
    "spend_cents_min": _l("满多少可用（分）"),
    "scope": _l("适用范围"),
    "scope_ids": _l("指定的分类或商品"),
    "valid_days": _l("有效天数"),
    "valid_from_at": _l("开始"),
    "valid_until_at": _l("结束"),
    "total_limit": _l("一共发多少张"),
    "is_refundable": _l("没用可以换回积分"),
    "is_automatic": _l("可以自动换"),
    "product_id": _l("商品号"),
    "variant_id": _l("规格号"),
    "quantity_min": _l("每换几件"),
    "quantity": _l("送几件"),
    "order_max": _l("每单最多送"),
    "member_max": _l("每人最多送"),
    "starts_at": _l("开始"),
    "ends_at": _l("结束"),
    **TITLES,
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "role": ROLE_NAMES,
    "locale": LANGUAGES,
    "kind": {**KIND_NAMES, **COUPON_KIND_NAMES},
    "scope": SCOPE_NAMES,
    "is_refundable": {"True": _l("是"), "False": _l("否")},
    "is_automatic": {"True": _l("是"), "False": _l("否")},
    "is_open": {"True": _l("是"), "False": _l("否")},
    "limit_period": {"ever": _l("一共"), "month": _l("每月")},
    "state": {
        "active": _l("正常"),
        "suspended": _l("停用"),
        "disabled": _l("停用"),
        "draft": _l("草稿"),
        "on_sale": _l("在架"),
        "on": _l("发放中"),
        "off": _l("停发"),
        "off_sale": _l("下架"),
        "open": _l("开放"),
        "closed": _l("关闭"),
        "paid": _l("已付款"),
        "shipped": _l("已发货"),
        "received": _l("已收货"),
    },
}
"""Values that have words of their own; any other is shown as it was written."""


def action_text(action: str) -> str:
    """The sentence of an action; one that is unknown is shown as it is stored."""
    return str(ACTIONS.get(action, action))


def subject_text(subject: str) -> str:
    """What it was done to; nothing where the action says it already."""
    kind, _separator, number = subject.partition(":")
    if not number or number == "0":
        return ""
    if kind not in SUBJECTS:
        return subject
    if not number.isascii() or not number.isalnum() or number == "draft":
        return str(AREAS.get(kind, subject))
    return str(SUBJECTS[kind]) % {"number": number}


def value_text(name: str) -> str:
    """The name of a value that was changed."""
    return str(VALUES.get(name, name))


def said(value: str, name: str) -> str:
    """A stored value in words, where there are any."""
    return str(WORDS.get(name, {}).get(value, value))


def init_audit_texts(app: Flask) -> None:
    for function in (action_text, subject_text, value_text, said):
        app.jinja_env.filters[function.__name__] = function
