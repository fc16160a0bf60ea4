"""The mall's home: what I have, what today brings, and the whole shelf to walk along."""

from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from shop.clock import now, shop_today
from shop.queries.catalogue.kept import Shelf, shelf_at
from shop.queries.catalogue.shelf import ShelfQuery
from shop.queries.catalogue.standing import standing_at
from shop.queries.catalogue.welcome import first_week_points
from shop.queries.engagement.signin.calendar import today_for
from shop.queries.members.messages import unread_count
from shop.queries.points.offers import Offer, offers_at
from shop.web.kept_pages import same_for_visitors, shelf_filter
from shop.web.product_cards import cards_of

bp = Blueprint("home", __name__)
ALL = ShelfQuery()


@bp.get("/")
def show() -> ResponseReturnValue:
    """The home page; a member sees the balance and today's sign-in, a guest what there is to gain."""
    at = now()
    shelf = shelf_at(at)
    offers = offers_at(shelf.occasion, current_user.tier_code if current_user.is_authenticated else None)
    return same_for_visitors((*shelf.made_from, offers), lambda: _page(shelf, offers, at))


def _page(shelf: Shelf, offers: tuple[Offer, ...], at: datetime) -> str:
    member_id = current_user.id if current_user.is_authenticated else None
    standing = standing_at(shelf, member_id, current_user.tier_code if member_id else None, at)
    page = shelf.page(ALL)
    return render_template(
        "home/show.html",
        balance=standing.balance,
        offers=offers,
        at=at,
        today=today_for(member_id, at, shelf.occasion) if member_id else None,
        unread=unread_count(member_id) if member_id else 0,
        first_week=() if member_id else first_week_points(shelf),
        shop_day_today=shop_today(),
        asked=ALL,
        search_text="",
        filter=shelf_filter(ALL, "", shelf.categories),
        cards=cards_of(page.items, standing),
        after=page.after,
    )
