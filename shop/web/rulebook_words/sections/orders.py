"""How orders wait, travel and come back."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.rules.rulebook import Rulebook
from shop.web.filters import points, yuan


def returns_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.returns
    yield _("用掉的积分退回原来那一批，有效期不变")
    if rule.grace_days:
        yield _("原来那一批已经过期的，再给 %(days)s 天。", days=rule.grace_days)
    else:
        yield _("原来那一批已经过期的，退回来也是过期的。")
    if rule.shortage == "debt":
        yield _("下单得的积分会收回，余额不够时记作欠分，下次得分先抵。")
    elif rule.shortage == "deduct":
        yield _("下单得的积分会收回，余额不够的部分按订单的抵现比例从退款里扣；退款不够扣的记作欠分。")
    else:
        yield _("下单得的积分会收回，余额不够的部分不用还。")
    if any(each.event in ("friend_ordered", "invited") for each in rulebook.rules):
        yield _("朋友第一单在 %(days)s 天内全退，邀请奖励一起收回。", days=rule.referral_days)


def orders_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.orders
    yield _("下单后 %(minutes)s 分钟内付款，过时自动取消、全部退回", minutes=rule.hold_minutes)
    yield _("发货 %(days)s 天后自动确认收货。", days=rule.receive_after_days)
    if rule.points_max is not None:
        yield _("每单最多用 %(points)s 积分。", points=points(rule.points_max))
    if rule.code_from_points is not None:
        yield _("一单用满 %(points)s 积分，要填手机收到的验证码。", points=points(rule.code_from_points))


def shipping_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    rule = rulebook.shipping
    if rule.fee_cents == 0:
        yield _("全部包邮")
    elif rule.free_from_cents is None:
        yield _("每单运费 %(fee)s", fee=yuan(rule.fee_cents))
    else:
        yield _("运费 %(fee)s，现金部分满 %(from)s 包邮",
                **{"fee": yuan(rule.fee_cents), "from": yuan(rule.free_from_cents)})  # fmt: skip
    if rule.fee_cents and rule.free_for_points_only:
        yield _("只用积分换的包邮。")
