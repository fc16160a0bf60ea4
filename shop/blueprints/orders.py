"""One order: where it stands and why it cost what it did; cancelling it, receiving it."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import InvalidInput, NotFound, OrderMoved
from shop.forms.orders import DeedForm
from shop.queries.orders.order import OrderDetail, order_of_member
from shop.queries.orders.refunds import cancellation_of
from shop.queries.points.balance import balance_of
from shop.services.orders.cancelling import cancel_order
from shop.services.orders.fulfilment import receive_order
from shop.web.rendering import page_or_fragment

bp = Blueprint("orders", __name__, url_prefix="/orders")


@bp.get("/<number>")
@login_required
def show(number: str) -> ResponseReturnValue:
    """The order.  Right after it was paid, once, what was found is celebrated; a reload shows the order itself."""
    order = _mine(number)
    if session.get("celebrate") == number:
        del session["celebrate"]
        if order.stage in ("paid", "pickup"):
            balance = balance_of(current_user.id, now(), order.points_kind)
            return render_template("orders/placed.html", order=order, balance=balance)
    return render_template("orders/show.html", order=order, now=now())


@bp.get("/<number>/cancellation")
@login_required
def cancellation(number: str) -> ResponseReturnValue:
    """What exactly comes back: a dialog over the order, or a page of its own."""
    preview = cancellation_of(number, current_user.id, now())
    if preview is None:
        raise NotFound
    if not preview.is_possible:
        raise OrderMoved
    return page_or_fragment("orders/cancellation.html", "orders/_cancellation.html", preview=preview)


@bp.post("/<number>/cancellation")
@login_required
def cancel(number: str) -> ResponseReturnValue:
    """Cancel before it is on its way.  Sent twice, it happens once."""
    _mine(number)
    _meant()
    cancel_order(number, current_user.id, now())
    flash(_("取消好了，该回来的都回来了。"))
    return redirect(url_for(".show", number=number), 303)


@bp.post("/<number>/receipt")
@login_required
def receive(number: str) -> ResponseReturnValue:
    """The goods have arrived."""
    _mine(number)
    _meant()
    receive_order(number, current_user.id, now())
    flash(_("收到啦，谢谢你。"))
    return redirect(url_for(".show", number=number), 303)


def _mine(number: str) -> OrderDetail:
    order = order_of_member(current_user.id, number, now())
    if order is None:
        raise NotFound
    return order


def _meant() -> None:
    if not DeedForm().validate():
        raise InvalidInput
