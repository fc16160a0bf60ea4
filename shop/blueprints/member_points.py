"""The points history: what came and went, what lapses when, and why each line is what it is."""

from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from shop.clock import now, shop_today
from shop.errors import NotFound
from shop.queries.catalogue.shelf import ShelfQuery, shelf_page
from shop.queries.catalogue.standing import standing_of
from shop.queries.points.balance import balance_of
from shop.queries.points.calendar import calendar_of, freeze_of
from shop.queries.points.entry import entry_of_member
from shop.queries.points.history import HISTORY_KINDS, history_of
from shop.queries.points.kinds import MAIN_KIND, Purse, further_purses, purse_of
from shop.web.lapse_words import lapse_chart
from shop.web.lots import lot_parts
from shop.web.product_cards import cards_of
from shop.web.rendering import page_or_fragment, wants_fragment

SOON = timedelta(days=30)
GOODS_SHOWN = 6
ENTRY_ID_MAX = 2**63 - 1

bp = Blueprint("member_points", __name__, url_prefix="/member/points")


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """The history; htmx asks for another kind, or for the lines that follow."""
    after = request.args.get("after", type=int)
    if after is not None and not 0 < after <= ENTRY_ID_MAX:
        after = None
    moment = now()
    purse = _purse(moment)
    history = history_of(
        current_user.id,
        kind=request.args.get("kind", "all"),
        after=after,
        points_kind=purse.code if purse else MAIN_KIND,
    )
    if wants_fragment():
        fragment = "member_points/_months.html" if after else "member_points/_entries.html"
        return render_template(fragment, history=history, kinds=HISTORY_KINDS, purse=purse)
    balance = purse.balance if purse else balance_of(current_user.id, moment)
    return render_template(
        "member_points/index.html",
        history=history,
        kinds=HISTORY_KINDS,
        balance=balance,
        lots=lot_parts(balance, shop_today()),
        soon_points=balance.lapsing_by(moment + SOON),
        freeze=freeze_of(current_user.id),
        purse=purse,
        purses=further_purses(current_user.id, moment),
    )


@bp.get("/expiring")
@login_required
def expiring() -> ResponseReturnValue:
    """What lapses when, lot by lot; what is on its way, held, owed or frozen; and how to make the most of it."""
    moment = now()
    if purse := _purse(moment):
        return _expiring_of(purse, moment)
    standing = standing_of(current_user.id, current_user.tier_code, moment)
    balance = standing.balance or balance_of(current_user.id, moment)
    calendar = calendar_of(current_user.id, moment)
    within_reach = ShelfQuery(affordable=True, points_only=True, sort="points_desc")
    goods = shelf_page(within_reach, standing.reach, limit=GOODS_SHOWN).items if balance.available else ()
    return render_template(
        "member_points/expiring.html",
        calendar=calendar,
        balance=balance,
        soon_points=balance.lapsing_by(moment + SOON),
        freeze=freeze_of(current_user.id),
        cards=cards_of(goods, standing),
        chart=lapse_chart(calendar.months),
        today=shop_today(),
    )


def _expiring_of(purse: Purse, moment: datetime) -> str:
    """The same of a further kind: it offsets nothing, so there is no advice."""
    calendar = calendar_of(current_user.id, moment, purse.code)
    return render_template(
        "member_points/expiring.html",
        calendar=calendar,
        balance=purse.balance,
        soon_points=purse.balance.lapsing_by(moment + SOON),
        freeze=freeze_of(current_user.id),
        cards=[],
        chart=lapse_chart(calendar.months),
        today=shop_today(),
        purse=purse,
    )


def _purse(moment: datetime) -> Purse | None:
    """The further kind that the address names (``?of=``); None: the main one, also for a kind that is none."""
    code = request.args.get("of", "")[:30]
    return purse_of(current_user.id, code, moment) if code else None


@bp.get("/<int:entry_id>")
@login_required
def show(entry_id: int) -> ResponseReturnValue:
    """Why one entry is what it is: a sheet over the history, or a page of its own."""
    detail = entry_of_member(current_user.id, entry_id) if entry_id <= ENTRY_ID_MAX else None
    if detail is None:
        raise NotFound
    return page_or_fragment(
        "member_points/show.html", "member_points/_why.html", detail=detail, entry=detail.entry
    )
