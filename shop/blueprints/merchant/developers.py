"""Keys for programs: tills, web shops, mini programs, partners.  For owners only."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from shop.clock import now, shop_today
from shop.errors import NotFound
from shop.forms.merchant.api_keys import ApiKeyForm
from shop.queries.catalogue.stores import all_stores
from shop.queries.merchant.api_keys import api_keys
from shop.queries.merchant.settlement import settlement_of
from shop.services.merchant.api_keys import KeyWish, create_key, revoke_key
from shop.web.api.scopes import SCOPES
from shop.web.calendar_months import month_asked, next_month, previous_month
from shop.web.guards import OWNER, roles

bp = Blueprint("merchant_developers", __name__)


@bp.get("/developers")
@roles(OWNER)
def index() -> ResponseReturnValue:
    """Every key: what it may do, when it was used last, what it gave this month."""
    today = shop_today()
    return render_template(
        "merchant/developers/index.html",
        keys=api_keys(f"{today:%Y-%m}"),
        scopes=SCOPES,
        today=today,
        origin=current_app.config["SHOP_URL"],
    )


@bp.get("/developers/keys/new")
@roles(OWNER)
def new() -> ResponseReturnValue:
    """The form for a new key."""
    return _new_page(_form())


@bp.post("/developers/keys")
@roles(OWNER)
def create() -> ResponseReturnValue:
    """Make a key and show it, once."""
    form = _form()
    if not form.validate_on_submit():
        return _new_page(form), 422
    wish = KeyWish(
        name=form.name.data,
        scopes=tuple(form.scopes.data),
        store_id=form.store_id.data or None,
        points_per_month=form.points_per_month.data,
        cents_per_thousand=form.cents_per_thousand.data,
    )
    key = create_key(wish, staff_id=current_user.id, now=now())
    return render_template(
        "merchant/developers/created.html", name=wish.name, key=key, origin=current_app.config["SHOP_URL"]
    ), 201


@bp.get("/developers/keys/<int:key_id>")
@roles(OWNER)
def show(key_id: int) -> ResponseReturnValue:
    """One key's month: what it gave, took back and redeemed, and who owes whom."""
    today = shop_today()
    first = month_asked(request.args.get("month", ""), today)
    settled = settlement_of(key_id, first)
    if settled is None:
        raise NotFound
    return render_template(
        "merchant/developers/show.html",
        settled=settled,
        scopes=SCOPES,
        today=today,
        first=first,
        before=f"{previous_month(first):%Y-%m}",
        after=f"{next_month(first):%Y-%m}" if next_month(first) <= today else None,
    )


@bp.post("/developers/keys/<int:key_id>/revocation")
@roles(OWNER)
def revoke(key_id: int) -> ResponseReturnValue:
    """End a key at once."""
    revoke_key(key_id, staff_id=current_user.id, now=now())
    flash(_("密钥停用了，用它的程序马上就进不来了。"))
    return redirect(url_for(".index"), 303)


def _form() -> ApiKeyForm:
    form = ApiKeyForm()
    form.offer_stores(all_stores())
    return form


def _new_page(form: ApiKeyForm) -> str:
    return render_template("merchant/developers/new.html", form=form, scopes=SCOPES)
