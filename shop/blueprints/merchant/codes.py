"""Printed codes in the back office: batches with what became of them; handed out once, stopped at any time."""

import csv
import io

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import InvalidInput, NotFound
from shop.forms.merchant.codes import BatchDeedForm, CodeBatchForm
from shop.queries.points.codes import BatchLine, batch_line, batch_lines, uses_of
from shop.services.points.codes import BatchWish, create_batch, hand_out_codes, stop_batch
from shop.web.code_words import printed
from shop.web.guards import EDITOR, OWNER, roles

MARK_OF_UTF8 = "\ufeff"

bp = Blueprint("merchant_codes", __name__)


@bp.get("/codes")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """All batches: used, left, lapsed, and what they cost so far."""
    return render_template("merchant/codes/index.html", batches=batch_lines(now()))


@bp.get("/codes/new")
@roles(OWNER, EDITOR)
def new() -> ResponseReturnValue:
    """A blank batch."""
    return _new_page(CodeBatchForm(formdata=None))


@bp.post("/codes")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Plan a batch. Its codes do not exist yet."""
    form = CodeBatchForm()
    if form.validate_on_submit() and form.last_on.data < shop_today():
        form.last_on.errors = [_("这一天已经过了，选今天或以后。")]
    if form.errors or not form.is_submitted():
        return _new_page(form), 422
    wish = BatchWish(
        name=form.name.data,
        points=form.points.data or 0,
        pieces=form.pieces.data or 0,
        length=form.length.data or 0,
        source_class=form.source_class.data,
        last_on=form.last_on.data,
    )
    batch_id = create_batch(wish, key=form.idempotency_key.data, staff_id=current_user.id, now=now())
    return _go(batch_id)


@bp.get("/codes/<int:batch_id>")
@roles(OWNER, EDITOR)
def show(batch_id: int) -> ResponseReturnValue:
    """One batch: its figures, and who used its codes."""
    return render_template("merchant/codes/show.html", batch=_batch(batch_id), uses=uses_of(batch_id))


@bp.post("/codes/<int:batch_id>/export")
@roles(OWNER, EDITOR)
def export(batch_id: int) -> ResponseReturnValue:
    """Make the codes and send them as a file, once: the shop keeps only their fingerprints."""
    if not BatchDeedForm().validate_on_submit():
        raise InvalidInput
    batch = _batch(batch_id)
    codes = hand_out_codes(batch_id, staff_id=current_user.id, now=now())
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([_("积分码"), _("链接（印成二维码）"), _("积分"), _("最后一天")])
    for code in codes:
        url = f"{current_app.config['SHOP_URL']}{url_for('codes.show', code=code)}"
        table.writerow([printed(code), url, batch.points, batch.last_on])
    answer = Response(MARK_OF_UTF8 + written.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="codes-{batch_id}.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/codes/<int:batch_id>/stop")
@roles(OWNER, EDITOR)
def stop(batch_id: int) -> ResponseReturnValue:
    """Let none of its codes count any more; points that were given stay."""
    if not BatchDeedForm().validate_on_submit():
        raise InvalidInput
    stop_batch(batch_id, staff_id=current_user.id, now=now())
    flash(_("停掉了，没用过的码都不能再用，已经给出的积分不变。"))
    return _go(batch_id)


def _batch(batch_id: int) -> BatchLine:
    found = batch_line(batch_id, now())
    if found is None:
        raise NotFound
    return found


def _new_page(form: CodeBatchForm) -> str:
    return render_template("merchant/codes/new.html", form=form)


def _go(batch_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", batch_id=batch_id), 303)
