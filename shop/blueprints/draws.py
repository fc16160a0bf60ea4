"""Lucky draws: the list, the board, one's attempts and prizes, and the proof."""

from datetime import date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required
from wtforms.fields.choices import SelectChoice

from shop.clock import now
from shop.errors import InvalidInput, NotFound
from shop.forms.draws import AttemptForm, ClaimForm, VerifyForm
from shop.queries.engagement.attempts import (
    AttemptPage,
    DayProof,
    Verification,
    attempt_of,
    attempts_of,
    days_of,
    verify,
)
from shop.queries.engagement.draws import DrawPage, chances_of, draw_page, draws_shown
from shop.queries.members.addresses import addresses_of
from shop.queries.orders.stores import open_stores
from shop.queries.points.balance import balance_of
from shop.services.engagement.draws import Try, attempt
from shop.services.engagement.prizes import ClaimWish, claim_prize
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("draws", __name__, url_prefix="/draws")


@bp.get("")
def index() -> ResponseReturnValue:
    """All draws that are open or about to start."""
    return render_template("draws/index.html", draws=draws_shown(now(), _member_id()))


@bp.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The board of a draw with its odds."""
    at = now()
    return render_template("draws/show.html", draw=_draw(slug, at))


@bp.post("/<slug>/attempts")
@login_required
def create(slug: str) -> ResponseReturnValue:
    """Draw once."""
    form = AttemptForm()
    if not form.validate_on_submit():
        raise InvalidInput
    at = now()
    asked = Try(text=form.text.data or "", agreed_points=form.agreed_points.data)
    attempt_id = attempt(slug, current_user.id, asked, form.idempotency_key.data, at)
    if not wants_fragment():
        return redirect(url_for(".result", slug=slug, attempt_id=attempt_id), 303)
    return render_template(
        "draws/create.swap.html",
        page=_attempt(slug, attempt_id, at),
        chances=chances_of(slug, current_user.id, at),
        balance_points=balance_of(current_user.id, at).available,
    )


@bp.get("/<slug>/attempts/<int:attempt_id>")
@login_required
def result(slug: str, attempt_id: int) -> ResponseReturnValue:
    """One of one's own attempts: what it won, and how to get it."""
    at = now()
    page = _attempt(slug, attempt_id, at)
    return render_template(
        "draws/result.html",
        page=page,
        chances=chances_of(slug, current_user.id, at),
        addresses=addresses_of(current_user.id) if "shipping" in page.ways and page.can_claim else [],
        stores=open_stores() if "pickup" in page.ways and page.can_claim else (),
    )


@bp.post("/<slug>/attempts/<int:attempt_id>/claim")
@login_required
def claim(slug: str, attempt_id: int) -> ResponseReturnValue:
    """Have a product prize sent, or set aside in a store."""
    at = now()
    _attempt(slug, attempt_id, at)
    form = ClaimForm()
    if not form.validate_on_submit():
        raise InvalidInput
    wish = ClaimWish(form.way.data, form.address_id.data, form.store_id.data)
    number = claim_prize(attempt_id, current_user.id, wish, at)
    return redirect(url_for("orders.show", number=number), 303)


@bp.get("/<slug>/fairness")
def fairness(slug: str) -> ResponseReturnValue:
    """Commitments, opened seeds, one's own numbers, and working any past attempt out again."""
    at = now()
    draw = _draw(slug, at)
    days = days_of(draw.id, at)
    form, verification = _verification(draw.id, days, at)
    return page_or_fragment(
        "draws/fairness.html",
        "draws/_verification.html",
        draw=draw,
        days=days,
        attempts=attempts_of(current_user.id, draw.id, 30) if _member_id() else (),
        form=form,
        verification=verification,
        is_asked="counter" in request.args,
    )


def _verification(
    draw_id: int, days: tuple[DayProof, ...], at: datetime
) -> tuple[VerifyForm, Verification | None]:
    form = VerifyForm(request.args if "counter" in request.args else None)
    form.day.choices = [SelectChoice(day.day.isoformat()) for day in days if day.seed]
    if "counter" not in request.args or not form.validate():
        return form, None
    day = date.fromisoformat(form.day.data)
    return form, verify(draw_id, day, form.counter.data, _member_id(), at)


def _member_id() -> int | None:
    return current_user.id if current_user.is_authenticated else None


def _draw(slug: str, at: datetime) -> DrawPage:
    draw = draw_page(slug, at, _member_id())
    if draw is None:
        raise NotFound
    return draw


def _attempt(slug: str, attempt_id: int, at: datetime) -> AttemptPage:
    page = attempt_of(current_user.id, attempt_id, at)
    if page is None or page.slug != slug:
        raise NotFound
    return page
