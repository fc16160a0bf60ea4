"""Draws in the back office: the list, the editor with its expected cost, opening and closing."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import DrawAddressTaken, DrawRefused, NotFound, PrizeInUse, PrizeSkuUnknown, ShopError
from shop.forms.merchant.draws import DrawForm
from shop.queries.engagement.draw_editor import DrawEditor, PrizeLine, draw_editor, draw_lines, expectation_of
from shop.services.engagement.draw_editing import (
    DrawEdit,
    PrizeEdit,
    close_draw,
    create_draw,
    publish_draw,
    save_draw,
)
from shop.web.draw_faults import sentences_of
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.rendering import wants_fragment

bp = Blueprint("merchant_draws", __name__)


@bp.get("/draws")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """All draws with their figures."""
    return render_template("merchant/draws/index.html", draws=draw_lines())


@bp.get("/draws/new")
@roles(OWNER, EDITOR)
def new() -> ResponseReturnValue:
    """A blank draw."""
    return _editor_page(DrawForm(formdata=None), None)


@bp.post("/draws")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Keep a new draw as a draft."""
    form = DrawForm()
    if not form.validate_on_submit():
        return _editor_page(form, None), 422
    try:
        draw_id = create_draw(_edit(form), current_user.id, now())
    except (DrawAddressTaken, PrizeSkuUnknown) as error:
        return _refused(form, None, error)
    flash(_("草稿存好了，看过没问题再开放。"))
    return _go(draw_id)


@bp.post("/draws/expectation")
@roles(OWNER, EDITOR)
def expect() -> ResponseReturnValue:
    """What the prizes typed so far amount to.  Writes nothing."""
    form = DrawForm()
    form.validate()
    return render_template("merchant/draws/_expect.html", expectation=expectation_of(form.costs(), now()))


@bp.get("/draws/<int:draw_id>")
@roles(OWNER, EDITOR)
def show(draw_id: int) -> ResponseReturnValue:
    """One draw to edit."""
    editor = _found(draw_id)
    return _editor_page(_form_of(editor), editor)


@bp.post("/draws/<int:draw_id>")
@roles(OWNER, EDITOR)
def save(draw_id: int) -> ResponseReturnValue:
    """Save a draft, or change an open draw from the next attempt on."""
    editor = _found(draw_id)
    form = DrawForm()
    if not form.validate_on_submit():
        return _editor_page(form, editor), 422
    try:
        save_draw(draw_id, _edit(form), form.revision.data or 0, current_user.id, now())
    except (DrawAddressTaken, DrawRefused, PrizeInUse, PrizeSkuUnknown) as error:
        return _refused(form, editor, error)
    flash(_("存好了。"))
    return _go(draw_id)


@bp.post("/draws/<int:draw_id>/publication")
@roles(OWNER, EDITOR)
def publish(draw_id: int) -> ResponseReturnValue:
    """Open a draft to members."""
    editor = _found(draw_id)
    try:
        publish_draw(draw_id, current_user.id, now())
    except DrawRefused as error:
        return _refused(_form_of(editor), editor, error)
    flash(_("开放了，今天的承诺值已经公布。"))
    return _go(draw_id)


@bp.post("/draws/<int:draw_id>/closing")
@roles(OWNER, EDITOR)
def close(draw_id: int) -> ResponseReturnValue:
    """End a draw for good."""
    _found(draw_id)
    close_draw(draw_id, current_user.id, now())
    flash(_("结束了，抽到的奖品照样能领。"))
    return _go(draw_id)


def _found(draw_id: int) -> DrawEditor:
    editor = draw_editor(draw_id)
    if editor is None:
        raise NotFound
    return editor


def _go(draw_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", draw_id=draw_id), 303)


def _editor_page(form: DrawForm, editor: DrawEditor | None) -> str:
    expectation = expectation_of(form.costs(), now())
    template = "merchant/draws/_editor.html" if wants_fragment() else "merchant/draws/show.html"
    return render_template(template, form=form, editor=editor, expectation=expectation)


def _refused(form: DrawForm, editor: DrawEditor | None, error: ShopError) -> ResponseReturnValue:
    if isinstance(error, DrawAddressTaken):
        form.slug.errors = [str(error)]
    else:
        form.form_errors = [str(error), *sentences_of(getattr(error, "faults", ()))]
    return _editor_page(form, editor), error.status


def _form_of(editor: DrawEditor) -> DrawForm:
    line = editor.line
    places = [str(place) for place, prize in enumerate(editor.prizes) if prize.is_consolation]
    return DrawForm(
        formdata=None,
        title=line.title,
        slug=line.slug,
        organiser=editor.organiser,
        rules_text=editor.rules_text,
        starts_at=line.starts_at,
        ends_at=line.ends_at,
        price_points=editor.price_points,
        free_per_day=editor.free_per_day,
        attempts_per_day=editor.attempts_per_day,
        budget_points_per_day=editor.budget_points_per_day,
        claim_days=editor.claim_days,
        revision=editor.revision,
        consolation=places[0] if places else None,
        prizes=[_row_of(prize) for prize in editor.prizes],
    )


def _row_of(prize: PrizeLine) -> dict[str, object]:
    """A prize as its row shows it: what it does not have stays empty."""
    return {
        **vars(prize),
        "points": prize.points or None,
        "market_price_cents": prize.market_price_cents or None,
    }


def _edit(form: DrawForm) -> DrawEdit:
    return DrawEdit(
        title=form.title.data,
        slug=form.slug.data,
        rules_text=form.rules_text.data or "",
        organiser=form.organiser.data or "",
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        price_points=form.price_points.data or 0,
        free_per_day=form.free_per_day.data or 0,
        attempts_per_day=form.attempts_per_day.data or 0,
        budget_points_per_day=form.budget_points_per_day.data,
        claim_days=form.claim_days.data or 0,
        prizes=tuple(
            PrizeEdit(
                title=row.title.data,
                kind=row.kind.data,
                points=(row.points.data or 0) if row.kind.data == "points" else 0,
                sku=row.sku.data or "",
                weight_ppm=row.weight_ppm.data or 0,
                stock=row.stock.data,
                is_consolation=form.consolation.data == str(place),
                picture=row.picture.data,
                market_price_cents=row.market_price_cents.data or 0,
            )
            for place, row in form.typed_rows()
        ),
    )
