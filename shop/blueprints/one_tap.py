"""One-tap redemption: a sheet over the shelf or the product, a page of its own without script."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now
from shop.errors import Busy, MemberSuspended, NotFound, ShopError
from shop.forms.checkout import OrderForm, QuoteForm
from shop.queries.orders.one_tap import one_tap_of
from shop.services.orders.checkout import OrderWish, place_order
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("one_tap", __name__)

NOT_FOR_THE_SHEET = (NotFound, MemberSuspended, Busy)


@bp.get("/products/<slug>/redemption")
@login_required
def show(slug: str) -> ResponseReturnValue:
    """What it costs, what is left and where it goes; ``?sku=&qty=`` choose."""
    form = QuoteForm(formdata=request.args, meta={"csrf": False})
    return _sheet(slug, form, 200 if form.validate() else 422)


@bp.post("/products/<slug>/redemption")
@login_required
def create(slug: str) -> ResponseReturnValue:
    """Redeem.  A repeat of the same form answers with the same order; a refusal shows the sheet again."""
    form = OrderForm()
    if not form.validate():
        return _sheet(slug, form, 422)
    try:
        placed = place_order(current_user.id, _wish(form), form.idempotency_key.data, now())
    except NOT_FOR_THE_SHEET:
        raise
    except ShopError as error:
        return _sheet(slug, form, error.status, problem=error)
    if placed.payment_token:  # never by our own sheet: it asks for points alone
        target = url_for("payments.show", token=placed.payment_token)
    else:
        session["celebrate"] = placed.number
        target = url_for("orders.show", number=placed.number)
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


def _sheet(slug: str, form: QuoteForm, status: int, problem: ShopError | None = None) -> ResponseReturnValue:
    asked = form.ask()
    if problem is not None:  # what the sheet was made of may be gone: begin with what is usual now
        asked = replace(asked, way=None, address_id=None, store_id=None, points_wanted=None)
    tap = one_tap_of(current_user.id, slug, asked, now())
    if tap is None:
        raise NotFound
    context: dict[str, Any] = {
        "tap": tap,
        "problem": problem,
        "errors": [error for errors in form.errors.values() for error in errors],
    }
    return page_or_fragment("one_tap/show.html", "one_tap/_sheet.html", **context), status


def _wish(form: OrderForm) -> OrderWish:
    ask = form.ask()
    return OrderWish(
        sku=ask.sku,
        quantity=ask.quantity,
        items=(),
        way=ask.way or "none",
        address_id=ask.address_id,
        store_id=ask.store_id,
        points_wanted=ask.points_wanted or 0,
        note="",
        agreed=form.digest.data or "",
    )
