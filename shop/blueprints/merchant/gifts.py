"""Gifts on top in the back office: the list with what was given, the editor, starting and stopping."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from shop.clock import now
from shop.errors import GiftGoodsUnknown, GiftTargetUnknown, NotFound, ShopError
from shop.forms.merchant.gifts import GiftForm
from shop.queries.campaigns.gifts import GiftLine, gift_line, gift_lines
from shop.queries.catalogue.categories import category_tree
from shop.services.campaigns.gifts import GiftEdit, create_gift, save_gift, start_gift, stop_gift
from shop.web.category_choices import category_choices
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_gifts", __name__)

AT_A_FIELD = (GiftGoodsUnknown, GiftTargetUnknown)


@bp.get("/gifts")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """All gifts with what was given."""
    return render_template("merchant/gifts/index.html", gifts=gift_lines())


@bp.get("/gifts/new")
@roles(OWNER, EDITOR)
def new() -> ResponseReturnValue:
    """A blank gift."""
    form = GiftForm(formdata=None, quantity_min=1, quantity=1, order_max=1, starts_at=now())
    return _page(form, None)


@bp.post("/gifts")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Keep a new gift as a draft."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        gift_id = create_gift(_edit(form), current_user.id, now())
    except AT_A_FIELD as error:
        return _refused(form, None, error)
    flash(_("草稿存好了，看过没问题再开始送。"))
    return _go(gift_id)


@bp.get("/gifts/<int:gift_id>")
@roles(OWNER, EDITOR)
def show(gift_id: int) -> ResponseReturnValue:
    """One gift: its figures and its editor."""
    line = _found(gift_id)
    return _page(_form_of(line), line)


@bp.post("/gifts/<int:gift_id>")
@roles(OWNER, EDITOR)
def save(gift_id: int) -> ResponseReturnValue:
    """Change a gift; orders placed before keep its old terms."""
    line = _found(gift_id)
    form = _form()
    if not form.validate_on_submit():
        return _page(form, line), 422
    try:
        save_gift(gift_id, _edit(form), form.revision_opened, current_user.id, now())
    except AT_A_FIELD as error:
        return _refused(form, line, error)
    flash(_("存好了，已经下的单不变。"))
    return _go(gift_id)


@bp.post("/gifts/<int:gift_id>/publication")
@roles(OWNER, EDITOR)
def start(gift_id: int) -> ResponseReturnValue:
    """Let it come with orders."""
    start_gift(gift_id, current_user.id, now())
    flash(_("开始送了。"))
    return _go(gift_id)


@bp.post("/gifts/<int:gift_id>/publication/removal")
@roles(OWNER, EDITOR)
def stop(gift_id: int) -> ResponseReturnValue:
    """Let it come with no further order."""
    stop_gift(gift_id, current_user.id, now())
    flash(_("停送了，已经下的单照样送。"))
    return _go(gift_id)


def _found(gift_id: int) -> GiftLine:
    line = gift_line(gift_id)
    if line is None:
        raise NotFound
    return line


def _go(gift_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", gift_id=gift_id), 303)


def _form() -> GiftForm:
    form = GiftForm()
    _fill_in_categories(form)
    return form


def _page(form: GiftForm, line: GiftLine | None) -> str:
    _fill_in_categories(form)
    return render_template("merchant/gifts/show.html", form=form, line=line)


def _fill_in_categories(form: GiftForm) -> None:
    form.category.choices = [SelectChoice("", _("选一个分类")), *category_choices(category_tree())]


def _refused(form: GiftForm, line: GiftLine | None, error: ShopError) -> ResponseReturnValue:
    field = form.gift_sku if isinstance(error, GiftGoodsUnknown) else form.sku
    field.errors = [str(error)]
    return _page(form, line), error.status


def _form_of(line: GiftLine) -> GiftForm:
    return GiftForm(
        formdata=None,
        revision=line.revision,
        name=line.name,
        scope=line.scope,
        category=str(line.category_id or ""),
        sku=line.sku or "",
        quantity_min=line.quantity_min,
        gift_sku=line.gift_sku,
        quantity=line.quantity,
        order_max=line.order_max,
        member_max=line.member_max,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
    )


def _edit(form: GiftForm) -> GiftEdit:
    scope = form.scope.data
    return GiftEdit(
        name=form.name.data,
        sku=form.sku.data if scope == "product" else None,
        category_id=int(form.category.data) if scope == "category" else None,
        quantity_min=form.quantity_min.data or 1,
        gift_sku=form.gift_sku.data,
        quantity=form.quantity.data or 1,
        order_max=form.order_max.data or 1,
        member_max=form.member_max.data,
        starts_at=form.starts_at.data or now(),
        ends_at=form.ends_at.data,
    )
