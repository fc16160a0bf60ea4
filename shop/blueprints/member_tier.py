"""The ladder of tiers and the member's place on it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now
from shop.queries.points.tier import standing_of

bp = Blueprint("member_tier", __name__, url_prefix="/member/tier")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """My tier, what it gives, and how far the next one is."""
    return render_template("member_tier/show.html", standing=standing_of(current_user.id, now()))
