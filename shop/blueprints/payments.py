"""The cashier page of a payment, and the address at which providers tell us what became of it."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now
from shop.errors import NotFound, NoticeRefused, PaymentTimeOver
from shop.extensions import csrf
from shop.forms.payments import PayForm
from shop.queries.orders.cashier import Cashier, cashier_of
from shop.services.orders.payments import receive_notice, start_payment
from shop.services.orders.unpaid import cancel_unpaid_order
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("payments", __name__)

NOTHING_NEW = 204
STOP_POLLING = 286


@bp.get("/pay/<token>")
@login_required
def show(token: str) -> ResponseReturnValue:
    """The cashier.  Once paid, it leads on to the order."""
    cashier = _mine(token)
    if cashier.stage == "paid":
        if session.pop("paying", None):
            session["celebrate"] = cashier.number
        return redirect(url_for("orders.show", number=cashier.number), 303)
    return page_or_fragment("payments/show.html", "payments/_state.html", cashier=cashier)


@bp.get("/pay/<token>/state")
@login_required
def state(token: str) -> ResponseReturnValue:
    """What the page asks every two seconds: 204 while nothing has changed, 286 once there is nothing to wait for."""
    cashier = _mine(token)
    if cashier.stage == "waiting":
        return "", NOTHING_NEW
    if cashier.stage == "paid":
        return make_response("", STOP_POLLING, redirect=url_for(".show", token=token))
    return render_template("payments/state.swap.html", cashier=cashier), STOP_POLLING


@bp.post("/pay/<token>")
@login_required
def start(token: str) -> ResponseReturnValue:
    """On to the provider."""
    cashier, form = _mine(token), PayForm()
    if cashier.stage == "paid":
        return redirect(url_for(".show", token=token), 303)
    if not form.validate():
        return render_template("payments/show.html", cashier=cashier, form=form), 422
    try:
        started = start_payment(token, current_user.id, form.provider.data, now())
    except PaymentTimeOver as error:
        return render_template("payments/show.html", cashier=_mine(token)), error.status
    session["paying"] = started.token
    return make_response("", 200, redirect=started.url) if wants_fragment() else redirect(started.url, 303)


@bp.post("/pay/<token>/cancellation")
@login_required
def cancel(token: str) -> ResponseReturnValue:
    """Give the order up: points and goods go back at once."""
    cashier = _mine(token)
    cancel_unpaid_order(cashier.number, current_user.id, now())
    target = url_for("orders.show", number=cashier.number)
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


@bp.post("/payments/notices/<provider>")
@csrf.exempt
def notice(provider: str) -> ResponseReturnValue:
    """A provider's notice: its signature stands in for the CSRF token.  200 makes the provider stop repeating it."""
    try:
        action = receive_notice(provider, request.get_data(cache=False), dict(request.headers), now())
    except NoticeRefused:
        return {"result": "refused"}, 400
    except NotFound:
        return {"result": "unknown"}, 404
    return ({"result": "refused"}, 400) if action == "reject" else {"result": "received"}


def _mine(token: str) -> Cashier:
    cashier = cashier_of(token, current_user.id, now())
    if cashier is None:
        raise NotFound
    return cashier
