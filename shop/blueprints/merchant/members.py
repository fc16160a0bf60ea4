"""Members: find one, see what they have and why, give or take points with a reason, suspend and resume."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import AttachmentRefused, InsufficientPoints, NotFound
from shop.forms.merchant.members import AdjustmentForm, MemberStateForm, signed_points_of
from shop.queries.merchant.members import (
    Profile,
    coupons_of,
    find_members,
    ledger_of,
    lots_of,
    orders_of,
    overview_of,
    profile_of,
    search_for,
    tier_names,
)
from shop.queries.merchant.members.life import life_of
from shop.queries.points.balance import balance_of
from shop.queries.points.kinds import MAIN_KIND, further_kinds, further_purses
from shop.queries.points.notice import adjustment_limit
from shop.services.merchant.members import resume_member, suspend_member
from shop.services.points.adjusting import adjust_points, ask_to_adjust_points
from shop.web.guards import EVERYONE, OWNER, SUPPORT, roles
from shop.web.kind_words import in_kind
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

TABS = ("ledger", "lots", "orders", "coupons")
STATES = ("active", "suspended", "closed")
bp = Blueprint("merchant_members", __name__)


@bp.get("/members")
@roles(*EVERYONE)
def index() -> ResponseReturnValue:
    """The list, by what was typed and by tier."""
    text, before, tiers = request.args.get("q", ""), number_in_address("before"), tier_names(now())
    tier = request.args.get("tier", "")
    tier = tier if tier in tiers else ""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = find_members(search_for(text), tier=tier, state=state, before=before, now=now())
    fragment = "merchant/members/_rows.html" if before is not None else "merchant/members/_list.html"
    return page_or_fragment(
        "merchant/members/index.html",
        fragment,
        found=found,
        tiers=tiers,
        today=shop_today(),
        q=text[:40],
        tier=tier,
        state=state,
    )


@bp.get("/members/<int:member_id>")
@roles(*EVERYONE)
def show(member_id: int) -> ResponseReturnValue:
    """One member: figures, and the ledger, the batches, the orders or the coupons below."""
    before, tab = number_in_address("before"), request.args.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    fragment = "merchant/members/_ledger_rows.html" if before is not None else "merchant/members/_tab.html"
    return page_or_fragment(
        "merchant/members/show.html",
        fragment,
        member=_member(member_id),
        overview=overview_of(member_id, now()),
        life=life_of(member_id, now()),
        purses=further_purses(member_id, now()),
        tab=tab,
        ledger=ledger_of(member_id, before) if tab == "ledger" else None,
        lots=lots_of(member_id, now()) if tab == "lots" else [],
        orders=orders_of(member_id) if tab == "orders" else [],
        coupons=coupons_of(member_id) if tab == "coupons" else [],
        now=now(),
        state_form=MemberStateForm(formdata=None),
        may_change=current_user.role in (OWNER, SUPPORT),
    )


@bp.get("/members/<int:member_id>/adjustment")
@roles(OWNER, SUPPORT)
def adjustment(member_id: int) -> ResponseReturnValue:
    """The form for giving or taking points; for htmx, what the balance would be afterwards."""
    if not wants_fragment():
        return _adjustment_page(member_id, _adjustment_form(is_new=True))
    _member(member_id)
    change = signed_points_of(request.args.get("direction", ""), request.args.get("points", "").strip())
    points_kind = request.args.get("points_kind", MAIN_KIND)[:30]
    return render_template(
        "merchant/members/_preview.html",
        balance=balance_of(member_id, now(), points_kind),
        points_kind=points_kind,
        change=change,
        member_id=member_id,
    )


@bp.post("/members/<int:member_id>/adjustment")
@roles(OWNER, SUPPORT)
def adjust(member_id: int) -> ResponseReturnValue:
    """Give or take points, or ask a second person to.  The same page sent twice does it once."""
    form = _adjustment_form()
    if not form.validate_on_submit() or not form.is_of_today(shop_today()):
        return _adjustment_page(member_id, form), 422
    limit = adjustment_limit(now())
    asks = limit is not None and abs(form.signed_points) > limit
    try:
        if asks:
            ask_to_adjust_points(member_id, form.signed_points, **_told(form))
        else:
            done = adjust_points(member_id, form.signed_points, **_told(form))
    except InsufficientPoints as error:
        form.points.errors = [str(error)]
        return _adjustment_page(member_id, form), 409
    except AttachmentRefused as error:
        form.attachment.errors = [str(error)]
        return _adjustment_page(member_id, form), 422
    if asks:
        flash(_("超过 %(points)s 分，已经提交，等另一个人批准。", points=f"{limit:,}"))
    else:
        after = in_kind(done.balance_after_points, form.points_kind.data)
        flash(_("调整好了，余额 %(amount)s。", amount=after))
    return redirect(url_for(".show", member_id=member_id), 303)


@bp.post("/members/<int:member_id>/state")
@roles(OWNER, SUPPORT)
def change_state(member_id: int) -> ResponseReturnValue:
    """Suspend, or let back in; a reason is needed."""
    form = MemberStateForm()
    member = _member(member_id)
    if not form.validate_on_submit():
        return render_template("merchant/members/state.html", member=member, form=form), 422
    change = suspend_member if form.state.data == "suspended" else resume_member
    change(member_id, reason=form.reason.data, staff_id=current_user.id, now=now())
    flash(_("已停用，会员现在不能登录和下单。") if form.state.data == "suspended" else _("已恢复。"))
    return redirect(url_for(".show", member_id=member_id), 303)


@bp.get("/members/<int:member_id>/state")
@roles(OWNER, SUPPORT)
def state(member_id: int) -> ResponseReturnValue:
    """The form for suspending or resuming."""
    member = _member(member_id)
    return render_template("merchant/members/state.html", member=member, form=MemberStateForm(formdata=None))


def _told(form: AdjustmentForm) -> dict[str, Any]:
    """What the form says beside the points."""
    return {
        "reason": form.reason.data,
        "staff_id": current_user.id,
        "key": form.idempotency_key.data,
        "now": now(),
        "source_class": form.source_class.data,
        "expires_on": form.last_day,
        "attachment": form.attached,
        "points_kind": form.points_kind.data,
    }


def _member(member_id: int) -> Profile:
    member = profile_of(member_id, now())
    if member is None:
        raise NotFound
    return member


def _adjustment_form(*, is_new: bool = False) -> AdjustmentForm:
    form = AdjustmentForm(formdata=None) if is_new else AdjustmentForm()
    form.offer(further_kinds(now()))
    return form


def _adjustment_page(member_id: int, form: AdjustmentForm) -> str:
    change = signed_points_of(form.direction.data or "", form.points.data or "")
    return render_template(
        "merchant/members/adjustment.html",
        member=_member(member_id),
        member_id=member_id,
        balance=balance_of(member_id, now(), form.points_kind.data or MAIN_KIND),
        points_kind=form.points_kind.data or MAIN_KIND,
        change=change,
        form=form,
        limit=adjustment_limit(now()),
    )
