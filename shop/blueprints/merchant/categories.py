"""Categories: a tree of two levels, edited row by row."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from shop.clock import now
from shop.errors import InvalidInput, NotFound, SlugTaken
from shop.forms.merchant.categories import CategoryForm
from shop.queries.catalogue.categories import CategoryEntry, category_tree, goods_per_category
from shop.services.catalogue.categories import remove_category, save_category
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_categories", __name__)


@bp.get("/categories")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """The tree, and a form for a new category."""
    return _page(_form(None), None)


@bp.get("/categories/<int:category_id>")
@roles(OWNER, EDITOR)
def show(category_id: int) -> ResponseReturnValue:
    """The tree, with the form of one category."""
    entry = _entry(category_id)
    return _page(_form(entry), entry)


@bp.post("/categories")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Add a category."""
    return _save(None)


@bp.post("/categories/<int:category_id>")
@roles(OWNER, EDITOR)
def save(category_id: int) -> ResponseReturnValue:
    """Change a category."""
    return _save(_entry(category_id))


@bp.post("/categories/<int:category_id>/removal")
@roles(OWNER, EDITOR)
def remove(category_id: int) -> ResponseReturnValue:
    """Remove an empty category."""
    remove_category(category_id, current_user.id, now())
    flash(_("分类删掉了。"))
    return redirect(url_for(".index"), 303)


def _save(entry: CategoryEntry | None) -> ResponseReturnValue:
    form = _form(entry)
    if not form.validate():
        return _page(form, entry), 422
    try:
        save_category(
            entry.id if entry else None,
            name=form.name.data,
            slug=form.slug.data or "",
            parent_id=int(form.parent.data) if form.parent.data else None,
            position=form.position.data or 0,
            staff_id=current_user.id,
            now=now(),
        )
    except SlugTaken as error:
        form.slug.errors = [str(error)]
        return _page(form, entry), error.status
    except InvalidInput:
        form.parent.errors = [_("分类只有两级：有下级的不能再放到别人下面。")]
        return _page(form, entry), 422
    flash(_("分类存好了。"))
    return redirect(url_for(".index"), 303)


def _form(entry: CategoryEntry | None) -> CategoryForm:
    values = {
        "name": entry.name,
        "slug": entry.slug,
        "parent": str(entry.parent_id or ""),
        "position": entry.position,
    } if entry else None  # fmt: skip
    form = CategoryForm(data=values)
    own_id = entry.id if entry else None
    form.parent.choices = [SelectChoice("", _("没有，它在最上面"))]
    form.parent.choices += [
        SelectChoice(str(each.id), each.name) for each in category_tree() if each.id != own_id
    ]
    return form


def _entry(category_id: int) -> CategoryEntry:
    for category in category_tree():
        for entry in (category, *category.children):
            if entry.id == category_id:
                return entry
    raise NotFound


def _page(form: CategoryForm, entry: CategoryEntry | None) -> str:
    return render_template(
        "merchant/categories/index.html",
        form=form,
        entry=entry,
        categories=category_tree(),
        goods=goods_per_category(),
    )
