"""Products: the list, and an editor for what is said of one."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import EditedMeanwhile, LastVariant, NotFound, SkuTaken
from shop.forms.merchant.products import ProductForm, StockForm
from shop.queries.catalogue.categories import category_tree
from shop.queries.catalogue.desk import STATES, DeskProduct, desk_counts, desk_page, desk_product
from shop.queries.catalogue.standing import standing_of
from shop.queries.catalogue.worth import price_scale
from shop.queries.points.kinds import further_kinds
from shop.services.catalogue.drafts import ProductDraft, VariantDraft
from shop.services.catalogue.products import create_product, publish_product, save_product, take_off_product
from shop.web.guards import EDITOR, EVERYONE, OWNER, roles
from shop.web.pagination import number_in_address
from shop.web.product_drafts import (
    add_empty_row,
    offer_choices,
    product_values,
    stored_values,
    variant_values,
)
from shop.web.rendering import page_or_fragment

bp = Blueprint("merchant_products", __name__)


@bp.get("/products")
@roles(*EVERYONE)
def index() -> ResponseReturnValue:
    """The list, by what was typed and by state."""
    q, state, before = request.args.get("q", ""), request.args.get("state", ""), number_in_address("before")
    state = state if state in STATES else ""
    found = desk_page(q=q, state=state, before=before, now=now())
    fragment = "merchant/products/_rows.html" if before is not None else "merchant/products/_list.html"
    scale = price_scale(now())
    return page_or_fragment(
        "merchant/products/index.html",
        fragment,
        found=found,
        counts=desk_counts() if before is None else {},
        scale=scale,
        tier_names=scale.tier_names,
        q=q[:40],
        state=state,
        can_edit=_can_edit(),
    )


@bp.get("/products/new")
@roles(OWNER, EDITOR)
def new() -> ResponseReturnValue:
    """An empty editor."""
    return _editor(_form(None), None)


@bp.post("/products")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Make a product; nobody sees it until it is put on sale."""
    form = _form(None)
    if not form.validate():
        return _editor(form, None), 422
    try:
        product_id = create_product(_draft(form), current_user.id, now())
    except SkuTaken as error:
        form.form_errors.append(str(error))
        return _editor(form, None), error.status
    flash(_("存好了。再加上图片和库存，就可以上架。"))
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.get("/products/<int:product_id>")
@roles(*EVERYONE)
def show(product_id: int) -> ResponseReturnValue:
    """The editor of a product; who may not edit reads it."""
    stored = _stored(product_id)
    return _editor(_form(stored), stored)


@bp.post("/products/<int:product_id>")
@roles(OWNER, EDITOR)
def save(product_id: int) -> ResponseReturnValue:
    """Save what was edited; a refusal keeps everything that was typed."""
    stored = _stored(product_id)
    form = _form(stored)
    if not form.validate():
        return _editor(form, stored), 422
    try:
        save_product(product_id, form.revision_opened, _draft(form), current_user.id, now())
    except (EditedMeanwhile, SkuTaken, LastVariant) as error:
        form.form_errors.append(str(error))
        form.revision.data = form.revision.raw_data = str(_stored(product_id).product.revision)
        return _editor(form, _stored(product_id), is_stale=isinstance(error, EditedMeanwhile)), error.status
    flash(_("存好了。"))
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/products/<int:product_id>/publication")
@roles(OWNER, EDITOR)
def publish(product_id: int) -> ResponseReturnValue:
    """Put it on sale."""
    publish_product(product_id, current_user.id, now())
    flash(_("上架了，会员现在就看得到。"))
    return redirect(url_for(".show", product_id=product_id), 303)


@bp.post("/products/<int:product_id>/publication/removal")
@roles(OWNER, EDITOR)
def take_off(product_id: int) -> ResponseReturnValue:
    """Take it off the shelf."""
    take_off_product(product_id, current_user.id, now())
    flash(_("下架了，已经下的订单不受影响。"))
    return redirect(url_for(".show", product_id=product_id), 303)


def editor_page(product_id: int, *, stock_form: StockForm | None = None, problems: dict[str, str]) -> str:
    """The editor again, with what is wrong beside the part (pictures, stock) where it was tried."""
    stored = _stored(product_id)
    return _editor(_stored_form(stored), stored, stock_form=stock_form, problems=problems)


def _can_edit() -> bool:
    return current_user.role in (OWNER, EDITOR)


def _stored(product_id: int) -> DeskProduct:
    stored = desk_product(product_id, now())
    if stored is None:
        raise NotFound
    return stored


def _form(stored: DeskProduct | None) -> ProductForm:
    form = ProductForm(data=stored_values(stored) if stored else None)
    kept_tier = stored.product.tier_code_min if stored else None
    offer_choices(
        form, category_tree(), standing_of(None, None, now()).tiers, kept_tier, further_kinds(now())
    )
    return form


def _stored_form(stored: DeskProduct) -> ProductForm:
    """The form of what is stored, whatever was posted to another part of the page."""
    form = ProductForm(formdata=None, data=stored_values(stored))
    tiers, kept_tier = standing_of(None, None, now()).tiers, stored.product.tier_code_min
    offer_choices(form, category_tree(), tiers, kept_tier, further_kinds(now()))
    return form


def _draft(form: ProductForm) -> ProductDraft:
    variants = tuple(VariantDraft(**variant_values(row)) for row in form.variant_rows)
    return ProductDraft(**product_values(form), variants=variants)


def _editor(
    form: ProductForm,
    stored: DeskProduct | None,
    *,
    is_stale: bool = False,
    stock_form: StockForm | None = None,
    problems: dict[str, str] | None = None,
) -> str:
    add_empty_row(form)
    scale = price_scale(now())
    return render_template(
        "merchant/products/show.html" if stored else "merchant/products/new.html",
        form=form,
        stored=stored,
        is_stale=is_stale,
        stock_form=stock_form or StockForm(formdata=None),
        problems=problems or {},
        scale=scale,
        tier_names=scale.tier_names,
        today=shop_today(),
        can_edit=_can_edit(),
    )
