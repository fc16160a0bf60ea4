"""The audit trail in words: one sentence for every action, one name for every value."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l

from shop.web.coupon_words import KIND_NAMES as COUPON_KIND_NAMES
from shop.web.coupon_words import SCOPE_NAMES
from shop.web.languages import LANGUAGES
from shop.web.product_words import KIND_NAMES
from shop.web.rulebook_words.sections import TITLES
from shop.web.staff_roles import ROLE_NAMES

ACTIONS: Mapping[str, Any] = {
    "staff.log_in": _l("登录"),
    "staff.log_in_refused": _l("登录被拒，密码或邮箱不对"),
    "staff.log_in_blocked": _l("登录次数太多，先拦下了"),
    "staff.log_out": _l("退出登录"),
    "staff.create": _l("邀请同事"),
    "staff.invite": _l("重新发邀请链接"),
    "staff.set_password": _l("设置密码"),
    "staff.change_role": _l("换角色"),
    "staff.disable": _l("停用同事"),
    "staff.enable": _l("恢复同事"),
    "staff.choose_language": _l("换后台语言"),
    "member.suspend": _l("停用会员"),
    "member.resume": _l("恢复会员"),
    "member.grant_tier": _l("给会员等级"),
    "member.withdraw_tier": _l("收回会员等级"),
    "books.check": _l("核对全部账目"),
    "books.rebuild": _l("按流水重算"),
    "points.adjust": _l("调整积分"),
    "points.put_off": _l("没来得及提醒，推迟到期"),
    "points.freeze": _l("冻结积分"),
    "points.thaw": _l("解冻积分"),
    "points.reinstate": _l("补回过期积分"),
    "member.merge": _l("合并会员"),
    "member.part": _l("撤销合并"),
    "points.grant": _l("程序发放积分"),
    "api_key.create": _l("开程序密钥"),
    "api_key.revoke": _l("停用程序密钥"),
    "points.grant_file": _l("按名单发积分"),
    "import.upload": _l("上传要导入的文件"),
    "import.load": _l("导入会员和积分"),
    "import.cancel": _l("放弃导入"),
    "import.undo": _l("撤回导入"),
    "shop.save_name": _l("改店名和标语"),
    "shop.save_colours": _l("改店铺颜色"),
    "shop.leave_setup": _l("走完开店向导"),
    "rulebook.save_draft": _l("改规则草稿"),
    "rulebook.discard_draft": _l("丢掉规则草稿"),
    "rulebook.simulate": _l("试算规则草稿"),
    "purchase.record": _l("记一笔店里的消费"),
    "purchase.refund": _l("记一笔店里的退款"),
    "purchase.record_file": _l("按文件记店里的消费"),
    "rulebook.publish": _l("发布规则"),
    "rulebook.withdraw": _l("撤回还没生效的规则"),
    "rulebook.use_up": _l("规则的名额用完"),
    "approval.ask": _l("申请，等另一个人批准"),
    "approval.approve": _l("批准申请"),
    "approval.refuse": _l("拒绝申请"),
    "approval.withdraw": _l("撤回申请"),
    "order.ship": _l("发货"),
    "order.hand_over": _l("核销取货码"),
    "order.refund": _l("退款"),
    "product.create": _l("新建商品"),
    "product.save": _l("改商品"),
    "product.publish": _l("上架商品"),
    "product.take_off": _l("下架商品"),
    "product.add_pictures": _l("加商品图"),
    "product.order_pictures": _l("换商品主图"),
    "product.remove_picture": _l("删商品图"),
    "stock.receive": _l("进货"),
    "stock.adjust": _l("调整库存"),
    "stock.set_alert": _l("改库存提醒"),
    "category.create": _l("新建分类"),
    "category.save": _l("改分类"),
    "category.remove": _l("删分类"),
    "store.create": _l("新建门店"),
    "store.save": _l("改门店"),
    "draw.create": _l("新建抽奖"),
    "draw.save": _l("改抽奖"),
    "draw.publish": _l("开放抽奖"),
    "draw.close": _l("关闭抽奖"),
    "coupon.create": _l("新建优惠券"),
    "coupon.save": _l("改优惠券"),
    "coupon.start": _l("发放优惠券"),
    "coupon.stop": _l("停发优惠券"),
    "referral.allow": _l("放行没算的邀请"),
    "code_batch.create": _l("定一批积分码"),
    "code_batch.export": _l("下载积分码"),
    "code_batch.stop": _l("停掉积分码"),
    "gift.create": _l("新建买赠"),
    "gift.save": _l("改买赠"),
    "gift.start": _l("开始买赠"),
    "gift.stop": _l("停下买赠"),
}
AREAS: Mapping[str, Any] = {
    "staff": _l("同事和登录"),
    "member": _l("会员"),
    "points": _l("积分"),
    "rulebook": _l("规则"),
    "order": _l("订单"),
    "product": _l("商品"),
    "stock": _l("库存"),
    "category": _l("分类"),
    "store": _l("门店"),
    "draw": _l("抽奖"),
    "coupon": _l("优惠券"),
    "referral": _l("邀请"),
    "code_batch": _l("积分码"),
    "gift": _l("买赠"),
    "approval": _l("批准"),
    "books": _l("账目"),
    "purchase": _l("店里的消费"),
    "api_key": _l("程序密钥"),
    "import": _l("导入"),
    "shop": _l("店铺"),
}
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


def actions_of(area: str) -> tuple[str, ...]:
    """All actions of an area, for the filter."""
    return tuple(action for action in ACTIONS if action.partition(".")[0] == area)


def areas_with_actions() -> list[tuple[str, str]]:
    """The areas that the filter offers."""
    known = {action.partition(".")[0] for action in ACTIONS}
    return [(area, str(name)) for area, name in AREAS.items() if area in known]


def init_audit_texts(app: Flask) -> None:
    for function in (action_text, subject_text, value_text, said):
        app.jinja_env.filters[function.__name__] = function
