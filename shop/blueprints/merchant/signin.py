"""Sign-in in the back office: the rule in force, what it costs, and how it is used."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from shop.clock import now
from shop.queries.engagement.signin.figures import signin_board
from shop.web.guards import EDITOR, OWNER, roles

bp = Blueprint("merchant_signin", __name__)


@bp.get("/signin")
@roles(OWNER, EDITOR)
def show() -> ResponseReturnValue:
    """The sign-in table and the last 30 days."""
    return render_template("merchant/signin/show.html", board=signin_board(now()))
