"""Choosing the language of the pages: for everybody, kept with the member who has logged in."""

from flask import Blueprint, redirect, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from htmx_flask import make_response

from shop.errors import InvalidInput
from shop.forms.settings import LanguageForm
from shop.services.members.settings import choose_language
from shop.web.error_pages import previous_page
from shop.web.rendering import wants_fragment

bp = Blueprint("language", __name__)


@bp.post("/language")
def choose() -> ResponseReturnValue:
    """Speak this language from now on.  The whole page changes, so the browser is sent back to where it was."""
    form = LanguageForm()
    if not form.validate():
        raise InvalidInput
    session["locale"] = form.locale.data
    if current_user.is_authenticated:
        choose_language(current_user.id, form.locale.data)
    return make_response("", 200, refresh=True) if wants_fragment() else redirect(previous_page(), 303)
