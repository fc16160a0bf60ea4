"""The first page: what waits, and for those who may see them the shop's figures."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from shop.clock import now, shop_today
from shop.queries.merchant.dashboard import Figures, best_goods, desk, figures
from shop.queries.merchant.members.life import points_alerts
from shop.queries.merchant.setting_up import is_untouched
from shop.queries.points.budgets import used_up_rules
from shop.web.guards import EDITOR, EVERYONE, OWNER, roles
from shop.web.pagination import number_in_address
from shop.web.rendering import page_or_fragment
from shop.web.staff_roles import FIGURES_FOR

PERIODS = (1, 7, 30)
bp = Blueprint("merchant_dashboard", __name__)


@bp.get("")
@roles(*EVERYONE)
def show() -> ResponseReturnValue:
    """The board of a period: today, seven or thirty days.  In a shop that nobody has touched yet, setting up begins."""
    asked = number_in_address("days")
    days = asked if asked in PERIODS else PERIODS[-1]
    may_see_figures = current_user.role in FIGURES_FOR
    today = shop_today()
    board = figures(days, today, now()) if may_see_figures else None
    if board and _is_blank(board) and current_user.role in (OWNER, EDITOR) and is_untouched():
        return redirect(url_for("merchant_setup.show"), 303)
    return page_or_fragment(
        "merchant/dashboard/show.html",
        "merchant/dashboard/_board.html",
        days=days,
        periods=PERIODS,
        today=today,
        desk=desk(),
        alerts=points_alerts(now(), today),
        used_up=used_up_rules(now()),
        figures=board,
        best_goods=best_goods(days, today) if may_see_figures else [],
    )


def _is_blank(board: Figures) -> bool:
    """Nothing has moved here: only then is it worth asking whether anything is here at all."""
    return not (board.outstanding_points or board.issued_points or board.orders or board.sign_ins)
