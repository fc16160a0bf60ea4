"""Imports: bring members with their balances along, or a list of points to give; look first, then book, or take back."""

import csv
import io

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import ColumnsMissing, FileRefused, InvalidInput, NotFound, ShopError
from shop.forms.merchant.imports import ColumnsForm, LoadForm, UploadForm
from shop.queries.merchant.imports import (
    ImportView,
    columns_of,
    faults_of,
    import_view,
    imports_listed,
    known_sources,
    loaded_before,
)
from shop.services.merchant.imports import (
    Choice,
    Upload,
    cancel_import,
    choose_columns,
    load_import,
    undo_import,
    upload_file,
)
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.import_texts import FILTERS, fault_text, field_text
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment

bp = Blueprint("merchant_imports", __name__)
for words in FILTERS:
    bp.add_app_template_filter(words)

MARK_OF_UTF8 = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("/imports")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """What was brought along so far, and the form for the next file."""
    return _index_page(UploadForm(formdata=None))


@bp.post("/imports")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Take a file in.  Nothing is booked yet."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index_page(form), 422
    file = form.file.data
    upload = Upload(form.kind.data, file.read(), file.filename, form.source.data or "")
    try:
        import_id = upload_file(upload, staff_id=current_user.id, now=now())
    except FileRefused as error:
        form.file.errors = [str(error)]
        return _index_page(form), error.status
    return redirect(url_for(".columns", import_id=import_id), 303)


@bp.get("/imports/<int:import_id>")
@roles(OWNER, EDITOR)
def show(import_id: int) -> ResponseReturnValue:
    """How far a file is: its report, its progress, what became of it."""
    brought = _import(import_id)
    after = number_in_address("after")
    if brought.state == "mapping":
        return redirect(url_for(".columns", import_id=import_id), 303)
    fragment = "merchant/imports/_fault_rows.html" if after else "merchant/imports/_state.html"
    return page_or_fragment(
        "merchant/imports/show.html",
        fragment,
        brought=brought,
        faults=faults_of(import_id, after or 0),
        may_undo=brought.may_undo(now()),
        before=loaded_before(brought.kind, brought.digest) if brought.state == "checked" else None,
    )


@bp.get("/imports/<int:import_id>/columns")
@roles(OWNER, EDITOR)
def columns(import_id: int) -> ResponseReturnValue:
    """Name the columns; also again, after the report."""
    brought = _import(import_id)
    if brought.state not in ("mapping", "checked"):
        return redirect(url_for(".show", import_id=import_id), 303)
    form = ColumnsForm(formdata=None)
    form.existing.data = brought.existing
    form.bad_rows.data = "refuse" if brought.whole_only else "skip"
    form.is_another.data = brought.is_another
    return _columns_page(brought, form)


@bp.post("/imports/<int:import_id>/columns")
@roles(OWNER, EDITOR)
def choose(import_id: int) -> ResponseReturnValue:
    """Take the columns as named, and check every row."""
    brought, form = _import(import_id), ColumnsForm()
    if not form.validate_on_submit():
        return _columns_page(brought, form), 422
    choice = Choice(
        fields=tuple(str(entry.data or "") for entry in form.columns),
        existing=form.existing.data,
        whole_only=form.bad_rows.data == "refuse",
        is_another=bool(form.is_another.data),
    )
    try:
        choose_columns(import_id, choice, now=now())
    except (ColumnsMissing, InvalidInput) as error:
        return _columns_page(brought, form, _twice(choice) or str(error)), error.status
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/loading")
@roles(OWNER, EDITOR)
def load(import_id: int) -> ResponseReturnValue:
    """Book what the report says, once."""
    _import(import_id)
    if not LoadForm().validate_on_submit():
        raise InvalidInput
    try:
        load_import(import_id, staff_id=current_user.id, now=now())
    except ShopError as error:
        flash(str(error), "rose")
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.post("/imports/<int:import_id>/cancellation")
@roles(OWNER, EDITOR)
def cancel(import_id: int) -> ResponseReturnValue:
    """Give it up, up to the moment it is booked."""
    _import(import_id)
    cancel_import(import_id, staff_id=current_user.id, now=now())
    flash(_("放弃了，文件里的内容已经删掉。"))
    return redirect(url_for(".index"), 303)


@bp.post("/imports/<int:import_id>/undoing")
@roles(OWNER, EDITOR)
def undo(import_id: int) -> ResponseReturnValue:
    """Take all of it back, while nobody has touched anything of it."""
    _import(import_id)
    undo_import(import_id, staff_id=current_user.id, now=now())
    flash(_("整批撤回了。"))
    return redirect(url_for(".show", import_id=import_id), 303)


@bp.get("/imports/<int:import_id>/faults.csv")
@roles(OWNER, EDITOR)
def faults(import_id: int) -> ResponseReturnValue:
    """Every bad row, to work through in a spreadsheet."""
    _import(import_id)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([_("行"), _("列"), _("内容"), _("怎么了")])
    for each in faults_of(import_id, limit=None).rows:
        shown = f"'{each.shown}" if each.shown.startswith(FORMULA) else each.shown
        table.writerow([each.row, field_text(each.field), shown, fault_text(each.code, each.params)])
    answer = Response(MARK_OF_UTF8 + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _import(import_id: int) -> ImportView:
    found = import_view(import_id)
    if found is None:
        raise NotFound
    return found


def _index_page(form: UploadForm) -> str:
    return render_template(
        "merchant/imports/index.html", form=form, imports=imports_listed(), sources=known_sources()
    )


def _columns_page(brought: ImportView, form: ColumnsForm, problem: str = "") -> str:
    view = columns_of(brought.id)
    if view is None:
        raise NotFound
    chosen = [str(entry.data or "") for entry in form.columns] if form.is_submitted() else []
    return render_template(
        "merchant/imports/columns.html",
        brought=brought,
        form=form,
        view=view,
        chosen=chosen,
        problem=problem,
        before=loaded_before(brought.kind, brought.digest),
    )


def _twice(choice: Choice) -> str:
    """The commonest mistake has a sentence of its own."""
    named = [field for field in choice.fields if field]
    doubled = [field for field in named if named.count(field) > 1]
    return _("有两列都选了「%(field)s」，留一列就好。", field=field_text(doubled[0])) if doubled else ""
