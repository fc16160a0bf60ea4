"""The parts of a rule's form: one for each kind of condition and of effect."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from shop.forms.moments import ShopMomentField
from shop.forms.numbers import MultiplierField, WholeField, YuanField
from shop.web.rulebook_words.rule_sentences import CHANNELS, WEEKDAYS

STEP_ROWS = 5
WORDS = re.compile(r"[,，、;；\s]+")


class WordsField(StringField):
    """Several words in one line, separated by commas or blanks."""

    def process_data(self, value: Any) -> None:
        self.data = "、".join(value) if isinstance(value, list | tuple) else value

    @property
    def words(self) -> list[str]:
        """What was typed, each word once."""
        return list(dict.fromkeys(word for word in WORDS.split((self.data or "").strip()) if word))


class ManyField(SelectMultipleField):
    """Several choices as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GoodsPart(Form):
    on = BooleanField(_l("只算一部分商品"))
    categories = ManyField(_l("分类"), choices=[])
    tags = WordsField(_l("标签（品牌、系列，用顿号隔开）"), [Length(max=400)])
    skus = WordsField(_l("规格编号（SKU，用顿号隔开）"), [Length(max=2000)])
    excluded = BooleanField(_l("反过来：除了这些都算"))


class TierPart(Form):
    on = BooleanField(_l("只给某些等级"))
    tiers = ManyField(_l("等级"), choices=[])


class AmountPart(Form):
    on = BooleanField(_l("实付要满一个数"))
    cents_min = YuanField(_l("实付满多少元"), optional=True)


class PeriodPart(Form):
    on = BooleanField(_l("只在某些时候"))
    starts_at = ShopMomentField(_l("从什么时候起（可留空）"), optional=True)
    ends_at = ShopMomentField(_l("到什么时候为止（可留空）"), optional=True)
    weekdays = ManyField(
        _l("星期几（不选：每天）"),
        coerce=int,
        choices=[SelectChoice(number, name) for number, name in enumerate(WEEKDAYS, start=1)],
    )
    month_days = WordsField(_l("每月几号（用顿号隔开，留空：每天）"), [Length(max=200)])
    hour_from = WholeField(_l("从几点起"), optional=True)
    hour_until = WholeField(_l("到几点为止"), optional=True)
    decided_by = SelectField(
        _l("按哪个时间算"),
        choices=[SelectChoice("paid", _l("付款时间")), SelectChoice("placed", _l("下单时间"))],
    )


class BirthdayPart(Form):
    on = BooleanField(_l("只在生日"))
    span = SelectField(
        _l("生日的"), choices=[SelectChoice("month", _l("当月")), SelectChoice("day", _l("当天"))]
    )


class PurchaseNumberPart(Form):
    on = BooleanField(_l("只算第几单"))
    number = WholeField(_l("第几单"), optional=True)
    span = SelectField(
        _l("从什么时候数起"),
        choices=[
            SelectChoice("ever", _l("加入以来")),
            SelectChoice("year", _l("每年重新数")),
            SelectChoice("month", _l("每月重新数")),
        ],
    )
    every = BooleanField(_l("每满这么多单都算"))
    cents_min = YuanField(_l("满多少元的才数（留空：都数）"), optional=True)
    counts_refunded = BooleanField(_l("整单退掉的也数在内"))


class ChannelPart(Form):
    on = BooleanField(_l("只算某些地方的消费"))
    channels = ManyField(_l("在哪里"), choices=[SelectChoice(code, name) for code, name in CHANNELS.items()])


class DetailPart(Form):
    on = BooleanField(_l("只算某种标记（比如评价的等次）"))
    values = WordsField(_l("标记（用顿号隔开）"), [Length(max=400)])


class MultiplyPart(Form):
    multiplier_permille = MultiplierField(_l("得分几倍"), optional=True)


class PointsPart(Form):
    points = WholeField(_l("多少分"), optional=True)
    per = SelectField(
        _l("按"), choices=[SelectChoice("event", _l("每次")), SelectChoice("piece", _l("每件商品"))]
    )


class RatePart(Form):
    points = WholeField(_l("给多少分（0：不得分）"), optional=True)
    per_cents = YuanField(_l("每满多少元"), optional=True)


class StepRow(Form):
    from_cents = YuanField(_l("从多少元起"), optional=True)
    points = WholeField(_l("给多少分"), optional=True)
    per_cents = YuanField(_l("每满多少元"), optional=True)


class StepsPart(Form):
    steps = FieldList(FormField(StepRow), min_entries=STEP_ROWS, max_entries=20)
    whole = BooleanField(_l("整笔都按达到的那一档算"))
    of = SelectField(
        _l("按什么累计"), choices=[SelectChoice("order", _l("每一单")), SelectChoice("month", _l("当月累计"))]
    )


class ThresholdPart(Form):
    cents = YuanField(_l("满多少元"), optional=True)
    points = WholeField(_l("另得多少分"), optional=True)
    every = BooleanField(_l("每满一次都给"))
    of = SelectField(
        _l("按什么累计"), choices=[SelectChoice("order", _l("每一单")), SelectChoice("month", _l("当月累计"))]
    )


class TimesPart(Form):
    count = WholeField(_l("最多几次（留空：不限）"), optional=True)
    per = SelectField(
        _l("每人"),
        choices=[
            SelectChoice("ever", _l("一共")),
            SelectChoice("year", _l("每年")),
            SelectChoice("month", _l("每月")),
            SelectChoice("day", _l("每天")),
        ],
    )


CONDITION_PARTS: Mapping[str, type[Form]] = {
    "tier": TierPart,
    "amount": AmountPart,
    "goods": GoodsPart,
    "period": PeriodPart,
    "birthday": BirthdayPart,
    "purchase_number": PurchaseNumberPart,
    "channel": ChannelPart,
    "detail": DetailPart,
}
EFFECT_PARTS: Mapping[str, tuple[Any, type[Form]]] = {
    "multiply": (_l("得分加倍"), MultiplyPart),
    "points": (_l("得一笔分"), PointsPart),
    "threshold": (_l("满额送分"), ThresholdPart),
    "rate": (_l("换一个得分比例，或者不得分"), RatePart),
    "steps": (_l("阶梯比例：买得越多，比例越高"), StepsPart),
}
