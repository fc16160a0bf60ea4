"""Name, picture, birthday, language, colours, password, and the devices on which one is logged in."""

from typing import Any

from flask import Blueprint, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from flask_wtf import FlaskForm
from htmx_flask import make_response

from shop.clock import now, shop_today
from shop.errors import BirthdayFixed, InvalidInput, PasswordTooCommon, WrongPassword
from shop.forms.settings import (
    AVATARS,
    BirthdayForm,
    LanguageForm,
    PasswordForm,
    ProfileForm,
    ThemeForm,
    about_form,
)
from shop.queries.members.logins import devices_of
from shop.queries.members.profile import Profile, Progress, profile_of, profile_progress
from shop.services.members.logins import end_device, end_other_devices
from shop.services.members.settings import (
    change_password,
    change_profile,
    choose_language,
    choose_theme,
    set_birthday,
    tell_more,
)
from shop.web.filters import points
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("member_settings", __name__, url_prefix="/member/settings")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    return _page()


@bp.post("/profile")
@login_required
def update_profile() -> ResponseReturnValue:
    form = ProfileForm()
    if not form.validate():
        return _page(profile_form=form), 422
    change_profile(current_user.id, name=form.name.data, avatar=form.avatar.data)
    return _done(_("存好了"))


@bp.post("/birthday")
@login_required
def update_birthday() -> ResponseReturnValue:
    form = BirthdayForm(today=shop_today())
    if not form.validate():
        return _page(birthday_form=form), 422
    try:
        set_birthday(current_user.id, form.birthday.data, today=shop_today(), now=now())
    except BirthdayFixed as error:
        form.birthday.errors = [str(error)]
        return _page(birthday_form=form), error.status
    return _done(_("生日记下了"))


@bp.post("/about")
@login_required
def update_about() -> ResponseReturnValue:
    """Tell, change or take back what the shop asks beside name and birthday."""
    progress = profile_progress(current_user.id, now())
    form = about_form(progress.more)()
    if not form.validate_on_submit():
        return _page(about_form=form), 422
    answers = {each.code: form[f"about_{each.code}"].data or "" for each in progress.more}
    tell_more(current_user.id, answers, now())
    if progress.points and not profile_progress(current_user.id, now()).missing:
        return _done(_("都填好了，%(points)s 积分马上到账", points=points(progress.points)))
    return _done(_("存好了"))


@bp.post("/language")
@login_required
def update_language() -> ResponseReturnValue:
    form = LanguageForm()
    if not form.validate():
        raise InvalidInput
    choose_language(current_user.id, form.locale.data)
    session["locale"] = form.locale.data
    return _done("")


@bp.post("/theme")
@login_required
def update_theme() -> ResponseReturnValue:
    form = ThemeForm()
    if not form.validate():
        raise InvalidInput
    theme = form.theme.data if form.theme.data != "auto" else None
    choose_theme(current_user.id, theme)
    session.pop("theme", None)
    return _done("")


@bp.post("/password")
@login_required
def update_password() -> ResponseReturnValue:
    form = PasswordForm()
    if not form.validate():
        return _page(password_form=form), 422
    try:
        change_password(
            current_user.id, old=form.old.data, new=form.new.data, token=current_user.token, now=now()
        )
    except (WrongPassword, PasswordTooCommon) as error:
        (form.old if isinstance(error, WrongPassword) else form.new).errors = [str(error)]
        return _page(password_form=form), error.status
    return _done(_("密码换好了，其他设备都已退出"))


@bp.post("/devices/<int:login_id>/ending")
@login_required
def end_one(login_id: int) -> ResponseReturnValue:
    """Log one other device out."""
    end_device(current_user.id, login_id, now())
    return _done(_("那台设备已经退出"))


@bp.post("/devices/ending")
@login_required
def end_others() -> ResponseReturnValue:
    """Log every device out but this one."""
    end_other_devices(current_user.id, current_user.token, now())
    return _done(_("其他设备都已退出"))


def _done(said: str) -> ResponseReturnValue:
    """Back to the settings: the whole page, because a name, a language or the colours stand in every part of it."""
    if said:
        flash(said)
    target = url_for(".show")
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


def _page(**forms: FlaskForm) -> str:
    profile = profile_of(current_user.id)
    progress = profile_progress(current_user.id, now())
    context: dict[str, Any] = {
        "profile_form": ProfileForm(formdata=None, obj=profile),
        "birthday_form": BirthdayForm(formdata=None, obj=profile, today=shop_today()),
        "password_form": PasswordForm(formdata=None),
        "about_form": _about_form(progress),
        "progress": progress,
        "avatars": AVATARS,
        "profile": profile,
        "chosen_locale": _locale_of(profile),
        "devices": devices_of(current_user.id, now()),
        **forms,
    }
    return page_or_fragment("member_settings/show.html", "member_settings/_settings.html", **context)


def _about_form(progress: Progress) -> FlaskForm:
    answers = {f"about_{each.code}": each.answer for each in progress.more}
    return about_form(progress.more)(formdata=None, data=answers)


def _locale_of(profile: Profile) -> str | None:
    return session.get("locale") or profile.locale
