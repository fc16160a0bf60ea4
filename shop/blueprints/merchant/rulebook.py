"""The back office's rulebook: read what is in force, write the draft section by section, publish the next version.

What lies before a publication (the notice, what points cost, a made-up order) stands beside the draft.
"""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound, NoticeTooShort, PublicationTooEarly, RulebookRefused, ShopError
from shop.forms.rulebook import SECTION_FORMS, PublicationForm, SectionForm, WithdrawalForm, section_form
from shop.forms.rulebook.coupons import CouponField, offer_coupons
from shop.forms.rulebook.section import leaves
from shop.forms.rulebook.spending import OffsetForm
from shop.queries.campaigns.coupon_templates import template_names
from shop.queries.catalogue.categories import category_names
from shop.queries.merchant.approvals import others_who_may, waiting_publication
from shop.queries.points.notice import needed_for, second_person_needed
from shop.queries.points.rulebook import (
    PublishedRulebook,
    complete_document,
    document_of,
    document_to_edit,
    faults_of,
    rulebook_draft,
    rulebook_version,
    rulebook_versions,
)
from shop.services.points.publishing import (
    ask_to_publish_draft,
    discard_draft,
    publish_draft,
    save_draft,
    withdraw_version,
)
from shop.web.draft_desk import desk_of
from shop.web.filters import shop_date
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.rendering import wants_fragment
from shop.web.rulebook_words import changes_in_words, faults_in_words, sections_of

KEY = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)

bp = Blueprint("merchant_rulebook", __name__)


@bp.get("/rulebook")
@roles(OWNER, EDITOR)
def show() -> ResponseReturnValue:
    """The version in force as sentences, the draft, and all versions."""
    moment = now()
    versions = rulebook_versions(moment)
    current = _in_force(versions)
    draft = rulebook_draft()
    return render_template(
        "merchant/rulebook/show.html",
        current=current,
        sections=sections_of(current.rulebook, moment),
        draft=draft,
        changed=_changed_sections(current, draft.document if draft else None),
        versions=versions,
    )


@bp.get("/rulebook/sections/<section>")
@roles(OWNER, EDITOR)
def edit(section: str) -> ResponseReturnValue:
    """One section as a form."""
    if section == "rules":
        return _go(url_for("merchant_rulebook_rules.index"))
    document = document_to_edit(now())
    form = _form(section, document)
    form.show_faults(section, faults_of(document))
    return _editor(section, form)


@bp.post("/rulebook/sections/<section>")
@roles(OWNER, EDITOR)
def save(section: str) -> ResponseReturnValue:
    """Keep a section in the draft, or only add or remove a row of its form."""
    document = document_to_edit(now())
    form = _form(section, document)
    add, remove = request.form.get("add_row", ""), request.form.get("remove_row", "")
    if add or remove:
        form.change_rows(add, remove)
        _offer(form, document)
        return _editor(section, form)
    if not form.validate_on_submit():
        return _editor(section, form), 422
    document[section] = form.section_document()
    save_draft(document, staff_id=current_user.id, now=now())
    if form.show_faults(section, faults_of(document)):
        return _editor(section, form), 422
    flash(_("草稿已经存好，发布之前不影响任何人。"))
    return _go(url_for(".draft"))


@bp.get("/rulebook/draft")
@roles(OWNER, EDITOR)
def draft() -> ResponseReturnValue:
    """The draft beside the version in force, what it costs and earns, and its publication."""
    return _draft_page(PublicationForm(formdata=None))


@bp.post("/rulebook/draft/removal")
@roles(OWNER, EDITOR)
def discard() -> ResponseReturnValue:
    """Throw the draft away."""
    discard_draft(staff_id=current_user.id, now=now())
    flash(_("草稿已经丢掉，在用的规则没有变。"))
    return _go(url_for(".show"))


@bp.post("/rulebook/publications")
@roles(OWNER, EDITOR)
def publish() -> ResponseReturnValue:
    """Publish the draft as the next version, at once or at a moment; or ask a second person to."""
    form, key = PublicationForm(), request.form.get("idempotency_key", "")
    if not form.validate_on_submit() or not KEY.fullmatch(key):
        return _draft_page(form), 422
    asks = second_person_needed(now())
    deed = ask_to_publish_draft if asks else publish_draft
    try:
        done = deed(
            effective_at=form.effective_at.data,
            staff_id=current_user.id,
            note=form.note.data or "",
            now=now(),
            key=key,
        )
    except (PublicationTooEarly, NoticeTooShort) as error:
        form.effective_at.errors = [_too_early(error)]
        return _draft_page(form), 422
    except RulebookRefused as error:
        flash(str(error), "rose")
        return _draft_page(form), 422
    if asks:
        flash(_("已经提交，等另一个人批准。"))
        return _go(url_for("merchant_approvals.show", approval_id=done))
    flash(_("第 %(version)s 版发布好了。", version=done))
    return _go(url_for(".version", number=done))


