"""Who may do what.  The back office allows nothing by default: every view of it names the roles that may use it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from htmx_flask import make_response
from werkzeug.exceptions import BadRequest, NotFound, UnsupportedMediaType

from shop.errors import NotAllowed
from shop.extensions import csrf, login
from shop.web.application import in_back_office
from shop.web.rendering import wants_fragment

OWNER, EDITOR, CASHIER, SUPPORT = "owner", "editor", "cashier", "support"
EVERYONE = (OWNER, EDITOR, CASHIER, SUPPORT)
PUBLIC_MERCHANT = frozenset({"merchant_login.show", "merchant_login.create", "merchant_login.invitation",
                             "merchant_login.set_password"})  # fmt: skip
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., ResponseReturnValue]


def init_guards(app: Flask) -> None:
    login.unauthorized_handler(send_to_login)
    app.before_request(refuse_odd_addresses)
    app.before_request(refuse_cross_site)
    app.before_request(refuse_other_bodies)
    app.before_request(guard_back_office)


def roles(*allowed: str) -> Callable[[View], View]:
    """Name the roles that may use a back-office view.  Others get NotAllowed (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*arguments: Any, **values: Any) -> ResponseReturnValue:
            if current_user.role not in allowed:
                raise NotAllowed
            return view(*arguments, **values)

        guarded.allowed_roles = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def guard_back_office() -> ResponseReturnValue | None:
    """Deny by default: no login, no page; and a view that names no roles is for nobody."""
    if not in_back_office() or request.endpoint is None or request.endpoint in PUBLIC_MERCHANT:
        return None
    if not current_user.is_authenticated:
        return send_to_login()
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "allowed_roles"):
        raise NotAllowed
    return None


def refuse_odd_addresses() -> None:
    """No address of ours has a zero byte in it, and no database would look one up."""
    if "\0" in request.path:
        raise NotFound


def refuse_cross_site() -> None:
    """A browser says where a request comes from; a change asked for by another site is refused (ASVS 3.5.1).

    Server-to-server notices are exempt by name, like from the CSRF token: their signature is checked instead.
    """
    if request.method in SAFE_METHODS or request.headers.get("Sec-Fetch-Site") != "cross-site":
        return
    if not _comes_from_a_server():
        raise BadRequest


def refuse_other_bodies() -> None:
    """Forms come as forms.  JSON would reach their fields as numbers and lists, which no browser sends."""
    if request.method not in SAFE_METHODS and request.is_json and not _comes_from_a_server():
        raise UnsupportedMediaType


def _comes_from_a_server() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return view is not None and f"{view.__module__}.{view.__name__}" in csrf._exempt_views


def send_to_login() -> ResponseReturnValue:
    """To the login page of this side, and back here afterwards."""
    endpoint = "merchant_login.show" if in_back_office() else "auth.login"
    if request.method == "GET":
        session["next"] = request.full_path.rstrip("?")
    target = url_for(endpoint)
    if wants_fragment():
        return make_response("", 401, redirect=target)
    return redirect(target, 303)


def next_page(default: str) -> str:
    """Where to go after logging in: the page that asked for it, kept in the session (never taken from the request)."""
    return str(session.pop("next", "") or default)
