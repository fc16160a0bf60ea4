"""A batch of printed codes as the back office types it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from shop.forms.merchant.draws import between
from shop.forms.merchant.members import made_by_us
from shop.forms.numbers import WholeField
from shop.forms.texts import length, plain_text, tidy
from shop.rules.points.codes import LENGTH_MAX, LENGTH_MIN, PIECES_MAX, POINTS_MAX
from shop.web.rulebook_words.pieces import SOURCES

NAME_MAX = 40


class CodeBatchForm(FlaskForm):
    """What each code is worth, how many there are, and up to which day they count."""

    name = StringField(
        _l("名称"),
        validators=[length(1, NAME_MAX, _l("写上名称，40 字以内。")), plain_text],
        filters=[tidy],
    )
    points = WholeField(_l("每张多少积分"), validators=[between(1, POINTS_MAX)])
    pieces = WholeField(_l("一共多少张"), validators=[between(1, PIECES_MAX)])
    length = WholeField(_l("码有几位"), validators=[between(LENGTH_MIN, LENGTH_MAX)], default=LENGTH_MIN)
    source_class = SelectField(
        _l("算哪一类积分"),
        choices=[SelectChoice(name, label) for name, label in SOURCES.items()],
        default="grant",
    )
    last_on = DateField(_l("到哪天为止（含这天）"), validators=[InputRequired(_l("请选一个日期。"))])
    idempotency_key = HiddenField(validators=[made_by_us])


class BatchDeedForm(FlaskForm):
    """Hand a batch out, or stop it: nothing is typed."""
