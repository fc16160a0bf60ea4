"""The rules of earning in the draft: listed as sentences, each edited as a form."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound
from shop.forms.rulebook.rules import RuleForm, form_data
from shop.queries.catalogue.categories import category_tree
from shop.queries.points.rulebook import document_to_edit, faults_of, rules_of, rules_to_edit
from shop.services.points.publishing import save_draft
from shop.web.guards import EDITOR, OWNER, roles
from shop.web.rulebook_words.rule_sentences import rule_sentence

RULES_MAX = 60

bp = Blueprint("merchant_rulebook_rules", __name__)


@bp.get("/rulebook/rules")
@roles(OWNER, EDITOR)
def index() -> str:
    """All rules of the draft, or of the version in force when there is none."""
    rules = rules_of(_document())
    return render_template("merchant/rulebook_rules/index.html", rules=rules, sentence_of=rule_sentence)


@bp.get("/rulebook/rules/new")
@roles(OWNER, EDITOR)
def new() -> str:
    """An empty rule."""
    form = RuleForm()
    return _editor(form, _document(), None)


@bp.post("/rulebook/rules")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Add a rule at the end."""
    document = _document()
    rules = document["rules"]
    if len(rules) >= RULES_MAX:
        flash(_("最多 %(count)s 条规则，先去掉用不到的。", count=RULES_MAX), "rose")
        return redirect(url_for(".index"), 303)
    return _save(document, len(rules), f"rule_{secrets.token_hex(4)}")


@bp.get("/rulebook/rules/<code>")
@roles(OWNER, EDITOR)
def edit(code: str) -> str:
    """One rule as a form."""
    document = _document()
    place = _place(document, code)
    form = RuleForm(data=form_data(document["rules"][place]))
    return _editor(form, document, code)


@bp.post("/rulebook/rules/<code>")
@roles(OWNER, EDITOR)
def save(code: str) -> ResponseReturnValue:
    """Keep a rule in the draft."""
    document = _document()
    return _save(document, _place(document, code), code)


@bp.post("/rulebook/rules/<code>/removal")
@roles(OWNER, EDITOR)
def remove(code: str) -> ResponseReturnValue:
    """Take a rule out of the draft; what it gave before stays."""
    document = _document()
    removed = document["rules"].pop(_place(document, code))
    save_draft(document, staff_id=current_user.id, now=now())
    flash(_("「%(name)s」从草稿里去掉了。", name=removed["name"]))
    return redirect(url_for(".index"), 303)


@bp.post("/rulebook/rules/<code>/position")
@roles(OWNER, EDITOR)
def move(code: str) -> ResponseReturnValue:
    """Move a rule one place up: rules that set a rate are asked in their order."""
    document = _document()
    rules, place = document["rules"], _place(document, code)
    if place > 0:
        rules[place - 1], rules[place] = rules[place], rules[place - 1]
        save_draft(document, staff_id=current_user.id, now=now())
    return redirect(url_for(".index"), 303)


def _document() -> dict[str, Any]:
    """The draft to work on, or what it would start from."""
    document = document_to_edit(now())
    return {**document, "rules": rules_to_edit(document)}


def _save(document: dict[str, Any], place: int, code: str) -> ResponseReturnValue:
    form = RuleForm()
    page_code = None if place == len(document["rules"]) else code
    _offer(form, document)
    if not form.validate_on_submit():
        return _editor(form, document, page_code), 422
    changed = [*document["rules"]]
    changed[place : place + 1] = [form.rule_document(code)]
    tried = {**document, "rules": changed}
    if form.show_faults(f"rules[{place}]", faults_of(tried)):
        return _editor(form, document, page_code), 422
    save_draft(tried, staff_id=current_user.id, now=now())
    flash(_("「%(name)s」存进草稿了，发布之前不影响任何人。", name=form.name.data))
    return redirect(url_for(".index"), 303)


def _place(document: Mapping[str, Any], code: str) -> int:
    found = next((place for place, rule in enumerate(document["rules"]) if rule["code"] == code), None)
    if found is None:
        raise NotFound
    return found


def _offer(form: RuleForm, document: Mapping[str, Any]) -> None:
    categories = [(each.slug, each.name) for top in category_tree() for each in (top, *top.children)]
    kinds = [(kind["code"], kind["name"]) for kind in document.get("kinds", ())]
    form.offer(categories, [(tier["code"], tier["name"]) for tier in document["tiers"]], kinds)


def _editor(form: RuleForm, document: Mapping[str, Any], code: str | None) -> str:
    _offer(form, document)
    where = url_for(".save", code=code) if code else url_for(".create")
    name = form.name.data if code else None
    is_rejected = request.method == "POST"
    return render_template(
        "merchant/rulebook_rules/edit.html",
        form=form,
        where=where,
        code=code,
        name=name,
        is_rejected=is_rejected,
    )
