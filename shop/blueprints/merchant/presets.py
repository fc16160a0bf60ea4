"""Policies that ship with the mall: read them, and begin a draft from one.  Nothing is published here."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound
from shop.queries.points.presets import PRESET_NAMES, preset_document
from shop.queries.points.rulebook import rulebook_draft
from shop.services.points.publishing import save_draft
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.preset_words import preset_name, presets_in_words

bp = Blueprint("merchant_presets", __name__)


@bp.get("/rulebook/presets")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """Every preset with its key numbers and what it costs."""
    return render_template(
        "merchant/rulebook/presets.html",
        presets=presets_in_words(now()),
        has_draft=rulebook_draft() is not None,
    )


@bp.post("/rulebook/presets/<name>/copies")
@roles(OWNER, EDITOR)
def copy(name: str) -> ResponseReturnValue:
    """Make a preset the draft; what members have does not change before it is published."""
    if name not in PRESET_NAMES:
        raise NotFound
    save_draft(preset_document(name), staff_id=current_user.id, now=now())
    flash(_("「%(preset)s」放进草稿了，改好再发布。", preset=preset_name(name)))
    return redirect(url_for("merchant_rulebook.draft"), 303)
