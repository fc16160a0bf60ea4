"""Logging in with a password or a code, registering, logging out."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from htmx_flask import make_response
from sqlalchemy.exc import OperationalError

from shop.clock import now
from shop.crypto import seal, unseal
from shop.errors import (
    MemberSuspended,
    PasswordTooCommon,
    PhoneTaken,
    ShopError,
    TooManyRequests,
    TransactionLost,
    WrongCode,
    WrongCredentials,
)
from shop.forms.auth import CodeForm, LoginForm, PhoneForm, RegisterForm, RegisterWithCodeForm
from shop.queries.members.codes import code_for_developers
from shop.queries.members.demo import demo_logins
from shop.queries.members.newcomers import newcomer_promise
from shop.services.members.codes import log_in_with_code, register_with_code, request_code
from shop.services.members.logins import log_in, log_out, note_visit
from shop.services.members.registration import register as register_member
from shop.web.device_cookie import device_token
from shop.web.guards import SAFE_METHODS, next_page
from shop.web.logins import device_name, load_user
from shop.web.newcomer_words import pack_words
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("auth", __name__)

VISIT = timedelta(minutes=10)
KEPT_AT_LOGIN = ("locale", "theme", "next")


@bp.get("/login")
def login() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_page(url_for("member.show")), 303)
    return _login_page(LoginForm())


@bp.post("/login")
def log_in_with_password() -> ResponseReturnValue:
    form = LoginForm()
    if not form.validate():
        return _login_page(form), 422
    try:
        token = log_in(form.phone.data, form.password.data, **_here())
    except (WrongCredentials, MemberSuspended) as error:
        _say_at(form.password, error)
        return _login_page(form), error.status
    return _enter(token)


def _login_page(form: LoginForm) -> str:
    return page_or_fragment("auth/login.html", "auth/_login.html", form=form, demo_logins=demo_logins())


@bp.get("/login/code")
def login_code() -> ResponseReturnValue:
    """Ask for the phone; once a code is on its way, for the code.  ``?phone=other`` goes back to the phone."""
    if current_user.is_authenticated:
        return redirect(next_page(url_for("member.show")), 303)
    if "code" not in session or "phone" in request.args:
        return _phone_page(PhoneForm(formdata=None))
    return _code_page(CodeForm(formdata=None))


@bp.post("/login/code")
def send_login_code() -> ResponseReturnValue:
    """With a ``code``: log in with it.  Else send one to the phone."""
    if "code" in request.form:
        return _log_in_with_code()
    form = PhoneForm()
    if not form.validate():
        return _phone_page(form), 422
    try:
        _send_code(form.phone.data)
    except TooManyRequests as error:
        _say_at(form.phone, error)
        return _phone_page(form), error.status, _retry_after(error)
    return _code_page(CodeForm(formdata=None)) if wants_fragment() else redirect(url_for(".login_code"), 303)


def _log_in_with_code() -> ResponseReturnValue:
    form = CodeForm()
    phone = _phone_with_code()
    if phone is None:
        return redirect(url_for(".login_code"), 303)
    if not form.validate():
        return _code_page(form), 422
    try:
        token = log_in_with_code(phone, form.code.data, name=_newcomer(phone), **_here())
    except (WrongCode, MemberSuspended) as error:
        _say_at(form.code, error)
        return _code_page(form), error.status
    return _enter(token)


def _phone_page(form: PhoneForm) -> str:
    return page_or_fragment("auth/login_code.html", "auth/_phone.html", form=form)


def _code_page(form: CodeForm) -> str:
    return page_or_fragment("auth/login_code.html", "auth/_code.html", form=form, **_sent())


@bp.get("/register")
def register() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(next_page(url_for("member.show")), 303)
    invited_by = request.args.get("from", "")[:16]
    if request.args.get("way") != "code":
        return _register_page(RegisterForm(formdata=None, invited_by=invited_by))
    name = session.get("code", {}).get("name", "")
    return _register_page(
        RegisterWithCodeForm(formdata=None, phone=_phone_with_code(), name=name, invited_by=invited_by)
    )


@bp.post("/register")
def create_member() -> ResponseReturnValue:
    """With ``send``: send a code to the phone.  With a ``code``: register with it.  Else with a password."""
    if "send" in request.form:
        return _send_code_to_register()
    by_code = "code" in request.form
    form = RegisterWithCodeForm() if by_code else RegisterForm()
    if not form.validate():
        return _register_page(form), 422
    try:
        token = (_register_with_code if by_code else _register_with_password)(form)
    except (PhoneTaken, WrongCode, PasswordTooCommon) as error:
        field = form.phone if isinstance(error, PhoneTaken) else form.code if by_code else form.password
        _say_at(field, error)
        return _register_page(form), error.status
    answer = _enter(token)
    _greet()
    return answer


def _greet() -> None:
    """Say on the first page, whichever it is, what comes with registering."""
    promise = newcomer_promise(now())
    if not promise.is_empty:
        parts = pack_words(promise.points, promise.coupons, promise.tickets)
        flash(_("欢迎！新人礼包马上放进来：%(parts)s。", parts=_("、").join(parts)))


def _register_with_password(form: RegisterForm) -> str:
    phone, password = form.phone.data, form.password.data
    name = form.name.data or _newcomer(phone)
    return register_member(
        phone,
        password,
        name=name,
        **_here(),
        invited_by=form.invited_by.data or "",
    )


def _register_with_code(form: RegisterWithCodeForm) -> str:
    phone, code = form.phone.data, form.code.data
    name = form.name.data or _newcomer(phone)
    return register_with_code(
        phone,
        code,
        name=name,
        **_here(),
        invited_by=form.invited_by.data or "",
    )


def _send_code_to_register() -> ResponseReturnValue:
    form = RegisterWithCodeForm()
    form.validate()
    form.code.errors = ()
    if form.phone.errors or form.name.errors:
        return _register_page(form), 422
    try:
        _send_code(form.phone.data, form.name.data)
    except TooManyRequests as error:
        _say_at(form.phone, error)
        return _register_page(form), error.status, _retry_after(error)
    return (
        _register_page(form)
        if wants_fragment()
        else redirect(url_for(".register", way="code", **{"from": form.invited_by.data or None}), 303)
    )


def _register_page(form: RegisterForm) -> str:
    return page_or_fragment("auth/register.html", "auth/_register.html", form=form, **_sent())


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    if current_user.is_authenticated:
        log_out(current_user.token, now(), member_id=current_user.id, device_token=device_token())
        logout_user()
    kept = {name: session[name] for name in ("locale", "theme") if name in session}
    session.clear()
    session.update(kept)
    return _go(url_for("home.show"))


@bp.after_app_request
def note_visit_of_device(response: Response) -> Response:
    """Keep the list of devices true: when something is done, at most every ten minutes.  Reading writes nothing."""
    seen_at = g.get("login_last_seen_at")
    if request.method in SAFE_METHODS or seen_at is None or response.status_code >= 500:
        return response
    if current_user.is_authenticated and now() - seen_at > VISIT:
        with suppress(TransactionLost, OperationalError):  # what the person did is done and stays so
            note_visit(current_user.login_id, now())
    return response


def _enter(token: str) -> ResponseReturnValue:
    """A new session for the new login; only what a visitor has chosen comes along."""
    kept = {name: session[name] for name in KEPT_AT_LOGIN if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    login_user(load_user(token))
    current_app.logger.info("login member=%s", current_user.id)
    return _go(next_page(url_for("member.show")))


def _go(target: str) -> ResponseReturnValue:
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


def _send_code(phone: str, name: str = "") -> None:
    code_id = request_code(phone, place=_place(), now=now())
    session["code"] = {"id": code_id, "phone": seal(phone), "name": name}


def _phone_with_code() -> str | None:
    """The phone that this visitor has had a code sent to."""
    return unseal(session["code"]["phone"]) if "code" in session else None


def _sent() -> dict[str, Any]:
    """The code on its way: where to and, for developers, what it says."""
    if "code" not in session:
        return {"sent_to": None, "code_for_developers": None}
    return {"sent_to": _phone_with_code(), "code_for_developers": code_for_developers(session["code"]["id"])}


def _say_at(field: Any, error: ShopError) -> None:
    """Show a refusal at a field of its form, and keep it in the log like those that reach the error pages."""
    field.errors = [str(error)]
    current_app.logger.info("refused code=%s path=%s", error.code, request.path)


def _newcomer(phone: str) -> str:
    return _("拾友 %(last)s", last=phone[-4:])


def _here() -> dict[str, Any]:
    """Where somebody comes in, with which browser, and when."""
    return {"place": _place(), "device": device_name(), "device_token": device_token(), "now": now()}


def _place() -> str:
    """The network address that asks."""
    return request.remote_addr or "unknown"


def _retry_after(error: TooManyRequests) -> dict[str, str]:
    return {"Retry-After": str(error.retry_after_seconds)}
