"""What a sign-in request may contain."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField
from wtforms.validators import AnyOf, InputRequired, Optional


class SignInForm(FlaskForm):
    """``shown`` names the part of the screen that is to be brought up to date: the calendar, or today's card."""

    shown = HiddenField(default="calendar", validators=[Optional(), AnyOf(("calendar", "today"))])


class MakeUpForm(FlaskForm):
    day = DateField(_l("要补的一天"), validators=[InputRequired()])
