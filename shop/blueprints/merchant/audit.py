"""The audit trail: who did what, for owners only."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from shop.queries.merchant.audit import deeds, verify_chain
from shop.queries.merchant.staff import staff_names
from shop.web.audit_actions import actions_of, areas_with_actions
from shop.web.guards import OWNER, roles
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

SUBJECT_LENGTH_MAX = 80
bp = Blueprint("merchant_audit", __name__)


@bp.get("/audit")
@roles(OWNER)
def index() -> ResponseReturnValue:
    """The trail, newest first, narrowed by person, area or subject."""
    staff_id, before = number_in_address("staff"), number_in_address("before")
    area, subject = request.args.get("area", ""), _subject()
    trail = deeds(before=before, staff_id=staff_id, actions=actions_of(area), subject=subject)
    fragment = "merchant/audit/_rows.html" if before is not None else "merchant/audit/_list.html"
    return page_or_fragment(
        "merchant/audit/index.html",
        fragment,
        trail=trail,
        staff_id=staff_id,
        area=area,
        subject=subject,
        areas=areas_with_actions(),
        staff_names=staff_names(),
    )


@bp.get("/audit/verification")
@roles(OWNER)
def verification() -> ResponseReturnValue:
    """Walk the whole chain, first row to last, and say what was found."""
    sound, broken_id = verify_chain()
    template = "merchant/audit/_verification.html" if wants_fragment() else "merchant/audit/verification.html"
    return render_template(template, sound=sound, broken_id=broken_id, is_verified=True)


def _subject() -> str:
    text = request.args.get("subject", "")
    return text if text.isprintable() and len(text) <= SUBJECT_LENGTH_MAX else ""
