"""What the pages for logging in and registering accept."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField, TelField
from wtforms.validators import ValidationError

from shop.forms.texts import length, phone_number, plain_text, tidy

PASSWORD_MIN, PASSWORD_MAX = 8, 128
NAME_MAX = 20
CODE_DIGITS = 6


def new_password(_form: Any, field: Any) -> None:
    """Long enough, not endless, and without characters that a keyboard cannot give again."""
    password = field.data or ""
    if len(password) < PASSWORD_MIN:
        raise ValidationError(_l("密码至少 8 位。"))
    if len(password) > PASSWORD_MAX:
        raise ValidationError(_l("密码最多 128 位。"))
    if not password.isprintable():
        raise ValidationError(_l("密码里有看不见的字符，请重新输入。"))


def _six_digits(_form: Any, field: Any) -> None:
    code = field.data or ""
    if len(code) != CODE_DIGITS or not code.isascii() or not code.isdigit():
        raise ValidationError(_l("验证码是 6 位数字。"))


class LoginForm(FlaskForm):
    """Phone and password.  A password of any length and kind may be tried."""

    phone = TelField(_l("手机号"), validators=[phone_number], filters=[tidy])
    password = PasswordField(_l("密码"), validators=[length(1, PASSWORD_MAX, _l("请输入密码。"))])


class PhoneForm(FlaskForm):
    """The phone that a code goes to."""

    phone = TelField(_l("手机号"), validators=[phone_number], filters=[tidy])


class CodeForm(FlaskForm):
    """The code that came."""

    code = StringField(_l("6 位验证码"), validators=[_six_digits], filters=[tidy])


class RegisterForm(FlaskForm):
    """A phone with a password; the name may stay empty."""

    phone = TelField(_l("手机号"), validators=[phone_number], filters=[tidy])
    name = StringField(
        _l("怎么称呼你"),
        validators=[length(0, NAME_MAX, _l("名字最多 20 个字。")), plain_text],
        filters=[tidy],
    )
    invited_by = HiddenField(validators=[length(0, 16, _l("邀请码不对。")), plain_text], filters=[tidy])
    password = PasswordField(_l("密码"), validators=[new_password])


class RegisterWithCodeForm(RegisterForm):
    """A phone with the code that was sent to it; the password may be set later, or now."""

    password = None
    code = StringField(_l("6 位验证码"), validators=[_six_digits], filters=[tidy])