@bp.get("/rulebook/versions/<int:number>")
@roles(OWNER, EDITOR)
def version(number: int) -> ResponseReturnValue:
    """One version, to read."""
    return _version_page(number, WithdrawalForm(formdata=None))


@bp.post("/rulebook/versions/<int:number>/withdrawal")
@roles(OWNER, EDITOR)
def withdraw(number: int) -> ResponseReturnValue:
    """Take back a version that has not started; members who were told of it are told so."""
    form = WithdrawalForm()
    if not form.validate_on_submit():
        return _version_page(number, form), 422
    withdraw_version(number, staff_id=current_user.id, reason=form.reason.data or "", now=now())
    flash(_("第 %(version)s 版撤回了，收到过通知的会员会收到撤回的消息。", version=number))
    return _go(url_for(".version", number=number))


@bp.post("/rulebook/versions/<int:number>/copies")
@roles(OWNER, EDITOR)
def copy(number: int) -> ResponseReturnValue:
    """Make an earlier version the draft, to publish it again as the next one."""
    found = rulebook_version(number, now())
    if found is None:
        raise NotFound
    save_draft(document_of(found.rulebook), staff_id=current_user.id, now=now())
    flash(_("第 %(version)s 版已经放进草稿，看过以后就可以发布。", version=number))
    return _go(url_for(".draft"))


def _in_force(versions: tuple[PublishedRulebook, ...]) -> PublishedRulebook:
    found = next((each for each in versions if each.is_in_force), None)
    if found is None:
        raise NotFound
    return found


def _form(section: str, document: Mapping[str, Any]) -> SectionForm:
    if section not in SECTION_FORMS:
        raise NotFound
    form = section_form(section, document)
    _offer(form, document)
    return form


def _offer(form: SectionForm, document: Mapping[str, Any]) -> None:
    """Name the categories and tiers that can be ticked, and the coupons that can be chosen."""
    if isinstance(form, OffsetForm):
        form.offer(category_names(), {tier["code"]: tier["name"] for tier in document["tiers"]})
    if coupons := [field for field in leaves(form) if isinstance(field, CouponField)]:
        offer_coupons(coupons, template_names())


def _editor(section: str, form: SectionForm) -> str:
    template = "_editor.html" if wants_fragment() else "edit.html"
    names = {
        each.code: each.title for each in sections_of(_in_force(rulebook_versions(now())).rulebook, now())
    }
    return render_template(f"merchant/rulebook/{template}", section=section, names=names, form=form)


def _draft_page(form: PublicationForm) -> str:
    moment = now()
    versions = rulebook_versions(moment)
    current = _in_force(versions)
    found = rulebook_draft()
    rulebook = found.rulebook if found else None
    needed = needed_for(rulebook, moment) if rulebook else None
    if needed and not form.is_submitted():
        form.effective_at.process_data(needed.earliest_at)
    return render_template(
        "merchant/rulebook/draft.html",
        current=current,
        draft=found,
        needed=needed,
        waiting=waiting_publication(moment),
        has_second_person=others_who_may("publication", current_user.id),
        desk=desk_of(current.rulebook, rulebook, request.args, moment) if rulebook else {},
        faults=faults_in_words(found.faults) if found else (),
        sections=sections_of(rulebook or current.rulebook, moment),
        changed=_changed_sections(current, found.document if found else None),
        changes=changes_in_words(current.rulebook, rulebook, needed.worse) if rulebook and needed else (),
        scheduled=[each for each in versions if each.state == "scheduled"],
        form=form,
    )


def _version_page(number: int, form: WithdrawalForm) -> str:
    moment = now()
    shown = rulebook_version(number, moment)
    if shown is None:
        raise NotFound
    return render_template(
        "merchant/rulebook/version.html",
        shown=shown,
        sections=sections_of(shown.rulebook, moment),
        changes=changes_in_words(shown.before, shown.rulebook) if shown.before else None,
        form=form,
    )


def _too_early(error: ShopError) -> str:
    """What to put into the field instead, as a date in the reader's language."""
    if not isinstance(error, NoticeTooShort):
        return str(error)
    return _("有对会员变少的改动，要提前 %(days)s 天告知：最早填 %(day)s。", days=error.days,
             day=shop_date(error.earliest_on))  # fmt: skip


def _changed_sections(current: PublishedRulebook, document: Mapping[str, Any] | None) -> frozenset[str]:
    if document is None:
        return frozenset()
    before, after = document_of(current.rulebook), complete_document(document)
    return frozenset(name for name, section in before.items() if after.get(name) != section)


def _go(url: str) -> ResponseReturnValue:
    return redirect(url, 303)
