"""Coupons for points."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import InvalidInput
from shop.forms.coupons import CouponRedemptionForm
from shop.queries.campaigns.coupon_offers import offers_for
from shop.services.campaigns.coupons import redeem_coupon

bp = Blueprint("coupons", __name__, url_prefix="/coupons")


@bp.get("")
def index() -> ResponseReturnValue:
    """What can be had for points, and how far one is from it."""
    member_id = current_user.id if current_user.is_authenticated else None
    return render_template("coupons/index.html", offered=offers_for(member_id, now()))


@bp.post("/<template_code>/redemptions")
@login_required
def redeem(template_code: str) -> ResponseReturnValue:
    """Turn points into a coupon. Sent twice, it happens once."""
    form = CouponRedemptionForm()
    if not form.validate_on_submit():
        raise InvalidInput
    redeemed = redeem_coupon(current_user.id, template_code, form.idempotency_key.data, now())
    flash(_("换好了，「%(coupon)s」在这里，下单时会自动带上。", coupon=redeemed.name))
    return redirect(url_for("member_coupons.index"), 303)
