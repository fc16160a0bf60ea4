"""What the back office may say about a product."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from shop.forms.checkout import SKU
from shop.forms.merchant.members import made_by_us
from shop.forms.moments import ShopMomentField
from shop.forms.numbers import WholeField, YuanField
from shop.forms.texts import length, tidy
from shop.rules.points.kinds import MAIN_KIND

VARIANTS_MAX = 50
UNITS_MAX = 100_000
CENTS_MAX = 999_999_999
DESCRIPTION_MAX = 20_000
TAGS_MAX = 200
BETWEEN = re.compile(r"[\s、，,]+")
PLACE = re.compile(r"[0-9]{1,3}", re.ASCII)
KINDS = (
    SelectChoice("physical", _l("实物，快递或自取")),
    SelectChoice("voucher", _l("到店券，凭码领取")),
    SelectChoice("service", _l("到店服务，凭码使用")),
    SelectChoice("virtual", _l("虚拟商品，凭码使用")),
)
PERIODS = (SelectChoice("ever", _l("一共")), SelectChoice("month", _l("每月")))
DEEDS = (
    SelectChoice("receive", _l("入库")),
    SelectChoice("add", _l("盘点多出")),
    SelectChoice("take", _l("盘点缺少")),
)


def printable(_form: Any, field: Any) -> None:
    """Refuse control characters and direction marks; line breaks are fine."""
    if any(
        unicodedata.category(letter)[0] == "C" and letter not in "\r\n\t\u200d" for letter in field.data or ""
    ):
        raise ValidationError(_l("里面有看不见的特殊字符，请删掉再存。"))


def tidy_words(written: Any) -> Any:
    """Words with one blank between them, each once, however they were separated."""
    if not isinstance(written, str):
        return written
    return " ".join(dict.fromkeys(word for word in BETWEEN.split(written) if word))


class NumberedList(FieldList):
    """A list of rows by their number; anything else in the place of a number is not a row."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        for name in formdata:
            place = name[len(prefix) + 1 :].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if PLACE.fullmatch(place):
                yield int(place)


class VariantForm(Form):
    """A variant in a row of the table.  A new row that says nothing is no variant."""

    id = HiddenField()
    sku = StringField(_l("编号"), filters=[tidy])
    title = StringField(
        _l("规格"), validators=[length(0, 60, _l("规格名最多 60 字。")), printable], filters=[tidy]
    )
    points = WholeField(_l("积分"), low=0, high=10_000_000, message=_l("积分写整数。"), default=0)
    cents = YuanField(_l("现金 ¥"), high=CENTS_MAX, default=0)
    offset_allowed = BooleanField(_l("可抵现"))
    is_retired = BooleanField(_l("停用"))

    @property
    def is_empty(self) -> bool:
        """A new row in which nothing was written."""
        typed = (self.sku.data, self.title.data, self.points.written, self.cents.written)
        return not self.id.data and not any(typed) and not self.errors

    def validate_sku(self, field: Any) -> None:
        """A code that fits into an address."""
        if field.data and not SKU.fullmatch(field.data):
            raise ValidationError(_l("编号只用字母、数字、点和短横，最多 40 个。"))

    def validate_points(self, field: Any) -> None:
        """Nothing is given away by omission."""
        if self.is_empty or field.errors or self.cents.errors:
            return
        if not (field.data or 0) + (self.cents.data or 0):
            raise ValidationError(_l("积分和现金至少填一个。"))


class ProductForm(FlaskForm):
    """A product with its variants.  ``revision`` is what the editor had opened."""

    revision = HiddenField(default="0")
    title = StringField(
        _l("名称"), validators=[length(1, 80, _l("名称要有，最多 80 字。")), printable], filters=[tidy]
    )
    subtitle = StringField(
        _l("一句话介绍"), validators=[length(0, 160, _l("介绍最多 160 字。")), printable], filters=[tidy]
    )
    description = TextAreaField(
        _l("详细介绍"), validators=[length(0, DESCRIPTION_MAX, _l("详细介绍太长了。")), printable]
    )
    kind = SelectField(_l("类型"), choices=KINDS, default="physical")
    points_kind = SelectField(_l("用哪种积分换"), choices=[], default=MAIN_KIND)
    category = SelectField(_l("分类"), choices=[], default="")
    tags = StringField(
        _l("标签（品牌、系列）"),
        validators=[length(0, TAGS_MAX, _l("标签加起来最多 200 字。")), printable],
        filters=[tidy_words],
    )
    position = WholeField(
        _l("排在第几"),
        low=0,
        high=999_999,
        message=_l("写 0 到 999999 的整数，小的在前。"),
        default=0,
    )
    market_price = YuanField(_l("市价"), high=CENTS_MAX, optional=True)
    tier = SelectField(_l("最低等级"), choices=[], default="")
    tier_until = ShopMomentField(_l("到什么时候为止"), optional=True)
    limit_per_member = WholeField(
        _l("每人最多"), low=1, high=9999, message=_l("写 1 到 9999 的整数，不限就空着。"), optional=True
    )
    limit_period = SelectField(_l("多久算一轮"), choices=PERIODS, default="ever")
    limit_per_order = WholeField(
        _l("每单最多"), low=1, high=999, message=_l("写 1 到 999 的整数，不限就空着。"), optional=True
    )
    variants = NumberedList(FormField(VariantForm), max_entries=VARIANTS_MAX)

    def validate_tier_until(self, field: Any) -> None:
        """An end belongs to a tier."""
        if field.data and not self.tier.data:
            raise ValidationError(_l("先选最低等级，再写到什么时候为止。"))

    @property
    def revision_opened(self) -> int:
        """The revision as a number; one that nobody ever had when it is anything else."""
        text = self.revision.data or ""
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text, re.ASCII) else -1

    @property
    def variant_rows(self) -> list[VariantForm]:
        """The rows that say something."""
        return [entry.form for entry in self.variants if not entry.form.is_empty]

    def validate_variants(self, _field: Any) -> None:
        """The same code twice in one product is a mistake."""
        codes = [row.sku.data for row in self.variant_rows if row.sku.data]
        if len(codes) != len(set(codes)):
            raise ValidationError(_l("有两个规格用了同一个编号。"))


class PicturesForm(FlaskForm):
    """Files; what is in them is looked at by the service."""

    pictures = MultipleFileField(_l("图片"))


class StockForm(FlaskForm):
    """Units that arrive, or a count put right."""

    variant = HiddenField()
    deed = RadioField(
        _l("做什么"),
        choices=DEEDS,
        default="receive",
    )
    units = WholeField(_l("件数"), low=1, high=UNITS_MAX, message=_l("写 1 到 100,000 的整数。"))
    reason = StringField(
        _l("说明"), validators=[length(0, 200, _l("说明最多 200 字。")), printable], filters=[tidy]
    )
    idempotency_key = HiddenField(validators=[made_by_us])

    def validate_reason(self, field: Any) -> None:
        """A correction needs a reason."""
        if self.deed.data != "receive" and not field.data:
            raise ValidationError(_l("写一句为什么，记录里看得到。"))


class AlertForm(FlaskForm):
    """From how few units on a variant counts as nearly gone."""

    variant = HiddenField()
    below = WholeField(_l("剩多少件提醒"), low=0, high=UNITS_MAX, message=_l("写 0 到 100,000 的整数。"))
