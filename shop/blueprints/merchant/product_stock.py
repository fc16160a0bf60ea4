"""What belongs to a product beside its words: pictures and stock."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.blueprints.merchant.products import editor_page
from shop.clock import now
from shop.errors import NotFound, PictureRefused, PicturesFull, UnitsReserved
from shop.forms.merchant.products import AlertForm, PicturesForm, StockForm
from shop.queries.catalogue.desk import desk_product
from shop.services.catalogue.pictures import add_pictures, remove_picture, show_picture_first
from shop.services.catalogue.stock import adjust_stock, receive_stock, set_stock_alert
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_product_stock", __name__)

FILES_MAX = 9


@bp.post("/products/<int:product_id>/pictures")
@roles(OWNER, EDITOR)
def upload(product_id: int) -> ResponseReturnValue:
    """Add pictures.  One that is none refuses the whole upload; nothing is written then."""
    try:
        add_pictures(product_id, _files(), current_user.id, now())
    except (PictureRefused, PicturesFull) as error:
        return editor_page(product_id, problems={"pictures": str(error)}), error.status
    return _back(product_id, _("图片加好了。"))


@bp.post("/products/<int:product_id>/pictures/<int:picture_id>/lead")
@roles(OWNER, EDITOR)
def lead(product_id: int, picture_id: int) -> ResponseReturnValue:
    """Let this picture be the first."""
    show_picture_first(product_id, picture_id, current_user.id, now())
    return _back(product_id, _("换成首图了。"))


@bp.post("/products/<int:product_id>/pictures/<int:picture_id>/removal")
@roles(OWNER, EDITOR)
def remove(product_id: int, picture_id: int) -> ResponseReturnValue:
    """Take a picture away."""
    remove_picture(product_id, picture_id, current_user.id, now())
    return _back(product_id, _("图片删掉了。"))


@bp.post("/products/<int:product_id>/stock")
@roles(OWNER, EDITOR)
def move(product_id: int) -> ResponseReturnValue:
    """Goods arrive, or a count is put right; the same form sent twice counts once."""
    form = StockForm()
    if not form.validate():
        return editor_page(product_id, stock_form=form, problems={}), 422
    variant_id = _variant(product_id, form.variant.data)
    units, reason, key = form.units.data or 0, form.reason.data or "", form.idempotency_key.data or ""
    try:
        if form.deed.data == "receive":
            receive_stock(variant_id, units, reason, current_user.id, key, now())
        else:
            signed = units if form.deed.data == "add" else -units
            adjust_stock(variant_id, signed, reason, current_user.id, key, now())
    except UnitsReserved as error:
        form.units.errors = [str(error)]
        return editor_page(product_id, stock_form=form, problems={}), error.status
    return _back(product_id, _("库存记好了。"))


@bp.post("/products/<int:product_id>/stock/alert")
@roles(OWNER, EDITOR)
def alert(product_id: int) -> ResponseReturnValue:
    """From how few units on somebody should look."""
    form = AlertForm()
    if not form.validate():
        return editor_page(product_id, problems={"alert": str(form.below.errors[0])}), 422
    set_stock_alert(_variant(product_id, form.variant.data), form.below.data or 0, current_user.id, now())
    return _back(product_id, _("提醒线改好了。"))


def _files() -> list[bytes]:
    files = [file for file in request.files.getlist("pictures") if file.filename]
    if not PicturesForm().validate() or not files or len(files) > FILES_MAX:
        raise PictureRefused
    return [file.read() for file in files]


def _variant(product_id: int, written: str | None) -> int:
    """A variant of this product.  Raises NotFound for any other."""
    stored = desk_product(product_id, now())
    ids = {str(variant.id): variant.id for variant in stored.variants} if stored else {}
    if written not in ids:
        raise NotFound
    variant_id: int = ids[written]
    return variant_id


def _back(product_id: int, message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("merchant_products.show", product_id=product_id), 303)
