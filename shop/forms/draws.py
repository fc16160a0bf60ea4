"""What a request to a draw may contain."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from shop.forms.texts import plain_text, tidy

WAYS = ("shipping", "pickup", "none")
POINTS_MAX = 1_000_000_000
ID_MAX = 2**53
KEY = Regexp(r"^[A-Za-z0-9_-]{8,60}$")


class AttemptForm(FlaskForm):
    """``agreed_points`` is what the page said it costs: it can only refuse, never set a price."""

    idempotency_key = HiddenField(validators=[InputRequired(), KEY])
    agreed_points = IntegerField(default=0, validators=[InputRequired(), NumberRange(0, POINTS_MAX)])
    text = StringField(_l("你的一串字"), filters=[tidy], validators=[Optional(), Length(max=40), plain_text])


class ClaimForm(FlaskForm):
    """How a prize gets to the member; the ways and places on offer are set by the blueprint."""

    idempotency_key = HiddenField(validators=[InputRequired(), KEY])
    way = RadioField(_l("怎么拿到"), choices=[SelectChoice(way) for way in WAYS])
    address_id = IntegerField(validators=[Optional(), NumberRange(1, ID_MAX)])
    store_id = IntegerField(validators=[Optional(), NumberRange(1, ID_MAX)])


class VerifyForm(FlaskForm):
    """A GET form: which attempt to work out again."""

    class Meta:
        csrf = False

    day = SelectField(_l("哪一天"))
    counter = IntegerField(_l("第几次"), validators=[InputRequired(), NumberRange(1, POINTS_MAX)])
