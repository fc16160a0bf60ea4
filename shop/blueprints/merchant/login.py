"""The back office's door: log in, log out, set a password by a one-time link."""

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user

from shop.clock import now
from shop.errors import InvitationEnded, PasswordTooCommon, StaffCredentialsWrong
from shop.forms.merchant.login import SetPasswordForm, StaffLoginForm
from shop.queries.merchant.staff import demo_emails, invited_by
from shop.services.merchant.logins import log_in_staff, log_out_staff, set_staff_password
from shop.web.guards import EVERYONE, next_page, roles
from shop.web.logins import device_name, load_user
from shop.web.merchant_menu import first_page

bp = Blueprint("merchant_login", __name__)


@bp.get("/login")
def show() -> ResponseReturnValue:
    """The login page; whoever is logged in already goes on."""
    if current_user.is_authenticated:
        return redirect(first_page(), 303)
    return _login_page(StaffLoginForm())


@bp.post("/login")
def create() -> ResponseReturnValue:
    """Log in, and go on to the page that was asked for."""
    form = StaffLoginForm()
    if not form.validate_on_submit():
        return _login_page(form), 422
    try:
        opened = log_in_staff(
            form.email.data,
            form.password.data,
            address=request.remote_addr or "",
            device=device_name(),
            now=now(),
        )
    except StaffCredentialsWrong as error:
        form.password.errors = [str(error)]
        return _login_page(form), 422
    following = next_page(first_page())
    _enter(opened.token)
    return redirect(following, 303)


@bp.post("/logout")
@roles(*EVERYONE)
def log_out() -> ResponseReturnValue:
    """End this login, here and in the database."""
    log_out_staff(current_user.token, current_user.id, now())
    logout_user()
    session.clear()
    return redirect(url_for(".show"), 303)


@bp.get("/invitation/<token>")
def invitation(token: str) -> ResponseReturnValue:
    """Where a one-time link leads."""
    return _password_page(token, SetPasswordForm())


@bp.post("/invitation/<token>")
def set_password(token: str) -> ResponseReturnValue:
    """Set the password, use the link up, and log in."""
    form = SetPasswordForm()
    if not form.validate_on_submit():
        return _password_page(token, form), 422
    try:
        opened = set_staff_password(token, form.password.data, device=device_name(), now=now())
    except PasswordTooCommon as error:
        form.password.errors = [str(error)]
        return _password_page(token, form), 422
    _enter(opened.token)
    return redirect(first_page(), 303)


def _enter(token: str) -> None:
    """A session of its own for every login: nothing of the one before stays, but the language."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    login_user(load_user(token))


def _login_page(form: StaffLoginForm) -> str:
    emails = [] if current_app.config["IS_PRODUCTION"] else demo_emails()
    return render_template("merchant/login/show.html", form=form, demo_emails=emails)


def _password_page(token: str, form: SetPasswordForm) -> str:
    invited = invited_by(token, now())
    if invited is None:
        raise InvitationEnded
    return render_template("merchant/login/invitation.html", form=form, token=token, invited=invited)
