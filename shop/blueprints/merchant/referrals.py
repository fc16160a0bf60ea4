"""Invitations in the back office: what came of them, and letting one count that was refused."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.forms.merchant.referrals import AllowReferralForm
from shop.queries.merchant.referrals import STATES, referral_counts, referral_list
from shop.services.members.referrals import allow_referral
from shop.web.guards import EDITOR, OWNER, SUPPORT, roles
from shop.web.pagination import number_in_address

bp = Blueprint("merchant_referrals", __name__)


@bp.get("/referrals")
@roles(OWNER, EDITOR, SUPPORT)
def index() -> ResponseReturnValue:
    """The invitations of one state (`?state=`), refused ones first."""
    return _page(AllowReferralForm(formdata=None))


@bp.post("/referrals/<int:referral_id>/allowance")
@roles(OWNER, EDITOR, SUPPORT)
def allow(referral_id: int) -> ResponseReturnValue:
    """Let a refused invitation count, with a reason."""
    form = AllowReferralForm()
    if not form.validate_on_submit():
        return _page(form, referral_id), 422
    allow_referral(referral_id, reason=form.reason.data or "", staff_id=current_user.id, now=now())
    flash(_("放行了，朋友已经完成的第一单也算。"))
    return redirect(url_for(".index"), 303)


def _page(form: AllowReferralForm, open_id: int | None = None) -> str:
    state = request.args.get("state", STATES[0])
    state = state if state in STATES else STATES[0]
    return render_template(
        "merchant/referrals/index.html",
        state=state,
        states=STATES,
        counts=referral_counts(),
        listing=referral_list(state, number_in_address("before")),
        form=form,
        open_id=open_id,
    )
