"""The cart: what a member means to redeem.  Guests log in first, and come back."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required
from htmx_flask import make_response

from shop.clock import now
from shop.forms.cart import AddForm, ChosenForm, QuantityForm
from shop.queries.orders.cart import cart_of
from shop.services.orders.cart import add_to_cart, change_quantity
from shop.web.error_pages import previous_page
from shop.web.guards import send_to_login
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("cart", __name__, url_prefix="/cart")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """All lines; ``?chosen=yes&item=…`` says which are ticked."""
    form = ChosenForm(formdata=request.args, meta={"csrf": False})
    is_valid = form.validate()
    chosen = frozenset(form.item.data or ()) if is_valid and form.chosen.data else None
    cart = cart_of(current_user.id, chosen, now())
    return page_or_fragment("cart/show.html", "cart/show.swap.html", cart=cart), 200 if is_valid else 422


@bp.post("/items")
def add() -> ResponseReturnValue:
    """Put pieces of a variant into the cart."""
    if not current_user.is_authenticated:
        session["next"] = previous_page()
        return send_to_login()
    form = AddForm()
    if not form.validate():
        return _refused(form.sku.errors or form.qty.errors or [_("有一处填得不对，请检查后再提交。")])
    add_to_cart(current_user.id, form.sku.data, form.qty.data or 1, now())
    if not wants_fragment():
        flash(_("放进购物车了。"))
        return redirect(url_for(".show"), 303)
    return make_response(render_template("cart/add.swap.html"), retarget="#toasts", reswap="innerHTML")


@bp.post("/items/<sku>")
@login_required
def change(sku: str) -> ResponseReturnValue:
    """Another number of pieces."""
    form = QuantityForm()
    if not form.validate():
        return _show_again(form, sku, status=422)
    change_quantity(current_user.id, sku, form.qty.data or 1, now())
    return _show_again(form)


@bp.post("/items/<sku>/removal")
@login_required
def remove(sku: str) -> ResponseReturnValue:
    """Take a line out."""
    change_quantity(current_user.id, sku, 0, now())
    return _show_again(QuantityForm())


def _refused(errors: list[str]) -> ResponseReturnValue:
    """The field stands on another page: say it there, or on the cart's page."""
    message = str(errors[0])
    if wants_fragment():
        toast = render_template("cart/refused.swap.html", message=message)
        return make_response(toast, 422, retarget="#toasts", reswap="innerHTML")
    cart = cart_of(current_user.id, None, now())
    return render_template("cart/show.html", cart=cart, problem=message), 422


def _show_again(form: QuantityForm, refused_sku: str = "", status: int = 200) -> ResponseReturnValue:
    if not wants_fragment() and status == 200:
        return redirect(url_for(".show"), 303)
    chosen = frozenset(form.item.data or ()) if "chosen" in request.form else None
    cart = cart_of(current_user.id, chosen, now())
    context = {"cart": cart, "refused_sku": refused_sku, "refused_field": form.qty if refused_sku else None}
    return page_or_fragment("cart/show.html", "cart/show.swap.html", **context), status
