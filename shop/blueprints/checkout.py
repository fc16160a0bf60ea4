"""The checkout: what it costs and why, and the order."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now
from shop.errors import Busy, CodeNeeded, MemberSuspended, NotFound, ShopError, WrongCode
from shop.forms.checkout import OrderForm, QuoteForm
from shop.queries.orders.quote import Ask, checkout_of
from shop.services.members.codes import request_redemption_code
from shop.services.orders.checkout import OrderWish, PlacedOrder, place_order
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("checkout", __name__, url_prefix="/checkout")

NOT_FOR_THE_PAGE = (NotFound, MemberSuspended, Busy)


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The cart's checkout; ``?item=`` chooses in the cart, ``?sku=&qty=`` redeems one variant now."""
    form = QuoteForm(formdata=request.args, meta={"csrf": False})
    return _page(form, 200 if form.validate() else 422)


@bp.post("/quote")
@login_required
def quote() -> ResponseReturnValue:
    """Quote again after a change.  Writes nothing.  Without script the answer is the page with these choices."""
    form = QuoteForm()
    is_valid = form.validate()
    if wants_fragment():
        return _answer(form, "checkout/quote.swap.html", 200 if is_valid else 422)
    if not is_valid:
        return _page(form, 422)
    return redirect(url_for(".show", **_choices(form.ask())), 303)


@bp.post("/form")
@login_required
def choose() -> ResponseReturnValue:
    """The whole form again: another way or quantity changes more than the bill.  Writes nothing."""
    form = QuoteForm()
    return _answer(form, "checkout/form.swap.html", 200 if form.validate() else 422)


@bp.post("/code")
@login_required
def send_code() -> ResponseReturnValue:
    """Send the member a code that proves an order of many points.  Without script the answer is the page again."""
    form = QuoteForm()
    form.validate()
    request_redemption_code(current_user.id, place=request.remote_addr or "unknown", now=now())
    if not wants_fragment():
        flash(_("验证码发出去了，10 分钟内有效。"))
        return redirect(url_for(".show", **_choices(form.ask())), 303)
    context = _context(form, None)
    if context["checkout"] is None:  # emptied in another tab
        return make_response("", 200, redirect=url_for("cart.show"))
    return render_template("checkout/_code.html", **context, is_sent=True)


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    """Place the order.  A refusal shows the page again, with the new quote; then nothing was charged."""
    form = OrderForm()
    if not form.validate():
        return _page(form, 422)
    try:
        placed = place_order(current_user.id, _wish(form), form.idempotency_key.data, now())
    except NOT_FOR_THE_PAGE:
        raise
    except (CodeNeeded, WrongCode) as error:
        form.code.errors = [str(error)]
        return _page(form, error.status)
    except ShopError as error:
        return _page(form, error.status, problem=error)
    return _go_on(placed)


def _go_on(placed: PlacedOrder) -> ResponseReturnValue:
    """To the cashier when cash is left to pay, else to the order."""
    if placed.payment_token:
        target = url_for("payments.show", token=placed.payment_token)
    else:
        session["celebrate"] = placed.number
        target = url_for("orders.show", number=placed.number)
    return make_response("", 200, redirect=target) if wants_fragment() else redirect(target, 303)


def _page(form: QuoteForm, status: int, problem: ShopError | None = None) -> ResponseReturnValue:
    context = _context(form, problem)
    if context["checkout"] is None:
        return render_template("checkout/empty.html"), status
    return page_or_fragment("checkout/show.html", "checkout/form.swap.html", **context), status


def _answer(form: QuoteForm, template: str, status: int) -> ResponseReturnValue:
    context = _context(form, None)
    if context["checkout"] is None:  # emptied in another tab
        return make_response("", 200, redirect=url_for("cart.show"))
    return render_template(template, **context), status


def _context(form: QuoteForm, problem: ShopError | None) -> dict[str, Any]:
    if form.sku.errors:
        raise NotFound
    checkout = checkout_of(current_user.id, form.ask(), now())
    hidden = [form.item, form.way, form.address_id, form.store_id, form.coupon]
    if isinstance(form, OrderForm):
        hidden += [form.digest, form.idempotency_key]
    unseen_errors = [error for field in hidden for error in field.errors]
    return {"checkout": checkout, "form": form, "problem": problem, "unseen_errors": unseen_errors}


def _choices(ask: Ask) -> dict[str, Any]:
    """The address of this checkout, with only what was said."""
    choices = {
        "sku": ask.sku,
        "qty": ask.quantity if ask.sku else None,
        "item": list(ask.items) or None,
        "way": ask.way,
        "address_id": ask.address_id,
        "store_id": ask.store_id,
        "points": ask.points_wanted,
        "coupon": ask.coupon_code,
        "note": ask.note or None,
    }
    return {name: value for name, value in choices.items() if value is not None}


def _wish(form: OrderForm) -> OrderWish:
    ask = form.ask()
    return OrderWish(
        sku=ask.sku,
        quantity=ask.quantity,
        items=ask.items,
        way=ask.way or "none",
        address_id=ask.address_id,
        store_id=ask.store_id,
        points_wanted=ask.points_wanted or 0,
        note=ask.note,
        agreed=form.digest.data or "",
        coupon_code=ask.coupon_code or None,
        code=form.code.data or "",
    )
