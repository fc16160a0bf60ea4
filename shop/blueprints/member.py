"""The member centre."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now, shop_today
from shop.queries.members.centre import centre_of
from shop.queries.members.newcomers import newcomer_pack
from shop.queries.points.balance import Balance, balance_of
from shop.queries.points.kinds import further_purses

bp = Blueprint("member", __name__)

SOON_DAYS = 30


@bp.get("/member")
@login_required
def show() -> ResponseReturnValue:
    """Who one is here: the tier, the points, the orders on their way, and the ways to everything else."""
    moment = now()
    balance = balance_of(current_user.id, moment)
    centre = centre_of(current_user.id, moment)
    return render_template(
        "member/show.html",
        centre=centre,
        pack=newcomer_pack(current_user.id, moment) if centre.days == 1 else None,
        balance=balance,
        lapse=_next_lapse(balance),
        purses=further_purses(current_user.id, moment),
    )


def _next_lapse(balance: Balance) -> dict[str, int] | None:
    """The points that lapse next, if that is soon, and in how many days."""
    if not balance.expiring or balance.expiring[0].last_on is None:
        return None
    days = (balance.expiring[0].last_on - shop_today()).days
    return {"points": balance.expiring[0].points, "days": days} if days <= SOON_DAYS else None
