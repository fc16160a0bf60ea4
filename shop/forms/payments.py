"""What the cashier accepts."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf, DataRequired, Length


class PayForm(FlaskForm):
    """By which provider."""

    provider = StringField(
        _l("怎么付"),
        validators=[DataRequired(_l("选一种付款方式。")), Length(max=24, message=_l("选一种付款方式。"))],
    )


class SandboxForm(FlaskForm):
    """What happens in the sandbox."""

    bill = StringField(validators=[DataRequired(), Length(max=4000)])
    choice = StringField(validators=[AnyOf(("pay", "refuse", "late"))])
