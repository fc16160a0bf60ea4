"""What an address consists of."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField, TelField, TextAreaField

from shop.forms.texts import length, phone_number, plain_text, tidy


class AddressForm(FlaskForm):
    """One delivery address."""

    name = StringField(
        _l("收件人"),
        validators=[length(1, 20, _l("写上收件人的名字，20 个字以内。")), plain_text],
        filters=[tidy],
    )
    phone = TelField(_l("手机号"), validators=[phone_number], filters=[tidy])
    region = StringField(
        _l("所在地区"),
        validators=[length(2, 40, _l("写上省、市、区，40 个字以内。")), plain_text],
        filters=[tidy],
    )
    street = TextAreaField(
        _l("详细地址"),
        validators=[length(4, 100, _l("写到门牌号，快递才找得到")), plain_text],
        filters=[tidy],
    )
    is_default = BooleanField(_l("设为默认地址"))
