"""Colleagues: who may come in, and as what.  For owners only."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import InvalidInput, NotFound, StaffEmailTaken
from shop.forms.merchant.staff import InvitationForm, RoleForm, StateForm
from shop.queries.merchant.staff import colleague_of, colleagues
from shop.services.merchant.staff import (
    Invitation,
    change_role,
    create_staff,
    disable_staff,
    enable_staff,
    invite_again,
)
from shop.web.guards import OWNER, roles
from shop.web.staff_roles import ROLE_HINTS, ROLE_NAMES, abilities

bp = Blueprint("merchant_staff", __name__)


@bp.get("/staff")
@roles(OWNER)
def index() -> ResponseReturnValue:
    """What each role may do, and who has which."""
    return render_template(
        "merchant/staff/index.html",
        abilities=abilities(),
        role_names=ROLE_NAMES,
        role_hints=ROLE_HINTS,
        colleagues=colleagues(now()),
        today=shop_today(),
    )


@bp.get("/staff/new")
@roles(OWNER)
def new() -> ResponseReturnValue:
    """The form for a new colleague."""
    return _new_page(InvitationForm())


@bp.post("/staff")
@roles(OWNER)
def create() -> ResponseReturnValue:
    """Add a colleague and show the one-time link, once."""
    form = InvitationForm()
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        invitation = create_staff(
            form.email.data, form.name.data, form.role.data, by_staff_id=current_user.id, now=now()
        )
    except StaffEmailTaken as error:
        form.email.errors = [str(error)]
        return _new_page(form), 409
    return _invited_page(invitation)


@bp.post("/staff/<int:staff_id>/invitation")
@roles(OWNER)
def invite(staff_id: int) -> ResponseReturnValue:
    """A new one-time link; the one before ends."""
    return _invited_page(invite_again(staff_id, by_staff_id=current_user.id, now=now()))


@bp.post("/staff/<int:staff_id>/role")
@roles(OWNER)
def assign_role(staff_id: int) -> ResponseReturnValue:
    """Give another role."""
    form = RoleForm()
    if not form.validate_on_submit():
        raise InvalidInput
    change_role(staff_id, form.role.data, by_staff_id=current_user.id, now=now())
    flash(_("角色换好了，对方要重新登录。"))
    return redirect(url_for(".index"), 303)


@bp.post("/staff/<int:staff_id>/state")
@roles(OWNER)
def change_state(staff_id: int) -> ResponseReturnValue:
    """Disable or enable."""
    form = StateForm()
    if not form.validate_on_submit():
        raise InvalidInput
    if form.state.data == "disabled":
        disable_staff(staff_id, by_staff_id=current_user.id, now=now())
        flash(_("已停用，对方马上就进不来了。"))
    else:
        enable_staff(staff_id, by_staff_id=current_user.id, now=now())
        flash(_("已恢复，原来的角色和密码照旧。"))
    return redirect(url_for(".index"), 303)


def _new_page(form: InvitationForm) -> str:
    return render_template("merchant/staff/new.html", form=form, role_hints=ROLE_HINTS)


def _invited_page(invitation: Invitation) -> ResponseReturnValue:
    colleague = colleague_of(invitation.staff_id, now())
    if colleague is None:
        raise NotFound
    path = url_for("merchant_login.invitation", token=invitation.token)
    return render_template(
        "merchant/staff/invited.html",
        colleague=colleague,
        invitation_link=current_app.config["SHOP_URL"] + path,
        expires_at=invitation.expires_at,
        role_names=ROLE_NAMES,
    ), 201
