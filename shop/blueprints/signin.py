"""The sign-in calendar."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import InvalidInput
from shop.forms.signin import MakeUpForm, SignInForm
from shop.queries.engagement.signin.calendar import calendar_for, today_for
from shop.queries.engagement.signin.result import result_of
from shop.services.engagement.signin import make_up, sign_in
from shop.web.find_names import find_name
from shop.web.rendering import page_or_fragment, wants_fragment
from shop.web.signin_words import after_table, brings_words, cycle_words, offer_words, signin_rules

bp = Blueprint("signin", __name__, url_prefix="/signin")
for words in (find_name, offer_words, brings_words, cycle_words, signin_rules, after_table):
    bp.add_app_template_filter(words)

JUST_SIGNED = "just_signed"


@bp.get("")
@login_required
def show() -> ResponseReturnValue:
    """A month of the collecting book.  ``?makeup=<day>`` asks, without script, whether to fill that day."""
    at = now()
    calendar = calendar_for(current_user.id, at, _month_asked_for())
    just_signed = session.pop(JUST_SIGNED, None)
    result = result_of(current_user.id, date.fromisoformat(just_signed), at) if just_signed else None
    return page_or_fragment(
        "signin/show.html",
        "signin/_calendar.html",
        calendar=calendar,
        result=result,
        asked_day=request.args.get("makeup", ""),
    )


@bp.post("")
@login_required
def create() -> ResponseReturnValue:
    """Sign in today."""
    form = SignInForm()
    if not form.validate_on_submit():
        raise InvalidInput
    signed = sign_in(current_user.id, now())
    return _answer(signed.day, form.shown.data or "calendar")


@bp.post("/makeups")
@login_required
def make_up_day() -> ResponseReturnValue:
    """Fill a missed day."""
    form = MakeUpForm()
    if not form.validate_on_submit():
        raise InvalidInput
    made_up = make_up(current_user.id, form.day.data, now())
    return _answer(made_up.day, "calendar")


def _answer(day: date, shown: str) -> ResponseReturnValue:
    if not wants_fragment():
        session[JUST_SIGNED] = day.isoformat()
        return redirect(url_for(".show"), 303)
    at = now()
    result = result_of(current_user.id, day, at)
    context = (
        {"today": today_for(current_user.id, at)}
        if shown == "today"
        else {"calendar": calendar_for(current_user.id, at)}
    )
    return render_template("signin/create.swap.html", result=result, **context)


def _month_asked_for() -> date | None:
    """The month of ``?month=2026-10``; anything else is this month."""
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return None
