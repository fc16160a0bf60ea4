"""A member's points in the back office: freeze and thaw, give lapsed ones back, merge two accounts and undo it."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import FrozenAlready, InvalidInput, MergeRefused, NotFound, ReinstatedAlready
from shop.forms.merchant.member_points import (
    FreezeForm,
    MergeForm,
    MergeUndoForm,
    ReinstatementForm,
    ThawForm,
)
from shop.queries.merchant.members import Profile, find_members, profile_of, search_for
from shop.queries.merchant.members.life import LapseRow, MergeSide, lapse_of, life_of, merge_of, merge_side
from shop.services.points.freezing import REVIEW_DAYS_MAX, Freeze, freeze_points, thaw_points
from shop.services.points.merging import merge_members, refusal_of, undo_merge
from shop.services.points.reinstating import reinstate_points
from shop.web.guards import EDITOR, OWNER, SUPPORT, roles
from shop.web.pagination import number_in_address

FIRST_REVIEW = timedelta(days=7)
DEFAULT_DAYS = 30
bp = Blueprint("merchant_member_points", __name__)


@bp.get("/members/<int:member_id>/freeze")
@roles(OWNER, SUPPORT)
def freeze(member_id: int) -> ResponseReturnValue:
    """The form for freezing, or for thawing what is frozen."""
    form = FreezeForm(formdata=None, review_on=shop_today() + FIRST_REVIEW)
    return _freeze_page(member_id, form, ThawForm(formdata=None))


@bp.post("/members/<int:member_id>/freeze")
@roles(OWNER, SUPPORT)
def freeze_now(member_id: int) -> ResponseReturnValue:
    """Freeze.  The same page sent twice does it once."""
    form = FreezeForm()
    if not form.validate_on_submit():
        return _freeze_page(member_id, form, ThawForm(formdata=None)), 422
    what = Freeze(
        freezes_spending=form.freezes_spending,
        freezes_earning=form.freezes_earning,
        reason=form.reason.data,
        review_on=form.review_on.data,
        staff_id=current_user.id,
    )
    try:
        freeze_points(member_id, what, now())
    except InvalidInput:
        form.review_on.errors = [_("选明天到 %(days)s 天内的一天。", days=REVIEW_DAYS_MAX)]
        return _freeze_page(member_id, form, ThawForm(formdata=None)), 422
    except FrozenAlready as error:
        flash(str(error), "rose")
        return _to_member(member_id)
    flash(_("冻结好了，会员会收到消息和原因。"))
    return _to_member(member_id)


@bp.post("/members/<int:member_id>/thaw")
@roles(OWNER, SUPPORT)
def thaw(member_id: int) -> ResponseReturnValue:
    """Let everything go on; a repeat changes nothing."""
    form = ThawForm()
    if not form.validate_on_submit():
        return _freeze_page(member_id, FreezeForm(formdata=None), form), 422
    thaw_points(member_id, reason=form.reason.data, staff_id=current_user.id, now=now())
    flash(_("解冻了，等着的积分已经到账。"))
    return _to_member(member_id)


@bp.get("/members/<int:member_id>/lapses/<int:entry_id>/reinstatement")
@roles(OWNER, EDITOR)
def reinstatement(member_id: int, entry_id: int) -> ResponseReturnValue:
    """The form for giving lapsed points back."""
    lapse = _lapse(member_id, entry_id)
    form = ReinstatementForm(formdata=None, points=str(lapse.points), days=DEFAULT_DAYS)
    return _reinstatement_page(member_id, lapse, form)


@bp.post("/members/<int:member_id>/lapses/<int:entry_id>/reinstatement")
@roles(OWNER, EDITOR)
def reinstate(member_id: int, entry_id: int) -> ResponseReturnValue:
    """Give them back, once for each lapse."""
    lapse, form = _lapse(member_id, entry_id), ReinstatementForm()
    if not form.validate_on_submit():
        return _reinstatement_page(member_id, lapse, form), 422
    try:
        reinstate_points(
            member_id,
            entry_id,
            int(form.points.data),
            days=form.days.data or DEFAULT_DAYS,
            reason=form.reason.data,
            staff_id=current_user.id,
            now=now(),
        )
    except InvalidInput:
        form.points.errors = [_("最多补回过期的 %(points)s 分。", points=lapse.points)]
        return _reinstatement_page(member_id, lapse, form), 422
    except ReinstatedAlready as error:
        form.points.errors = [str(error)]
        return _reinstatement_page(member_id, lapse, form), 409
    flash(_("补回去了，会员会收到消息。"))
    return _to_member(member_id)


@bp.get("/members/<int:member_id>/merge")
@roles(OWNER)
def merge(member_id: int) -> ResponseReturnValue:
    """Find the account that stays, and see what would follow."""
    return _merge_page(member_id, number_in_address("into"), MergeForm(formdata=None))


@bp.post("/members/<int:member_id>/merge")
@roles(OWNER)
def merge_now(member_id: int) -> ResponseReturnValue:
    """Merge, after the second confirmation."""
    gone, form = _side(member_id), MergeForm()
    text = form.into_id.data or ""
    into_id = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    if into_id is None:
        return _merge_page(member_id, None, form), 422
    if not form.validate_on_submit() or form.digits.data != gone.phone_last4:
        if not form.digits.errors and form.digits.data != gone.phone_last4:
            form.digits.errors = [_("和要并掉的账号的手机后四位不一样。")]
        return _merge_page(member_id, into_id, form), 422
    try:
        done = merge_members(member_id, into_id, reason=form.reason.data, staff_id=current_user.id, now=now())
    except MergeRefused as error:
        return _merge_page(member_id, into_id, form, str(error)), error.status
    flash(_("合并好了，%(points)s 积分并了过来。七天内可以撤销。", points=f"{done.points:,}"))
    return _to_member(into_id)


@bp.get("/members/merges/<int:merge_id>/reversal")
@roles(OWNER)
def reversal(merge_id: int) -> ResponseReturnValue:
    """The form for undoing a merge."""
    return _reversal_page(merge_id, MergeUndoForm(formdata=None))


@bp.post("/members/merges/<int:merge_id>/reversal")
@roles(OWNER)
def reverse(merge_id: int) -> ResponseReturnValue:
    """Undo a merge; what is left of everything goes back."""
    form = MergeUndoForm()
    if not form.validate_on_submit():
        return _reversal_page(merge_id, form), 422
    points = undo_merge(merge_id, reason=form.reason.data, staff_id=current_user.id, now=now())
    merged = merge_of(merge_id, now())
    flash(_("撤销了，%(points)s 积分回到原来的账号。", points=f"{points:,}"))
    return _to_member(merged.other_id if merged else 0)


def _member(member_id: int) -> Profile:
    member = profile_of(member_id, now())
    if member is None:
        raise NotFound
    return member


def _lapse(member_id: int, entry_id: int) -> LapseRow:
    lapse = lapse_of(member_id, entry_id)
    if lapse is None:
        raise NotFound
    return lapse


def _side(member_id: int) -> MergeSide:
    side = merge_side(member_id, now())
    if side is None:
        raise NotFound
    return side


def _freeze_page(member_id: int, form: FreezeForm, thaw_form: ThawForm) -> str:
    return render_template(
        "merchant/members/freeze.html",
        member=_member(member_id),
        freeze=life_of(member_id, now()).freeze,
        form=form,
        thaw_form=thaw_form,
    )


def _reinstatement_page(member_id: int, lapse: LapseRow, form: ReinstatementForm) -> str:
    return render_template(
        "merchant/members/reinstatement.html", member=_member(member_id), lapse=lapse, form=form
    )


def _merge_page(member_id: int, into_id: int | None, form: MergeForm, problem: str = "") -> str:
    gone = _side(member_id)
    text = request.args.get("q", "")[:40]
    found = find_members(search_for(text), now=now()).rows[:10] if text.strip() else ()
    stays = merge_side(into_id, now()) if into_id else None
    return render_template(
        "merchant/members/merge.html",
        gone=gone,
        stays=stays,
        refusal=problem or _refusal(gone, stays),
        found=[row for row in found if row.id != gone.id],
        q=text,
        form=form,
    )


def _refusal(gone: MergeSide, stays: MergeSide | None) -> str:
    cause = refusal_of(gone.id, stays.id) if stays else None
    return str(MergeRefused(cause)) if cause else ""


def _reversal_page(merge_id: int, form: MergeUndoForm) -> str:
    merged = merge_of(merge_id, now())
    if merged is None:
        raise NotFound
    return render_template("merchant/members/reversal.html", merge=merged, form=form)


def _to_member(member_id: int) -> ResponseReturnValue:
    return redirect(url_for("merchant_members.show", member_id=member_id), 303)
