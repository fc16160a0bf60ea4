"""What may be said about a colleague."""

import re
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from shop.forms.merchant.login import EMAIL_MAX
from shop.forms.texts import length, plain_text, tidy
from shop.web.languages import LANGUAGES
from shop.web.staff_roles import ROLE_NAMES

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+", re.ASCII)
NAME_MAX = 40
ROLES = [SelectChoice(code, name) for code, name in ROLE_NAMES.items()]


def email_address(_form: Any, field: Any) -> None:
    """Something that can be an email address."""
    text = field.data or ""
    if len(text) > EMAIL_MAX or not text.isascii() or not text.isprintable() or not EMAIL.fullmatch(text):
        raise ValidationError(_l("这不像一个邮箱，检查一下。"))


class InvitationForm(FlaskForm):
    """A new colleague."""

    email = EmailField(_l("邮箱"), validators=[email_address], filters=[tidy])
    name = StringField(
        _l("怎么称呼"),
        validators=[length(1, NAME_MAX, _l("写个名字，最多 40 个字。")), plain_text],
        filters=[tidy],
    )
    role = RadioField(_l("角色"), choices=ROLES, default="cashier")


class RoleForm(FlaskForm):
    """Another role."""

    role = SelectField(_l("角色"), choices=ROLES)


class StateForm(FlaskForm):
    """Whether a colleague may use the back office."""

    state = SelectField(choices=[SelectChoice("active"), SelectChoice("disabled")])


class LanguageForm(FlaskForm):
    """The language in which somebody reads the back office."""

    locale = SelectField(_l("语言"), choices=[SelectChoice(*each) for each in LANGUAGES.items()])
