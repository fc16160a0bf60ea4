"""Invite friends: a link, a code to draw, and what became of everyone who came."""

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now
from shop.queries.members.referrals import friends_of, invitation_code
from shop.queries.points.rulebook import rulebook_in_force
from shop.services.members.referrals import invitation_code_of
from shop.web.order_texts import qr_svg
from shop.web.rulebook_words.rule_sentences import rule_sentence

REWARDS = ("friend_ordered", "invited")

bp = Blueprint("invite", __name__, url_prefix="/invite")


@bp.get("")
@login_required
def show() -> str:
    """My link, the friends who came by it, and what the rules give for them."""
    code = invitation_code(current_user.id)
    url = f"{current_app.config['SHOP_URL']}{url_for('auth.register')}?from={code}" if code else ""
    rulebook = rulebook_in_force(now())
    rewards = [
        rule_sentence(rule, rulebook.tiers, rulebook.kinds)
        for rule in rulebook.rules
        if rule.event in REWARDS
    ]
    return render_template(
        "invite/show.html",
        code=code,
        url=url,
        qr=qr_svg(url) if url else None,
        friends=friends_of(current_user.id),
        rewards=rewards,
    )


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    """Make my code, once."""
    invitation_code_of(current_user.id)
    return redirect(url_for(".show"), 303)
