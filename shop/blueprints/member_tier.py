"""The ladder of tiers, the member's place on it, and a step that points can buy."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import InvalidInput
from shop.forms.member_tier import BuyTierForm
from shop.queries.points.balance import balance_of
from shop.queries.points.tier import standing_of
from shop.services.points.tiers import buy_tier
from shop.web.rulebook_words.sections.tiers import policy_sentences

bp = Blueprint("member_tier", __name__, url_prefix="/member/tier")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """My tier, what it gives, until when, how far the next one is.  ``?buy=<code>`` asks, without script, to confirm."""
    moment = now()
    standing = standing_of(current_user.id, moment)
    return render_template(
        "member_tier/show.html",
        standing=standing,
        available=balance_of(current_user.id, moment).available if standing.for_sale else 0,
        policy_sentences=tuple(policy_sentences(standing.policy)),
        asked_code=request.args.get("buy", ""),
    )


@bp.post("/purchases")
@login_required
def buy() -> ResponseReturnValue:
    """Buy a tier with points."""
    form = BuyTierForm()
    if not form.validate_on_submit():
        raise InvalidInput
    buy_tier(
        current_user.id,
        form.code.data,
        agreed_points=form.agreed_points.data,
        key=form.idempotency_key.data,
        now=now(),
    )
    flash(_("升级好了，马上就有新等级的权益。"))
    return redirect(url_for(".show"), 303)
