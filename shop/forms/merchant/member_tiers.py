"""What staff may change about a member's tier."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired

from shop.forms.merchant.members import REASON_MAX, made_by_us
from shop.forms.texts import length, plain_text, tidy


class GrantTierForm(FlaskForm):
    """A tier up to a day, with a reason that the member reads.  The tiers on offer are set by the blueprint."""

    code = SelectField(_l("给哪一级"))
    until_on = DateField(_l("到哪天为止（含这天）"), validators=[InputRequired(_l("请选一个日期。"))])
    reason = StringField(
        _l("原因，会员看得到"),
        validators=[
            length(1, REASON_MAX, _l("写一句原因，会员在等级记录里能看到，最多 200 字。")),
            plain_text,
        ],
        filters=[tidy],
    )
    idempotency_key = HiddenField(validators=[made_by_us])


class WithdrawTierForm(FlaskForm):
    reason = StringField(
        _l("原因，会员看得到"),
        validators=[
            length(1, REASON_MAX, _l("写一句原因，会员在等级记录里能看到，最多 200 字。")),
            plain_text,
        ],
        filters=[tidy],
    )
