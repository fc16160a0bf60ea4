"""A member's orders, by what waits to be done."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now
from shop.queries.orders.orders import PILES, order_counts, orders_of
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("member_orders", __name__, url_prefix="/member/orders")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The list; htmx asks for another pile, or for the orders that follow."""
    pile, before = request.args.get("state", PILES[0]), number_in_address("before")
    pile = pile if pile in PILES else PILES[0]
    listing = orders_of(current_user.id, pile, before, now())
    context = {"listing": listing, "pile": pile, "piles": PILES, "now": now()}
    if wants_fragment() and before is not None:
        return render_template("member_orders/_cards.html", **context)
    counts = order_counts(current_user.id, now())
    return page_or_fragment("member_orders/index.html", "member_orders/_list.html", counts=counts, **context)
