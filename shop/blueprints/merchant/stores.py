"""Stores where members pick up."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound
from shop.forms.merchant.stores import StoreForm
from shop.queries.catalogue.stores import StoreEntry, all_stores, store_entry
from shop.services.catalogue.stores import StoreDraft, save_store
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_stores", __name__)


@bp.get("/stores")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """All stores, and a form for a new one."""
    return _page(StoreForm(), None)


@bp.get("/stores/<int:store_id>")
@roles(OWNER, EDITOR)
def show(store_id: int) -> ResponseReturnValue:
    """All stores, with the form of one."""
    store = _store(store_id)
    return _page(StoreForm(obj=store), store)


@bp.post("/stores")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Add a store."""
    return _save(None)


@bp.post("/stores/<int:store_id>")
@roles(OWNER, EDITOR)
def save(store_id: int) -> ResponseReturnValue:
    """Change a store, open or close it."""
    return _save(_store(store_id))


def _save(store: StoreEntry | None) -> ResponseReturnValue:
    form = StoreForm()
    if not form.validate():
        return _page(form, store), 422
    draft = StoreDraft(
        name=form.name.data,
        address=form.address.data,
        hours=form.hours.data or "",
        phone=form.phone.data or "",
        position=form.position.data or 0,
        is_open=form.is_open.data,
    )
    save_store(store.id if store else None, draft, current_user.id, now())
    flash(_("门店存好了。"))
    return redirect(url_for(".index"), 303)


def _store(store_id: int) -> StoreEntry:
    store = store_entry(store_id)
    if store is None:
        raise NotFound
    return store


def _page(form: StoreForm, store: StoreEntry | None) -> str:
    return render_template("merchant/stores/index.html", form=form, store=store, stores=all_stores())
