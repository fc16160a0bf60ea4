"""Coupons in the back office: the list with its figures, the editor, offering and stopping."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now
from shop.errors import CouponCodeTaken, CouponLimitTooLow, CouponTargetUnknown, NotFound, ShopError
from shop.forms.merchant.coupons import CouponTemplateForm
from shop.queries.campaigns.coupon_templates import (
    TemplateEditor,
    next_code,
    template_editor,
    template_lines,
)
from shop.queries.catalogue.categories import category_tree
from shop.services.campaigns.coupon_templates import (
    CouponEdit,
    create_template,
    offer_template,
    save_template,
    stop_template,
)
from shop.web.category_choices import category_choices
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_coupons", __name__)

AT_A_FIELD = (CouponCodeTaken, CouponLimitTooLow, CouponTargetUnknown)


@bp.get("/coupons")
@roles(OWNER, EDITOR)
def index() -> ResponseReturnValue:
    """All templates with what became of their coupons."""
    return render_template("merchant/coupons/index.html", templates=template_lines())


@bp.get("/coupons/new")
@roles(OWNER, EDITOR)
def new() -> ResponseReturnValue:
    """A blank template."""
    return _page(CouponTemplateForm(formdata=None, code=next_code(), valid_days=30), None)


@bp.post("/coupons")
@roles(OWNER, EDITOR)
def create() -> ResponseReturnValue:
    """Keep a new template as a draft."""
    form = _form()
    if not form.validate_on_submit():
        return _page(form, None), 422
    try:
        template_id = create_template(_edit(form), current_user.id, now())
    except AT_A_FIELD as error:
        return _refused(form, None, error)
    flash(_("草稿存好了，看过没问题再发放。"))
    return _go(template_id)


@bp.get("/coupons/<int:template_id>")
@roles(OWNER, EDITOR)
def show(template_id: int) -> ResponseReturnValue:
    """One template: its figures and its editor."""
    editor = _found(template_id)
    return _page(_form_of(editor), editor)


@bp.post("/coupons/<int:template_id>")
@roles(OWNER, EDITOR)
def save(template_id: int) -> ResponseReturnValue:
    """Change a template; coupons issued before keep their terms."""
    editor = _found(template_id)
    form = _form()
    if not form.validate_on_submit():
        return _page(form, editor), 422
    try:
        save_template(template_id, _edit(form), form.revision_opened, current_user.id, now())
    except AT_A_FIELD as error:
        return _refused(form, editor, error)
    flash(_("存好了，已经发出去的券不变。"))
    return _go(template_id)


@bp.post("/coupons/<int:template_id>/publication")
@roles(OWNER, EDITOR)
def offer(template_id: int) -> ResponseReturnValue:
    """Let members have it."""
    offer_template(template_id, current_user.id, now())
    flash(_("开始发放了。"))
    return _go(template_id)


@bp.post("/coupons/<int:template_id>/publication/removal")
@roles(OWNER, EDITOR)
def stop(template_id: int) -> ResponseReturnValue:
    """Let nobody have another one; those that were issued stay good."""
    stop_template(template_id, current_user.id, now())
    flash(_("停发了，已经发出去的券照样能用。"))
    return _go(template_id)


def _found(template_id: int) -> TemplateEditor:
    editor = template_editor(template_id)
    if editor is None:
        raise NotFound
    return editor


def _go(template_id: int) -> ResponseReturnValue:
    return redirect(url_for(".show", template_id=template_id), 303)


def _form() -> CouponTemplateForm:
    form = CouponTemplateForm()
    _fill_in_categories(form)
    return form


def _page(form: CouponTemplateForm, editor: TemplateEditor | None) -> str:
    _fill_in_categories(form)
    return render_template("merchant/coupons/show.html", form=form, editor=editor)


def _fill_in_categories(form: CouponTemplateForm) -> None:
    form.categories.choices = category_choices(category_tree())


def _refused(
    form: CouponTemplateForm, editor: TemplateEditor | None, error: ShopError
) -> ResponseReturnValue:
    at = {CouponCodeTaken: form.code, CouponLimitTooLow: form.total_limit, CouponTargetUnknown: form.products}
    at[type(error)].errors = [str(error)]
    return _page(form, editor), error.status


def _form_of(editor: TemplateEditor) -> CouponTemplateForm:
    line = editor.line
    terms = line.terms
    return CouponTemplateForm(
        formdata=None,
        revision=line.revision,
        name=terms.name,
        code=line.code,
        kind=terms.kind,
        off_cents=terms.off_cents or None,
        off_percent=terms.off_percent or None,
        off_cents_max=terms.off_cents_max,
        spend_cents_min=terms.spend_cents_min or None,
        scope=terms.scope,
        categories=[str(each) for each in terms.scope_ids] if terms.scope == "categories" else [],
        products=" ".join(editor.skus),
        price_points=line.price_points,
        time="days" if line.valid_days else "window",
        valid_days=line.valid_days,
        valid_from_at=line.valid_from_at,
        valid_until_at=line.valid_until_at,
        total_limit=line.total_limit,
        limit_per_member=line.limit_per_member,
        is_refundable=line.is_refundable,
        is_automatic=line.is_automatic,
    )


def _edit(form: CouponTemplateForm) -> CouponEdit:
    in_days = form.time.data == "days"
    return CouponEdit(
        code=form.code.data,
        name=form.name.data,
        kind=form.kind.data,
        off_cents=form.off_cents.data or 0,
        off_percent=form.off_percent.data or 0,
        off_cents_max=form.off_cents_max.data,
        spend_cents_min=form.spend_cents_min.data or 0,
        scope=form.scope.data,
        category_ids=tuple(int(each) for each in form.categories.data or ()),
        skus=form.skus,
        price_points=form.price_points.data,
        valid_days=form.valid_days.data if in_days else None,
        valid_from_at=None if in_days else form.valid_from_at.data,
        valid_until_at=None if in_days else form.valid_until_at.data,
        total_limit=form.total_limit.data,
        limit_per_member=form.limit_per_member.data,
        is_refundable=form.is_refundable.data,
        is_automatic=form.is_automatic.data,
    )
