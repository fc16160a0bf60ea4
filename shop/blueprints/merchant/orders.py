"""Orders in the back office: find one, ship it, see why it cost what it did, give it back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound, OrderMoved, RefundTooLarge
from shop.forms.merchant.carriers import CARRIERS
from shop.forms.merchant.orders import RefundForm, ShipForm, refund_form_for
from shop.queries.orders.fulfilment import QUERY_LENGTH_MAX, STAFF_PILES, find_orders, waiting_counts
from shop.queries.orders.order import OrderDetail, order_for_staff
from shop.queries.orders.refunds import RefundPreview, lets_shortages_go, refund_preview
from shop.services.orders.fulfilment import ship_order
from shop.services.orders.refunding import RefundWish, refund_order
from shop.web.filters import points, yuan
from shop.web.guards import CASHIER, EVERYONE, OWNER, SUPPORT, roles
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

WAYS = ("shipping", "pickup", "none")
bp = Blueprint("merchant_orders", __name__)


@bp.get("/orders")
@roles(*EVERYONE)
def index() -> ResponseReturnValue:
    """The list, by pile and way, or what a search finds in all of them."""
    text, after = request.args.get("q", "")[:QUERY_LENGTH_MAX].strip(), number_in_address("after")
    pile, way = request.args.get("state", ""), request.args.get("way", "")
    pile = pile if pile in STAFF_PILES else STAFF_PILES[0]
    way = way if way in WAYS else ""
    found = find_orders(pile, now(), search=text, way=way, after=after)
    context = {"found": found, "pile": pile, "way": way, "q": text, "now": now()}
    if wants_fragment() and after is not None:
        return render_template("merchant/orders/_rows.html", **context)
    counts = waiting_counts(now())
    return page_or_fragment(
        "merchant/orders/index.html",
        "merchant/orders/_list.html",
        counts=counts,
        piles=STAFF_PILES,
        **context,
    )


@bp.get("/orders/<number>")
@roles(*EVERYONE)
def show(number: str) -> ResponseReturnValue:
    """One order with everything that belongs to it."""
    return _page(_order(number), ShipForm(formdata=None))


@bp.post("/orders/<number>/shipment")
@roles(OWNER, CASHIER, SUPPORT)
def ship(number: str) -> ResponseReturnValue:
    """It leaves the shop; the member is told."""
    order, form = _order(number), ShipForm()
    if not form.validate_on_submit():
        return _page(order, form), 422
    ship_order(
        number,
        carrier=form.carrier.data,
        tracking_number=form.tracking_number.data,
        staff_id=current_user.id,
        now=now(),
    )
    flash(_("发出了，会告诉会员。"))
    return redirect(url_for(".show", number=number), 303)


@bp.get("/orders/<number>/refund")
@roles(OWNER, SUPPORT)
def refund(number: str) -> ResponseReturnValue:
    """Choose what to give back; for htmx, what it would do."""
    order = _refundable(number)
    form = _read(_form_of(order)(formdata=request.args or None, meta={"csrf": False}))
    preview = _preview(order, form)
    return page_or_fragment(
        "merchant/orders/refund.html",
        "merchant/orders/_preview.html",
        order=order,
        form=form,
        preview=preview,
        may_waive=_may_waive(),
    )


@bp.post("/orders/<number>/refund")
@roles(OWNER, SUPPORT)
def give_back(number: str) -> ResponseReturnValue:
    """Give it back.  The same page sent twice does it once."""
    order = _order(number)
    form = _form_of(order)()
    if "preview" in request.form:  # without script: the same page, worked out
        return _refund_page(order, _read(form))
    if not form.validate_on_submit():
        return _refund_page(order, form), 422
    wish = RefundWish(
        take=form.take,
        refund_shipping=form.shipping.data,
        goods_back=form.goods_back,
        reason=form.reason.data,
        staff_id=current_user.id,
        waive=_waives(form),
    )
    told = _preview(order, form)
    try:
        refund_order(number, wish, form.idempotency_key.data, now())
    except RefundTooLarge as error:
        return _refund_page(order, form, str(error)), error.status
    if told and not told.faults:
        flash(_("退好了：%(points)s 积分，%(cents)s。", points=points(told.points), cents=yuan(told.cents)))
    return redirect(url_for(".show", number=number), 303)


def _order(number: str) -> OrderDetail:
    order = order_for_staff(number, now())
    if order is None:
        raise NotFound
    return order


def _refundable(number: str) -> OrderDetail:
    order = _order(number)
    if not order.may_be_refunded:
        raise OrderMoved
    return order


def _form_of(order: OrderDetail) -> type[RefundForm]:
    return refund_form_for(
        order.lines,
        goods_still_here=order.stage in ("paid", "pickup"),
        waives=_may_waive() and lets_shortages_go(order.number),
    )


def _read(form: RefundForm) -> RefundForm:
    """The form with only its numbers checked: nothing has been decided yet."""
    for line_id in form.line_ids:
        form.pieces_of(line_id).validate(form)
    return form


def _preview(order: OrderDetail, form: RefundForm) -> RefundPreview | None:
    """What it would do; None while nothing has been chosen."""
    if not any(form.take.values()) and not form.shipping.data:
        return None
    return refund_preview(
        order.number, form.take, now(), refund_shipping=form.shipping.data, waive=_waives(form)
    )


def _may_waive() -> bool:
    """To let points go is for the owner alone (L08)."""
    return bool(current_user.role == OWNER)


def _waives(form: RefundForm) -> bool:
    return _may_waive() and bool(form.waive.data)


def _refund_page(order: OrderDetail, form: RefundForm, problem: str = "") -> str:
    return render_template(
        "merchant/orders/refund.html",
        order=order,
        form=form,
        preview=_preview(order, form),
        problem=problem,
        may_waive=_may_waive(),
    )


def _page(order: OrderDetail, form: ShipForm) -> str:
    return render_template(
        "merchant/orders/show.html",
        order=order,
        form=form,
        carriers=CARRIERS,
        now=now(),
        may_ship=current_user.role in (OWNER, CASHIER, SUPPORT),
        may_hand_over=current_user.role in (OWNER, CASHIER),
        may_refund=current_user.role in (OWNER, SUPPORT),
        sees_address=current_user.role in (OWNER, CASHIER, SUPPORT),
    )
