"""Every error reaches the person here: a ShopError where they acted, anything else as a page that says what is safe."""

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from htmx_flask import make_response
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from shop.crypto import new_token
from shop.errors import Busy, NotAllowed, NotFound, ShopError, TooManyRequests
from shop.extensions import db
from shop.web.api.problems import problem_of, problem_of_bug, problem_of_http
from shop.web.application import is_for_programs
from shop.web.rendering import wants_fragment

RETRY_AFTER_SECONDS = "5"
PAGES = {
    403: "errors/forbidden.html",
    404: "errors/404.html",
    503: "errors/busy.html",
    429: "errors/too_many.html",
}


def init_error_pages(app: Flask) -> None:
    app.register_error_handler(ShopError, tell_the_person)
    app.register_error_handler(CSRFError, page_expired)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_away)
    app.register_error_handler(Exception, unexpected)


def tell_the_person(error: ShopError) -> ResponseReturnValue:
    """Show the error where the person is: on the page they acted on."""
    current_app.logger.info("refused code=%s path=%s", error.code, request.path)
    if is_for_programs():
        return problem_of(error)
    if wants_fragment():
        toast = render_template("shared/_toast.html", message=str(error), kind="rose")
        response = make_response(toast, error.status, retarget="#toasts", reswap="innerHTML")
        return _with_retry(response, error)
    if request.method == "GET" or isinstance(error, NotFound | NotAllowed | Busy | TooManyRequests):
        page = PAGES.get(error.status, "errors/shop_error.html")
        return _with_retry(
            current_app.make_response((render_template(page, error=error), error.status)), error
        )
    flash(str(error), "rose")
    return redirect(previous_page(), 303)


def _with_retry(response: ResponseReturnValue, error: ShopError) -> ResponseReturnValue:
    answer = current_app.make_response(response)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    elif isinstance(error, Busy):
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def previous_page() -> str:
    """Where the person came from, if that is a page of ours; else the home page."""
    parts = urlsplit(request.referrer or "")
    if parts.netloc == request.host and parts.path:
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return url_for("home.show")


def page_expired(error: CSRFError) -> ResponseReturnValue:
    return _error_page("errors/expired.html", 400, error=error)


def http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:
        return error
    if is_for_programs():
        return problem_of_http(error)
    page = PAGES.get(code, "errors/shop_error.html")
    return _error_page(page, code, error=error)


def database_away(error: OperationalError) -> ResponseReturnValue:
    """The database is down or stayed locked: say so, keep the trace in the log, recover by itself."""
    current_app.logger.error("database away: %s", error.orig)
    g.database_away = True  # the page that says so must not ask the database who is reading it
    return tell_the_person(Busy())


def unexpected(error: Exception) -> ResponseReturnValue:
    """A bug: a page with an incident number, and the full record in the log under that number."""
    incident = new_token()[:8]
    current_app.logger.error("incident %s on %s %s", incident, request.method, request.path, exc_info=error)
    db.session.rollback()
    if is_for_programs():
        return problem_of_bug(incident)
    return _error_page("errors/500.html", 500, incident=incident)


def _error_page(page: str, status: int, **context: object) -> ResponseReturnValue:
    g.error_status = status
    if wants_fragment():
        body = render_template("shared/_toast.html", message=_short_message(status), kind="rose")
        return make_response(body, status, retarget="#toasts", reswap="innerHTML")
    return render_template(page, status=status, **context), status


def _short_message(status: int) -> str:
    from flask_babel import gettext as _

    if status == 400:
        return _("页面放得太久了，刷新一下再试。")
    if status == 404:
        return str(NotFound())
    if status == 413:
        return _("文件太大了，请换一张小一点的。")
    return _("出了点问题，你的积分和订单都没动，请再试一次。")
