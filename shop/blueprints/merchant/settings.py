"""Settings: one's own language, what the environment decides about the shop, and how its machinery is doing."""

from flask import Blueprint, current_app, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user

from shop.clock import now
from shop.config import Settings
from shop.errors import InvalidInput
from shop.forms.merchant.staff import LanguageForm
from shop.queries.merchant.health import machinery
from shop.queries.points.ledger import chain_state
from shop.queries.points.proofs import last_proof, proof_page
from shop.services.merchant.staff import choose_language
from shop.services.points.proving import start_proof
from shop.web.guards import EDITOR, EVERYONE, OWNER, roles
from shop.web.proof_texts import found_by_group
from shop.web.rendering import page_or_fragment

bp = Blueprint("merchant_settings", __name__)


@bp.get("/settings")
@roles(*EVERYONE)
def show() -> ResponseReturnValue:
    """Everybody's language; for owners the environment and the machinery."""
    is_owner = current_user.role == OWNER
    return render_template(
        "merchant/settings/show.html",
        current_locale=str(get_locale()),
        may_set_up=current_user.role in (OWNER, EDITOR),
        settings=_settings() if is_owner else None,
        machinery=machinery(now()) if is_owner else None,
        last_proof=last_proof() if is_owner else None,
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


@bp.get("/settings/books-check")
@roles(OWNER)
def show_proof() -> ResponseReturnValue:
    """The last proof of all books, invariant by invariant, the state of the chain, and the proof that runs."""
    proof = proof_page()
    return page_or_fragment(
        "merchant/settings/proof.html",
        "merchant/settings/_proof.html",
        proof=proof,
        groups=found_by_group(proof.findings),
        chain=chain_state(),
    )


@bp.post("/settings/books-check")
@roles(OWNER)
def check_books_now() -> ResponseReturnValue:
    """Prove every book: a small shop at once, a large one in the background."""
    start_proof(current_user.id, now())
    return redirect(url_for(".show_proof"), 303)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
