"""What is wrong with a rulebook document, in words, with the section in which to put it right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.rules.faults import Fault
from shop.web.filters import points
from shop.web.rulebook_words.places import label_of

SENTENCES: Mapping[str, Any] = {
    "unknown_key": _l("不认识这一项"),
    "missing": _l("缺了这一项"),
    "not_an_object": _l("格式不对"),
    "not_a_list": _l("格式不对"),
    "not_a_whole_number": _l("要填整数"),
    "not_yes_or_no": _l("只能是或否"),
    "not_a_text": _l("要填文字"),
    "not_a_moment": _l("要填完整的日期和时间"),
    "not_a_day": _l("要填完整的日期"),
    "below_minimum": _l("不能小于 %(minimum)s"),
    "above_maximum": _l("不能大于 %(maximum)s"),
    "text_empty": _l("还没填"),
    "text_too_long": _l("最多 %(maximum)s 个字"),
    "text_malformed": _l("有不能用的字符"),
    "not_a_choice": _l("请从列表里选"),
    "too_few_items": _l("至少要有 %(minimum)s 项"),
    "too_many_items": _l("最多 %(maximum)s 项"),
    "repeated": _l("「%(value)s」重复了"),
    "first_tier_not_at_zero": _l("第一级要从 0 开始"),
    "tiers_not_rising": _l("要比上一级的 %(previous)s 大"),
    "first_tier_for_sale": _l("第一级人人都有，不用卖"),
    "tier_prices_not_rising": _l("要比低一级的 %(previous)s 分贵"),
    "coupon_code_missing": _l("要填送哪一种券"),
    "ends_before_start": _l("结束要在开始之后"),
    "windows_overlap": _l("和「%(other)s」的时间重叠了"),
    "minimum_above_maximum": _l("不能大于最多的 %(maximum)s"),
    "less_than_one_step": _l("至少要够一次的 %(step_points)s 分"),
    "days_missing": _l("要填天数"),
    "days_not_used": _l("这种有效期不用填天数"),
    "periods_not_used": _l("这种有效期不用填这一项"),
    "day_missing": _l("要选一天"),
    "day_not_used": _l("这种有效期不用选日期"),
    "times_missing": _l("至少延一次"),
    "times_not_used": _l("这种有效期不延期"),
    "reminders_not_falling": _l("要比上一次的 %(previous)s 天少"),
    "notice_after_reminders": _l("最早的提醒才提前 %(days)s 天，不能比它还早"),
    "milestones_not_rising": _l("要比上一个的 %(previous)s 天多"),
    "milestone_after_cycle": _l("不能超过一轮的 %(milestone_cycle_days)s 天"),
    "table_after_cycle": _l("一轮只有 %(days)s 天，每天得分不能比它多"),
    "reward_missing": _l("积分、抽奖券、优惠券至少填一样"),
    "nothing_named": _l("要写明是哪些商品"),
    "steps_not_rising": _l("要比上一档高"),
    "only_for_purchases": _l("这种奖励只能用在消费上"),
    "kind_reserved": _l("「%(value)s」是主积分的代号，换一个"),
    "kind_unknown": _l("没有「%(value)s」这种积分"),
    "kind_needs_bonus": _l("另一种积分只能用加倍、送分或满额送分"),
    "kinds_in_one_group": _l("「%(group)s」这一组要给同一种积分"),
}


@dataclass(frozen=True)
class FaultInWords:
    """One mistake: the section, the name of the place, its path, and what to do."""

    section: str
    path: str
    label: str
    sentence: str


def faults_in_words(faults: Iterable[Fault]) -> tuple[FaultInWords, ...]:
    """Every fault in words."""
    return tuple(
        FaultInWords(
            fault.path.partition(".")[0].partition("[")[0],
            fault.path,
            label_of(fault.path),
            sentence_of(fault),
        )
        for fault in faults
    )


def sentence_of(fault: Fault) -> str:
    """What is wrong, for the field at which it happened."""
    sentence = SENTENCES.get(fault.code)
    if sentence is None:
        return _("这里不对")
    values = {
        name: points(value) if isinstance(value, int) else value for name, value in fault.params.items()
    }
    return str(sentence) % values
