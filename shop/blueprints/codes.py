"""Printed codes: a member types one, or comes with it from a printed square."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import PointsCodeRefused, PointsCodeUsedByYou, TooManyRequests
from shop.forms.codes import WRITTEN_MAX, PointsCodeForm
from shop.queries.points.balance import balance_of
from shop.queries.points.codes import codes_of
from shop.services.points.codes import redeem_code
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("codes", __name__, url_prefix="/codes")


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """The form, filled in by `?code=`; with `?entry=` what a code has just brought, without script."""
    form = PointsCodeForm(formdata=None, code=request.args.get("code", "")[:WRITTEN_MAX])
    return _page(form, number_in_address("entry"))


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    """Use a code. Sent twice, it counts once."""
    form = PointsCodeForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        used = redeem_code(
            current_user.id,
            form.code.data,
            key=form.idempotency_key.data,
            place=request.remote_addr or "unknown",
            now=now(),
        )
    except (PointsCodeRefused, PointsCodeUsedByYou) as error:
        form.code.errors = [str(error)]
        return _page(form), error.status
    except TooManyRequests as error:
        form.code.errors = [str(error)]
        return _page(form), error.status, {"Retry-After": str(error.retry_after_seconds)}
    if not wants_fragment():
        return redirect(url_for(".show", entry=used.entry_id), 303)
    return render_template("codes/create.swap.html", **_context(PointsCodeForm(formdata=None), used.entry_id))


def _page(form: PointsCodeForm, entry_id: int | None = None) -> str:
    return page_or_fragment("codes/show.html", "codes/_codes.html", **_context(form, entry_id))


def _context(form: PointsCodeForm, entry_id: int | None) -> dict[str, object]:
    mine = codes_of(current_user.id)
    brought = next((each for each in mine if each.entry_id == entry_id), None)
    balance = balance_of(current_user.id, now()) if brought else None
    return {"form": form, "mine": mine, "brought": brought, "balance": balance}
