"""What the login page and the one-time link accept."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField

from shop.forms.auth import PASSWORD_MAX, new_password
from shop.forms.texts import length, plain_text, tidy

EMAIL_MAX = 120


class StaffLoginForm(FlaskForm):
    """Email and password.  Whatever may be tried is tried; only its size is limited."""

    email = EmailField(
        _l("邮箱"), validators=[length(1, EMAIL_MAX, _l("请填邮箱。")), plain_text], filters=[tidy]
    )
    password = PasswordField(_l("密码"), validators=[length(1, PASSWORD_MAX, _l("请填密码。"))])


class SetPasswordForm(FlaskForm):
    """The first password, or a new one."""

    password = PasswordField(_l("新密码"), validators=[new_password])
