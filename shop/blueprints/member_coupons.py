"""A member's coupons, and what shall be redeemed by itself."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import InvalidInput
from shop.forms.coupons import CouponRedemptionForm, CouponWishForm
from shop.queries.campaigns.coupon_offers import automatic_offers
from shop.queries.campaigns.coupons import TABS, coupon_counts, coupons_of
from shop.services.campaigns.coupon_wishes import keep_wish
from shop.services.campaigns.coupons import give_coupon_back
from shop.web.filters import points
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("member_coupons", __name__, url_prefix="/member/coupons")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """My coupons under three tabs; htmx asks for another one, or for the coupons that follow."""
    tab, before = request.args.get("state", TABS[0]), number_in_address("before")
    tab = tab if tab in TABS else TABS[0]
    context = {"listing": coupons_of(current_user.id, tab, before, now()), "tab": tab}
    if wants_fragment() and before is not None:
        return render_template("member_coupons/_stubs.html", **context)
    counts = coupon_counts(current_user.id, now())
    return page_or_fragment(
        "member_coupons/index.html", "member_coupons/_list.html", counts=counts, **context
    )


@bp.post("/<coupon_code>/return")
@login_required
def give_back(coupon_code: str) -> ResponseReturnValue:
    """Give an unused coupon back for its points. Sent twice, it happens once."""
    if not CouponRedemptionForm().validate_on_submit():
        raise InvalidInput
    back = give_coupon_back(coupon_code, current_user.id, now())
    flash(_("%(points)s 积分回来了。", points=points(back)))
    return redirect(url_for(".index"), 303)


@bp.get("/automatic")
@login_required
def automatic() -> ResponseReturnValue:
    """What may be redeemed by itself, and what I asked for."""
    return render_template("member_coupons/automatic.html", offered=automatic_offers(current_user.id, now()))


@bp.post("/automatic/<template_code>")
@login_required
def keep(template_code: str) -> ResponseReturnValue:
    """Ask for it, or ask for it no more."""
    form = CouponWishForm()
    if not form.validate_on_submit():
        raise InvalidInput
    on_reaching, before_lapse = form.on_reaching.data, form.before_lapse.data
    keep_wish(current_user.id, template_code, on_reaching=on_reaching, before_lapse=before_lapse, now=now())
    flash(_("记下了，以后自动换。") if on_reaching or before_lapse else _("记下了，不再自动换。"))
    return redirect(url_for(".automatic"), 303)
