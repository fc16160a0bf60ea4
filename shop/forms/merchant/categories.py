"""What the back office may say about a category."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from shop.forms.merchant.products import printable
from shop.forms.numbers import WholeField
from shop.forms.texts import length, tidy

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class CategoryForm(FlaskForm):
    name = StringField(
        _l("名称"), validators=[length(1, 40, _l("名称要有，最多 40 字。")), printable], filters=[tidy]
    )
    slug = StringField(_l("网址名"), filters=[tidy])
    parent = SelectField(_l("上级分类"), choices=[], default="")
    position = WholeField(
        _l("排在第几"),
        low=0,
        high=9999,
        message=_l("写 0 到 9999 的整数，小的在前。"),
        default=0,
    )

    def validate_slug(self, field: Any) -> None:
        """What may stand in an address."""
        if field.data and not (SLUG.fullmatch(field.data) and len(field.data) <= 60):
            raise ValidationError(_l("只用小写字母、数字和短横，最多 60 个。"))
