"""What a second person says about what was asked for."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from shop.forms.texts import length, plain_text, tidy

REASON_MAX = 200


class ApprovalForm(FlaskForm):
    """Yes; a word may be added."""

    reason = StringField(
        _l("说一句（可以不填）"),
        validators=[length(0, REASON_MAX, _l("最多 200 字。")), plain_text],
        filters=[tidy],
    )


class RefusalForm(FlaskForm):
    """No, and why."""

    refusal = StringField(
        _l("为什么拒绝"),
        validators=[length(1, REASON_MAX, _l("写一句原因，最多 200 字。")), plain_text],
        filters=[tidy],
    )
