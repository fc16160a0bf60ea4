"""Purchases at the counter: find the member, see what the receipt earns, record it; refund one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from shop.clock import now, shop_today
from shop.errors import KeyReused, MemberSuspended, NotFound, RefundAboveLeft
from shop.forms.merchant.purchases import PurchaseForm, PurchaseRefundForm, number_of
from shop.queries.catalogue.categories import category_tree
from shop.queries.catalogue.stores import all_stores
from shop.queries.members.lookup import FoundMember, member_by_id
from shop.queries.merchant.members import find_members, search_for
from shop.queries.merchant.members.listing import MemberRow
from shop.queries.points.balance import balance_of
from shop.queries.points.counter import (
    SOURCE,
    CounterEarning,
    CounterPurchase,
    CounterReturn,
    counter_earning,
    counter_purchase,
    counter_purchases,
    counter_return,
)
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.web.category_choices import category_choices
from shop.web.guards import CASHIER, EDITOR, OWNER, SUPPORT, roles
from shop.web.rendering import page_or_fragment

FOUND_MAX = 10
QUERY_MAX = 40
bp = Blueprint("merchant_purchases", __name__)


@bp.get("/purchases")
@roles(OWNER, EDITOR, SUPPORT, CASHIER)
def index() -> ResponseReturnValue:
    """Who stands at the counter, and the latest purchases of the store."""
    stores = all_stores()
    asked = number_of(request.args.get("store"))
    store_id = asked if asked in {store.id for store in stores} else (stores[0].id if stores else None)
    typed = request.args.get("q", "")[:QUERY_MAX]
    return render_template(
        "merchant/purchases/index.html",
        q=typed,
        found=_found(typed),
        stores=stores,
        store_id=store_id,
        purchases=counter_purchases(store_id),
    )


@bp.get("/purchases/new")
@roles(OWNER, EDITOR, SUPPORT, CASHIER)
def new() -> ResponseReturnValue:
    """The receipt of a member; its fragment says what it earns so far."""
    member = _member(request.args.get("member"))
    form = _form(PurchaseForm(request.args, meta={"csrf": False}))
    form.day.data = shop_today()
    earning = _earning(member, form)
    for each in form:
        each.errors = []
    return page_or_fragment(
        "merchant/purchases/new.html",
        "merchant/purchases/_earning.html",
        member=member,
        form=form,
        earning=earning,
    )


@bp.post("/purchases")
@roles(OWNER, EDITOR, SUPPORT, CASHIER)
def create() -> ResponseReturnValue:
    """Record it, or only look.  The same page sent twice records once; its receipt on another page is refused."""
    member = _member(request.form.get("member"))
    form = _form(PurchaseForm())
    is_sound = form.validate_on_submit()
    if request.form.get("step") == "look":
        form.receipt.errors = []
        return _form_page(member, form)
    if not is_sound or not form.is_of_late(shop_today()):
        return _form_page(member, form), 422
    try:
        recorded = record_purchase(member.id, _reported(form), now())
    except KeyReused:
        form.receipt.errors = [_("这家店今天已经记过这个小票号了，查一下最近的消费。")]
        return _form_page(member, form), 409
    except MemberSuspended as error:
        form.receipt.errors = [str(error)]
        return _form_page(member, form), error.status
    flash(_("记好了，%(name)s得 %(points)s 积分。", name=member.name, points=f"{recorded.points:,}"))
    return redirect(url_for(".index", store=form.store.data or None), 303)


@bp.get("/purchases/<int:purchase_id>")
@roles(OWNER, EDITOR, SUPPORT, CASHIER)
def show(purchase_id: int) -> ResponseReturnValue:
    """One purchase; its fragment says what a refund would take back."""
    purchase = _purchase(purchase_id)
    form = PurchaseRefundForm(request.args, meta={"csrf": False})
    if not form.amount.raw_data:
        form.amount.data = purchase.left_cents
    return page_or_fragment(
        "merchant/purchases/show.html",
        "merchant/purchases/_return.html",
        **_refund_context(purchase, form),
    )


@bp.post("/purchases/<int:purchase_id>/refunds")
@roles(OWNER, EDITOR, SUPPORT)
def refund(purchase_id: int) -> ResponseReturnValue:
    """Give a part or all of it back.  The same page sent twice does it once."""
    purchase, form = _purchase(purchase_id), PurchaseRefundForm()
    if not form.validate_on_submit():
        return render_template("merchant/purchases/show.html", **_refund_context(purchase, form)), 422
    reported = ReportedRefund(
        source=SOURCE,
        external_id=purchase.external_id,
        refund_id=form.idempotency_key.data or "",
        cents=form.amount.data,
        reason=form.reason.data,
        staff_id=current_user.id,
    )
    try:
        done = refund_purchase(reported, now())
    except RefundAboveLeft as error:
        form.amount.errors = [str(error)]
        context = _refund_context(purchase, form)
        return render_template("merchant/purchases/show.html", **context), error.status
    taken = f"{done.clawed_points + done.debt_points:,}"
    flash(_("退好了，收回 %(points)s 积分。", points=taken))
    return redirect(url_for(".show", purchase_id=purchase_id), 303)


def _member(text: str | None) -> FoundMember:
    number = number_of(text)
    member = member_by_id(number, now()) if number else None
    if member is None:
        raise NotFound
    return member


def _purchase(purchase_id: int) -> CounterPurchase:
    purchase = counter_purchase(purchase_id)
    if purchase is None:
        raise NotFound
    return purchase


def _found(typed: str) -> tuple[MemberRow, ...]:
    """Members by phone, its last four digits or their number: a till asks for them, it does not leaf through names."""
    wanted = search_for(typed)
    if not typed.strip() or wanted.name:
        return ()
    return find_members(wanted, now=now()).rows[:FOUND_MAX]


def _form(form: PurchaseForm) -> PurchaseForm:
    form.store.choices = [SelectChoice(str(each.id), each.name) for each in all_stores() if each.is_open] or [
        SelectChoice("", _("不分门店"))
    ]
    choices = [SelectChoice("", _("不分类")), *category_choices(category_tree(), by="slug")]
    for entry in form.parts:
        entry.form.category.choices = choices
    return form


def _earning(member: FoundMember, form: PurchaseForm) -> CounterEarning | None:
    """What the receipt earns as it is typed; None while it says nothing that could be recorded."""
    form.validate()
    if form.amount.errors or form.parts.errors:
        return None
    return counter_earning(member.id, form.lines, now())


def _form_page(member: FoundMember, form: PurchaseForm) -> str:
    sound = not form.amount.errors and not form.parts.errors
    earning = counter_earning(member.id, form.lines, now()) if sound else None
    form.day.written = None
    form.day.data = form.day.data or shop_today()
    return render_template("merchant/purchases/new.html", member=member, form=form, earning=earning)


def _reported(form: PurchaseForm) -> ReportedPurchase:
    store_id = number_of(form.store.data)
    return ReportedPurchase(
        source=SOURCE,
        external_id=f"{store_id or 0}:{form.day.data}:{form.receipt.data}",
        at=now(),
        lines=tuple(ReportedLine(cents=cents, category=category) for category, cents in form.lines),
        channel="store",
        store_id=store_id,
        staff_id=current_user.id,
        key=form.idempotency_key.data or "",
    )


def _refund_context(purchase: CounterPurchase, form: PurchaseRefundForm) -> dict[str, object]:
    return {
        "purchase": purchase,
        "form": form,
        "back": _back(purchase, form),
        "available": balance_of(purchase.member_id, now()).available,
        "may_refund": current_user.role in (OWNER, EDITOR, SUPPORT),
    }


def _back(purchase: CounterPurchase, form: PurchaseRefundForm) -> CounterReturn | None:
    cents = form.amount.data or 0
    if form.amount.errors or not 0 < cents <= purchase.left_cents:
        return None
    return counter_return(purchase.id, cents, now())
