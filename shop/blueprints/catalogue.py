"""The catalogue: the shelf with its filters, and a product."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from shop.clock import now
from shop.errors import NotFound
from shop.queries.catalogue.kept import Shelf, shelf_at
from shop.queries.catalogue.product import product_page
from shop.queries.catalogue.shelf import ShelfQuery, asked_for, searchable, shelf_page
from shop.queries.catalogue.standing import Standing, standing_at
from shop.queries.points.goal import way_to
from shop.web.kept_pages import same_for_visitors, shelf_filter
from shop.web.product_cards import cards_of
from shop.web.product_view import SHORT, product_view
from shop.web.rendering import link, wants_fragment

bp = Blueprint("catalogue", __name__)

SUGGESTED = 4


@bp.get("/products")
def index() -> ResponseReturnValue:
    """The shelf.  htmx gets the list, or only its next cards when it asks for what comes ``after``."""
    asked = _asked()
    shelf = shelf_at(now())
    search_text = searchable(request.args.get("q", ""))
    if not wants_fragment():
        return same_for_visitors(
            (asked, search_text, shelf.made_from), lambda: _whole_page(asked, search_text, shelf)
        )
    template = "catalogue/_cards.html" if asked.after else "catalogue/index.swap.html"
    return render_template(template, **_list(asked, search_text, shelf))


def _whole_page(asked: ShelfQuery, search_text: str, shelf: Shelf) -> str:
    filter_html = shelf_filter(asked, search_text, shelf.categories, link("home.show"))
    return render_template("catalogue/index.html", filter=filter_html, **_list(asked, search_text, shelf))


def _list(asked: ShelfQuery, search_text: str, shelf: Shelf) -> dict[str, Any]:
    """What the list of goods needs."""
    is_member = current_user.is_authenticated
    member_id, tier_code = (current_user.id, current_user.tier_code) if is_member else (None, None)
    moment = now()
    standing = standing_at(shelf, member_id, tier_code, moment)
    page = shelf.page(asked, standing.reach_at(shelf, member_id, moment) if asked.affordable else None)
    return {
        "asked": asked,
        "search_text": search_text,
        "cards": cards_of(page.items, standing),
        "after": page.after,
        "suggested": [] if page.items else _suggested(standing),
        "all_url": url_for(".index", q=" ".join(asked.words)) if asked.words else url_for(".index"),
    }


@bp.get("/products/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """A product.  ``?sku=`` chooses the variant; htmx gets what depends on that choice.  Raises NotFound."""
    member_id = current_user.id if current_user.is_authenticated else None
    page = product_page(slug, request.args.get("sku", "")[:40], member_id, now())
    if page is None:
        raise NotFound
    view = product_view(page)
    if view.state == SHORT and member_id and page.is_of_main_kind:
        view = replace(view, way=way_to(member_id, view.missing_points, now()))
    if wants_fragment():
        return render_template("catalogue/show.swap.html", view=view)
    cards = cards_of(page.related, page.standing)
    return render_template("catalogue/show.html", view=view, cards=cards)


@bp.app_template_global()
def shelf_address(asked: ShelfQuery, after: str) -> str:
    """The address of the next page: the same question, from the cursor on."""
    pairs = [
        ("q", " ".join(asked.words)),
        ("category", asked.category),
        ("affordable", "1" if asked.affordable else ""),
    ]
    pairs += [("kind", "points")] if asked.points_only else []
    pairs += [("kind", kind) for kind in asked.kinds]
    pairs += [("sort", asked.sort if asked.sort != "recommended" else ""), ("after", after)]
    return f"{link('catalogue.index')}?{urlencode([pair for pair in pairs if pair[1]])}"


def _asked() -> ShelfQuery:
    arguments = request.args
    return asked_for(
        q=arguments.get("q", ""),
        category=arguments.get("category", ""),
        affordable=arguments.get("affordable", ""),
        kinds=arguments.getlist("kind"),
        sort=arguments.get("sort", ""),
        after=arguments.get("after", ""),
    )


def _suggested(standing: Standing) -> list[Any]:
    """A few goods for somebody whose search found nothing."""
    page = shelf_page(replace(ShelfQuery(), sort="popular"))
    in_stock = [item for item in page.items if item.available > 0]
    return cards_of(in_stock[:SUGGESTED], standing)
