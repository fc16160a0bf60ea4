"""What a request to buy a tier may contain."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange, Regexp

from shop.rules.rulebook.sections.sources import CODE_PATTERN

POINTS_MAX = 1_000_000_000
KEY = Regexp(r"^[A-Za-z0-9_-]{8,60}$")


class BuyTierForm(FlaskForm):
    """``agreed_points`` is what the page said it costs: it can only refuse, never set a price."""

    idempotency_key = HiddenField(validators=[InputRequired(), KEY])
    code = HiddenField(validators=[InputRequired(), Regexp(rf"^{CODE_PATTERN}\Z")])
    agreed_points = IntegerField(validators=[InputRequired(), NumberRange(1, POINTS_MAX)])
