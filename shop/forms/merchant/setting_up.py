"""What a new shop is asked."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import RangeInput

from shop.forms.merchant.members import made_by_us
from shop.forms.merchant.products import UNITS_MAX, printable
from shop.forms.numbers import WholeField
from shop.forms.texts import length, plain_text, tidy

NAME_MAX, SLOGAN_MAX = 20, 40
FINDS = ("gift", "coffee", "cake", "plant", "notebook", "candle", "scarf", "bag")
"""Pictures of our own for a product that has none yet."""
CODE = re.compile(r"[a-z]{1,20}", re.ASCII)


class HueField(WholeField):
    """A hue in degrees, as a slider."""

    widget = RangeInput(step="1")


class NameForm(FlaskForm):
    """What the shop is called, and one line that says what it is."""

    name = StringField(
        _l("店名"),
        validators=[length(1, NAME_MAX, _l("店名要有，最多 20 个字。")), plain_text],
        filters=[tidy],
    )
    slogan = StringField(
        _l("一句话"), validators=[length(0, SLOGAN_MAX, _l("最多 40 个字。")), plain_text], filters=[tidy]
    )


class ColoursForm(FlaskForm):
    """The two hues of the shop."""

    brand_hue = HueField(_l("底色"), low=0, high=359, message=_l("色相是 0 到 359 的整数。"))
    spark_hue = HueField(_l("主色"), low=0, high=359, message=_l("色相是 0 到 359 的整数。"))


class PresetForm(FlaskForm):
    """Which policy to begin with."""

    preset = StringField(_l("规则"))
    idempotency_key = HiddenField(validators=[made_by_us])

    def validate_preset(self, field: Any) -> None:
        """One of ours; which there are, the page knows."""
        if not CODE.fullmatch(field.data or ""):
            raise ValidationError(_l("选一套规则。"))


class FirstProductForm(FlaskForm):
    """The first thing on the shelf."""

    title = StringField(
        _l("换什么"), validators=[length(1, 80, _l("名称要有，最多 80 字。")), printable], filters=[tidy]
    )
    points = WholeField(_l("要多少积分"), low=1, high=10_000_000, message=_l("写 1 到 10,000,000 的整数。"))
    units = WholeField(_l("有多少件"), low=1, high=UNITS_MAX, message=_l("写 1 到 100,000 的整数。"))
    picture = FileField(_l("图片"))
    find = StringField(_l("先用一张现成的"))
    idempotency_key = HiddenField(validators=[made_by_us])

    def validate_find(self, field: Any) -> None:
        """One of ours."""
        field.data = field.data or FINDS[0]
        if field.data not in FINDS:
            raise ValidationError(_l("选一张图片。"))

    @property
    def file(self) -> FileStorage | None:
        """The picture that was sent, if any."""
        data = self.picture.data
        return data if isinstance(data, FileStorage) and data.filename else None
