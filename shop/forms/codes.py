"""The code that a member types or brings along from a printed square."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from shop.forms.merchant.members import made_by_us
from shop.forms.texts import length, plain_text, tidy

WRITTEN_MAX = 60


class PointsCodeForm(FlaskForm):
    """Any writing of a code: small, wide, with or without its dashes; whether it is one, the service says."""

    code = StringField(
        _l("积分码"),
        validators=[length(1, WRITTEN_MAX, _l("把码上的字母和数字填在这里。")), plain_text],
        filters=[tidy],
    )
    idempotency_key = HiddenField(validators=[made_by_us])
