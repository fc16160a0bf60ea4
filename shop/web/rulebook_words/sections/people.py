"""What newcomers get, what a full profile is, and which friends count."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.rules.rulebook import PointsEffect, Rulebook
from shop.web.filters import points
from shop.web.rulebook_words.labels import WORDS


def newcomer_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    parts = pack_parts(
        points_for("registered", rulebook),
        sum(coupon.pieces for coupon in rulebook.newcomer.coupons),
        rulebook.newcomer.tickets,
    )
    if not parts:
        yield _("新会员没有礼包")
        return
    yield _("新会员礼包：%(parts)s", parts=_("、").join(parts))
    yield _("一个手机号只送一次；券发完了的话，别的照送。")


def profile_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    names = [profile_name(name) for name in rulebook.profile.fields]
    names += [field.name for field in rulebook.profile.own]
    if not names:
        yield _("不用填资料")
        return
    yield _("完善资料要填：%(names)s", names=_("、").join(names))
    if reward := points_for("profile_completed", rulebook):
        yield _("全部填好得 %(points)s 积分，每人一次；以后清空再填不会再得。", points=points(reward))


def referral_sentences(rulebook: Rulebook) -> Iterator[str]:
    """The section in sentences."""
    if not rulebook.referral.refuse_same_device:
        yield _("朋友用哪台设备注册都算邀请")
        return
    yield _("在你登录过的设备上注册的朋友，不算邀请")
    yield _("一家人共用一部手机的，跟店里说一声，看过可以放行。")


def points_for(event: str, rulebook: Rulebook) -> int:
    """The points that rules without conditions give for an event."""
    plain = (rule for rule in rulebook.rules if rule.event == event and not rule.conditions)
    return sum(rule.effect.points for rule in plain if isinstance(rule.effect, PointsEffect))


def pack_parts(points_number: int, coupons: int, tickets: int) -> list[str]:
    """What a pack holds, part by part."""
    return [
        *([_("%(points)s 积分", points=points(points_number))] if points_number else ()),
        *([_("%(count)s 张优惠券", count=coupons)] if coupons else ()),
        *([_("%(count)s 张抽奖券", count=tickets)] if tickets else ()),
    ]


def profile_name(code: str) -> str:
    """What one of the profile's usual parts is called."""
    return str(WORDS[("fields", code)])
