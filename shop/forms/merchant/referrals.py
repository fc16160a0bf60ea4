"""Why an invitation that was refused counts after all."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from shop.forms.merchant.members import REASON_MAX
from shop.forms.texts import length, plain_text, tidy


class AllowReferralForm(FlaskForm):
    """A reason for the audit trail."""

    reason = StringField(
        _l("为什么放行"),
        validators=[length(1, REASON_MAX, _l("写一句原因，最多 200 字。")), plain_text],
        filters=[tidy],
    )
