"""What the back office may say about a store."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from shop.forms.merchant.products import printable
from shop.forms.numbers import WholeField
from shop.forms.texts import length, tidy


class StoreForm(FlaskForm):
    name = StringField(
        _l("店名"), validators=[length(1, 60, _l("店名要有，最多 60 字。")), printable], filters=[tidy]
    )
    address = StringField(
        _l("地址"), validators=[length(1, 160, _l("地址要有，最多 160 字。")), printable], filters=[tidy]
    )
    hours = StringField(
        _l("营业时间"), validators=[length(0, 60, _l("营业时间最多 60 字。")), printable], filters=[tidy]
    )
    phone = StringField(
        _l("电话"), validators=[length(0, 30, _l("电话最多 30 个字。")), printable], filters=[tidy]
    )
    position = WholeField(
        _l("排在第几"),
        low=0,
        high=9999,
        message=_l("写 0 到 9999 的整数，小的在前。"),
        default=0,
    )
    is_open = BooleanField(_l("开门营业，会员可以选这里自取"), default=True)
