"""What a member may set about themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, ValidationError

from shop.forms.auth import NAME_MAX, PASSWORD_MAX, new_password
from shop.forms.texts import length, plain_text, tidy
from shop.queries.members.profile import Asked
from shop.web.languages import LANGUAGES
from shop.web.profile_words import answer_name, asked_name

ANSWER_MAX = 40
OLDEST = date(1900, 1, 1)
THEMES = ("auto", "light", "dark")
AVATARS = (
    "cat", "squirrel", "bear", "snail", "butterfly", "ladybird", "persimmon", "maple", "chestnut", "pear", "tangerine",
    "mushroom", "clover", "sunflower", "seedling", "herb", "moon", "cloud", "shell", "feather",
)  # fmt: skip


class OneOf:
    """Only what the page offers; anything else is refused with a sentence."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = values

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data not in self.values:
            raise ValidationError(_l("请从列出的里面选一个。"))


class ProfileForm(FlaskForm):
    """Name and picture."""

    name = StringField(
        _l("名字"),
        validators=[length(1, NAME_MAX, _l("名字写 1 到 20 个字。")), plain_text],
        filters=[tidy],
    )
    avatar = StringField(_l("头像"), validators=[OneOf(AVATARS)])


def about_form(asked: Sequence[Asked]) -> type[FlaskForm]:
    """The form of what this shop asks beside name and birthday: one field for each, ``about_`` before its code."""
    fields = {f"about_{each.code}": _about_field(each) for each in asked}
    return type("AboutForm", (FlaskForm,), fields)


def _about_field(asked: Asked) -> Any:
    label = asked_name(asked)
    if not asked.choices:
        checks = [length(0, ANSWER_MAX, _l("最多 40 个字。")), plain_text]
        return StringField(label, validators=checks, filters=[tidy])
    choices = [
        SelectChoice("", _l("还没选")),
        *(SelectChoice(each, answer_name(asked, each)) for each in asked.choices),
    ]
    return SelectField(label, choices=choices)


class BirthdayForm(FlaskForm):
    """``today`` is given by the view: nobody is born tomorrow."""

    birthday = DateField(_l("生日"), validators=[InputRequired(_l("请选一个日期。"))])

    def __init__(self, *arguments: Any, today: date, **values: Any) -> None:
        super().__init__(*arguments, **values)
        self.today = today

    def validate_birthday(self, field: Any) -> None:
        if field.data is not None and not OLDEST <= field.data <= self.today:
            raise ValidationError(_l("这一天不像是生日，请再看看。"))


class LanguageForm(FlaskForm):
    """One of the shop's languages."""

    locale = StringField(validators=[OneOf(tuple(LANGUAGES))])


class ThemeForm(FlaskForm):
    """Light, dark, or as the device has it."""

    theme = StringField(validators=[OneOf(THEMES)])


class PasswordForm(FlaskForm):
    """The old password and a new one.  Someone without a password leaves the first empty."""

    old = PasswordField(_l("原来的密码"), validators=[length(0, PASSWORD_MAX, _l("密码最多 128 位。"))])
    new = PasswordField(_l("新密码"), validators=[new_password])
