"""Handing over by pick-up code: type or scan it, look at what it is, hand it over, once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import PickupCodeUsed, PickupCodeWrong, PickupEnded, PickupUnpaid, ShopError
from shop.forms.merchant.orders import CODE_TYPED_MAX, HandOverForm
from shop.queries.orders.fulfilment import Collected, order_of_code
from shop.services.orders.fulfilment import hand_over, normal_code
from shop.web.guards import CASHIER, OWNER, SUPPORT, roles
from shop.web.rendering import page_or_fragment

REFUSED = (PickupCodeWrong, PickupCodeUsed, PickupUnpaid, PickupEnded)
PROBLEMS: dict[str, type[ShopError]] = {
    "placed": PickupUnpaid,
    "lapsed": PickupEnded,
    "received": PickupCodeUsed,
    "closed": PickupEnded,
}

bp = Blueprint("merchant_verify", __name__)


@bp.get("/verify")
@roles(OWNER, CASHIER, SUPPORT)
def show() -> ResponseReturnValue:
    """The input, and what belongs to the code that was typed."""
    typed = request.args.get("code", "")[:CODE_TYPED_MAX]
    return page_or_fragment("merchant/verify/show.html", "merchant/verify/_found.html", **_context(typed))


@bp.post("/verify")
@roles(OWNER, CASHIER)
def create() -> ResponseReturnValue:
    """Hand it over.  Of two people with the same code exactly one succeeds."""
    form = HandOverForm()
    typed = str(form.code.data or "")[:CODE_TYPED_MAX]
    if not form.validate_on_submit():
        return render_template("merchant/verify/show.html", **_context(typed)), 422
    try:
        number = hand_over(typed, current_user.id, now())
    except REFUSED as error:
        context = {**_context(typed), "problem": error}
        return render_template("merchant/verify/show.html", **context), error.status
    flash(_("核销好了，订单 %(number)s 可以给会员了。", number=number))
    return redirect(url_for(".show"), 303)


def _context(typed: str) -> dict[str, object]:
    order = order_of_code(normal_code(typed), now()) if typed.strip() else None
    problem = _problem(order) if typed.strip() else None
    return {
        "typed": typed,
        "order": order,
        "problem": problem,
        "may_hand_over": current_user.role in (OWNER, CASHIER),
    }


def _problem(order: Collected | None) -> ShopError | None:
    if order is None:
        return PickupCodeWrong()
    kind = PROBLEMS.get(order.stage)
    return kind() if kind else None
