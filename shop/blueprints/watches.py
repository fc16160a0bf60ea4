"""Favourites, and 到货提醒: being told when a product is back."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_required

from shop.clock import now
from shop.errors import NotFound
from shop.queries.catalogue.product import product_page
from shop.queries.catalogue.standing import standing_of
from shop.queries.catalogue.watches import watched_by
from shop.services.catalogue.watches import KINDS, unwatch, watch
from shop.web.pagination import number_in_address
from shop.web.product_cards import cards_of
from shop.web.product_view import product_view
from shop.web.rendering import page_or_fragment, wants_fragment

bp = Blueprint("watches", __name__)


@bp.get("/member/favourites")
@login_required
def index() -> ResponseReturnValue:
    """My favourites, or what I wait for (``?kind=restock``), the newest first."""
    kind = "restock" if request.args.get("kind") == "restock" else "favourite"
    watched = watched_by(current_user.id, kind, number_in_address("before"))
    standing = standing_of(current_user.id, current_user.tier_code, now())
    next_url = url_for(".index", kind=kind, before=watched.next_before) if watched.next_before else ""
    cards = cards_of(watched.items, standing)
    return page_or_fragment(
        "watches/index.html", "watches/_cards.html", cards=cards, kind=kind, next_url=next_url
    )


@bp.post("/products/<slug>/watches/<kind>")
@login_required
def create(slug: str, kind: str) -> ResponseReturnValue:
    """Begin to watch a product; ``kind`` is favourite or restock."""
    watch(current_user.id, slug, _known(kind), now())
    if kind == "restock" and not wants_fragment():
        flash(_("记下了，到货就告诉你。"))
    return _answer(slug, kind)


@bp.post("/products/<slug>/watches/<kind>/removal")
@login_required
def destroy(slug: str, kind: str) -> ResponseReturnValue:
    """Watch it no longer."""
    unwatch(current_user.id, slug, _known(kind))
    return _answer(slug, kind)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise NotFound
    return kind


def _answer(slug: str, kind: str) -> ResponseReturnValue:
    page = product_page(slug, request.form.get("sku", "")[:40], current_user.id, now())
    if not wants_fragment() or page is None:
        return redirect(url_for("catalogue.show", slug=slug), 303)
    template = "catalogue/_favourite.html" if kind == "favourite" else "catalogue/_redeem.html"
    return render_template(template, view=product_view(page))
