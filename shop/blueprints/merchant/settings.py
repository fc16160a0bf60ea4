"""Settings: one's own language, what the environment decides about the shop, and how its machinery is doing."""

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from shop.clock import now
from shop.config import Settings
from shop.errors import InvalidInput
from shop.forms.merchant.staff import LanguageForm
from shop.queries.merchant.audit import deeds
from shop.queries.merchant.health import machinery
from shop.services.merchant.books_check import check_books
from shop.services.merchant.staff import choose_language
from shop.web.guards import EVERYONE, OWNER, roles

bp = Blueprint("merchant_settings", __name__)


@bp.get("/settings")
@roles(*EVERYONE)
def show() -> ResponseReturnValue:
    """Everybody's language; for owners the environment and the machinery."""
    is_owner = current_user.role == OWNER
    last_check = deeds(actions=("books.check",), limit=1).rows if is_owner else ()
    return render_template(
        "merchant/settings/show.html",
        current_locale=str(get_locale()),
        settings=_settings() if is_owner else None,
        machinery=machinery(now()) if is_owner else None,
        last_check=last_check[0] if last_check else None,
    )


@bp.post("/settings/language")
@roles(*EVERYONE)
def set_language() -> ResponseReturnValue:
    """Read the back office in another language, from now on and on every device."""
    form = LanguageForm()
    if not form.validate_on_submit():
        raise InvalidInput
    choose_language(current_user.id, form.locale.data, now=now())
    session["locale"] = form.locale.data
    return redirect(url_for(".show"), 303)


@bp.post("/settings/books-check")
@roles(OWNER)
def check_books_now() -> ResponseReturnValue:
    """Prove every book, and show each invariant with what was found."""
    findings = check_books(current_user.id, now())
    return render_template("merchant/settings/books_check.html", findings=findings, checked_at=now())


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
