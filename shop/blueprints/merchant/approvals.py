"""What waits for a second person: publications of rules and large adjustments, decided by somebody else."""

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import InsufficientPoints, NotFound, NoticeTooShort, PublicationTooEarly
from shop.forms.merchant.approvals import ApprovalForm, RefusalForm
from shop.queries.merchant.approvals import ApprovalRow, approval, approvals_for, names_of_members
from shop.queries.merchant.attachments import attachment
from shop.queries.points.rulebook import rulebook_of_document, rulebook_versions
from shop.services.merchant.approvals import approve, refuse, withdraw
from shop.web.approval_words import KINDS, STATES, subject_words
from shop.web.guards import EDITOR, OWNER, SUPPORT, roles
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment
from shop.web.rulebook_words import changes_in_words

bp = Blueprint("merchant_approvals", __name__)


@bp.get("/approvals")
@roles(OWNER, EDITOR, SUPPORT)
def index() -> ResponseReturnValue:
    """What waits, and what was decided, of the kinds that the reader's role may decide."""
    before = number_in_address("before")
    page = approvals_for(current_user.role, before, now())
    names = names_of_members(page.rows)
    return page_or_fragment(
        "merchant/approvals/index.html",
        "merchant/approvals/_rows.html",
        found=page,
        subjects={row.id: subject_words(row, names) for row in page.rows},
        kinds=KINDS,
        states=STATES,
    )


@bp.get("/approvals/<int:approval_id>")
@roles(OWNER, EDITOR, SUPPORT)
def show(approval_id: int) -> ResponseReturnValue:
    """One of them: what exactly is asked, by whom and why."""
    return _page(_one(approval_id), ApprovalForm(formdata=None), RefusalForm(formdata=None))


@bp.post("/approvals/<int:approval_id>/approval")
@roles(OWNER, EDITOR, SUPPORT)
def grant(approval_id: int) -> ResponseReturnValue:
    """Approve: it is done now, once, with the checks of now."""
    row, form = _one(approval_id), ApprovalForm()
    if not form.validate_on_submit():
        return _page(row, form, RefusalForm(formdata=None)), 422
    try:
        approve(approval_id, staff_id=current_user.id, reason=form.reason.data or "", now=now())
    except (NoticeTooShort, PublicationTooEarly, InsufficientPoints) as error:
        form.reason.errors = [_("现在办不了：%(why)s请拒绝后重新申请。", why=error)]
        return _page(row, form, RefusalForm(formdata=None)), 409
    flash(_("已批准，照申请办好了。"))
    return redirect(url_for(".show", approval_id=approval_id), 303)


@bp.post("/approvals/<int:approval_id>/refusal")
@roles(OWNER, EDITOR, SUPPORT)
def deny(approval_id: int) -> ResponseReturnValue:
    """Refuse, with a reason."""
    row, form = _one(approval_id), RefusalForm()
    if not form.validate_on_submit():
        return _page(row, ApprovalForm(formdata=None), form), 422
    refuse(approval_id, staff_id=current_user.id, reason=form.refusal.data or "", now=now())
    flash(_("已拒绝，什么都没有改。"))
    return redirect(url_for(".index"), 303)


@bp.post("/approvals/<int:approval_id>/withdrawal")
@roles(OWNER, EDITOR, SUPPORT)
def take_back(approval_id: int) -> ResponseReturnValue:
    """Take back what one asked for oneself."""
    _one(approval_id)
    withdraw(approval_id, staff_id=current_user.id, now=now())
    flash(_("申请撤回了。"))
    return redirect(url_for(".index"), 303)


@bp.get("/attachments/<name>")
@roles(OWNER, SUPPORT)
def download(name: str) -> ResponseReturnValue:
    """A file that a colleague attached: always downloaded, never shown inside the back office."""
    found = attachment(name)
    if found is None:
        raise NotFound
    content, kind = found
    return Response(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _one(approval_id: int) -> ApprovalRow:
    row = approval(approval_id, current_user.role, now())
    if row is None:
        raise NotFound
    return row


def _page(row: ApprovalRow, form: ApprovalForm, refusal: RefusalForm) -> str:
    return render_template(
        "merchant/approvals/show.html",
        row=row,
        subject=subject_words(row, names_of_members([row])),
        kinds=KINDS,
        states=STATES,
        changes=_changes(row),
        is_own=row.asked_by_staff_id == current_user.id,
        form=form,
        refusal=refusal,
    )


def _changes(row: ApprovalRow) -> object:
    """The difference from the rules in force; None for what is no publication or is decided."""
    if row.kind != "publication" or not row.is_waiting:
        return None
    asked = rulebook_of_document(row.payload["document"])
    current = next((each for each in rulebook_versions(now()) if each.is_in_force), None)
    return changes_in_words(current.rulebook, asked) if asked and current else ()
