"""The sandbox provider's own pages.  They know nothing of the shop but the signed bill in their address.

The notice goes to the shop's notice address through the application's own WSGI entry, in this process: it passes the
same routing, signature and checks as a notice from outside, and works in tests and behind any proxy, where the shop
could not reach itself by its public name.
"""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.test import Client

from shop.clock import now
from shop.errors import NoticeRefused
from shop.forms.payments import SandboxForm
from shop.services.orders.sandbox_pay import SignedNotice, bill_of, notice_of, pay_late

bp = Blueprint("sandbox_pay", __name__, url_prefix="/sandbox-pay")


@bp.get("")
def show() -> ResponseReturnValue:
    """The provider's cashier."""
    packed = request.args.get("bill", "")
    return render_template("sandbox_pay/show.html", bill=bill_of(packed), packed=packed)


@bp.post("")
def choose() -> ResponseReturnValue:
    """Pay, refuse, or pay too late; then back to the shop."""
    form = SandboxForm()
    if not form.validate():
        raise NoticeRefused
    if form.choice.data == "late":
        token = pay_late(form.bill.data, now())
        flash(_("沙盒会在订单结束一分钟后才送到付款通知。"))
    else:
        notice = notice_of(form.bill.data, form.choice.data, now())
        _deliver(notice)
        token = notice.token
    return redirect(url_for("payments.show", token=token), 303)


def _deliver(notice: SignedNotice) -> None:
    """From server to server.  The page that the person returns to asks the shop, never this answer."""
    address = url_for("payments.notice", provider="sandbox")
    answer = Client(current_app.wsgi_app).post(
        address, data=notice.body, headers=notice.headers, content_type="application/json"
    )
    current_app.logger.info("sandbox notice answered %s", answer.status_code)
