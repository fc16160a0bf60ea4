"""A member's tier in the back office: give one for a time, with a reason; take it back."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from shop.clock import now, shop_today
from shop.errors import InvalidInput, NotFound, TierHeldAlready
from shop.forms.merchant.member_tiers import GrantTierForm, WithdrawTierForm
from shop.queries.merchant.members import Profile, profile_of
from shop.queries.points.tier import Standing, standing_of
from shop.services.merchant.tiers import grant_tier, withdraw_tier
from shop.web.guards import OWNER, SUPPORT, roles

YEAR = timedelta(days=365)
bp = Blueprint("merchant_member_tiers", __name__)


@bp.get("/members/<int:member_id>/tier")
@roles(OWNER, SUPPORT)
def edit(member_id: int) -> ResponseReturnValue:
    """The form for giving a tier, and the one for taking a given tier back."""
    member = _member(member_id)
    return _page(member, GrantTierForm(formdata=None), WithdrawTierForm(formdata=None))


@bp.post("/members/<int:member_id>/tier")
@roles(OWNER, SUPPORT)
def grant(member_id: int) -> ResponseReturnValue:
    """Give a tier up to a day.  The same page sent twice does it once."""
    member, form = _member(member_id), GrantTierForm()
    _offer(form, standing_of(member_id, now()))
    if not form.validate_on_submit():
        return _page(member, form, WithdrawTierForm(formdata=None)), 422
    try:
        grant_tier(
            member_id,
            form.code.data,
            until_on=form.until_on.data,
            reason=form.reason.data,
            staff_id=current_user.id,
            key=form.idempotency_key.data,
            now=now(),
        )
    except TierHeldAlready as error:
        form.code.errors = [str(error)]
        return _page(member, form, WithdrawTierForm(formdata=None)), 409
    except InvalidInput:
        form.until_on.errors = [_("选今天到十年内的一天。")]
        return _page(member, form, WithdrawTierForm(formdata=None)), 422
    flash(_("等级给好了，会员会收到消息。"))
    return redirect(url_for("merchant_members.show", member_id=member_id), 303)


@bp.post("/members/<int:member_id>/tier/withdrawal")
@roles(OWNER, SUPPORT)
def withdraw(member_id: int) -> ResponseReturnValue:
    """Take a given tier back: the member stands where purchases have led."""
    member, form = _member(member_id), WithdrawTierForm()
    if not form.validate_on_submit():
        return _page(member, GrantTierForm(formdata=None), form), 422
    withdraw_tier(member_id, reason=form.reason.data, staff_id=current_user.id, now=now())
    flash(_("已收回，会员回到自己达到的那一级。"))
    return redirect(url_for("merchant_members.show", member_id=member_id), 303)


def _page(member: Profile, form: GrantTierForm, withdrawal: WithdrawTierForm) -> str:
    standing = standing_of(member.id, now())
    _offer(form, standing)
    if form.until_on.data is None and form.until_on.raw_data is None:
        form.until_on.data = shop_today() + YEAR
    return render_template(
        "merchant/members/tier.html",
        member=member,
        standing=standing,
        form=form,
        withdrawal=withdrawal,
        today=shop_today(),
    )


def _offer(form: GrantTierForm, standing: Standing) -> None:
    """The steps above; and the present one where it was given, to give it on."""
    lowest = standing.position + (0 if standing.why in ("granted", "bought") else 1)
    form.code.choices = [SelectChoice(tier.code, tier.name) for tier in standing.ladder[lowest:]]


def _member(member_id: int) -> Profile:
    member = profile_of(member_id, now())
    if member is None:
        raise NotFound
    return member
