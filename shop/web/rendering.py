"""From a question to HTML: a whole page, or the part of it that htmx asked for."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, Response, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from jinja2 import Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from werkzeug.routing import BuildError

from shop.crypto import new_token
from shop.web import charts

THEMES = ("light", "dark")
LINKS_MAX = 4096


@dataclass(frozen=True)
class Tab:
    """One of the five places of the storefront."""

    name: str
    label: object
    icon: str
    endpoint: str


TABS = (
    Tab("home", _l("首页"), "house", "home.show"),
    Tab("draws", _l("抽奖"), "gift", "draws.index"),
    Tab("signin", _l("签到"), "calendar-check", "signin.show"),
    Tab("orders", _l("订单"), "package", "member_orders.index"),
    Tab("me", _l("我的"), "user-round", "member.show"),
)


class ImportedOnce(Template):
    """A template whose macros are made once: Jinja compares two sets of globals at each import, a tenth of a page."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()  # every template of this shop has the same globals


def init_rendering(app: Flask) -> None:
    """Give templates what every page needs, and tell caches that a fragment is not the page."""
    app.jinja_env.template_class = ImportedOnce
    app.jinja_env.globals.update(
        TABS=TABS,
        link=link,
        link_if_any=link_if_any,
        url_for=address,
        new_idempotency_key=new_token,
        page_csrf_token=page_csrf_token,
        page_theme=page_theme,
        plot_bars=charts.bar_chart,
        plot_lines=charts.line_chart,
        plot_ring=charts.ring,
    )
    app.after_request(vary_by_fragment)


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page.  A boosted link and a history restore need the whole of it."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page_or_fragment(page: str, fragment: str, **context: object) -> str:
    """The page, or only its fragment when htmx asked for that; both see the same context."""
    return render_template(fragment if wants_fragment() else page, **context)


def vary_by_fragment(response: Response) -> Response:
    """One address answers twice, with a page and with a fragment: no cache may mix them up."""
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response


@lru_cache(LINKS_MAX, typed=True)
def link(endpoint: str, **values: Any) -> str:
    """The address of a page, remembered: in loops ten times as fast as ``url_for``.  Raises BuildError."""
    return url_for(endpoint, **values)


def address(endpoint: str, **values: Any) -> str:
    """``url_for`` of the templates: remembered, unless the answer depends on the request.  Raises BuildError."""
    if endpoint.startswith(".") or "_external" in values:
        return url_for(endpoint, **values)
    try:
        return link(endpoint, **values)
    except TypeError:  # a list among the values cannot be remembered
        return url_for(endpoint, **values)


def link_if_any(endpoint: str, **values: Any) -> str:
    """The address of a page, or of the mall's home where this shop has no such page."""
    try:
        return link(endpoint, **values)
    except BuildError:
        return "/"


def page_theme() -> str:
    """The scheme that the person has chosen: light, dark, or nothing for the device's own."""
    for choice in (session.get("theme"), getattr(current_user, "theme", None)):
        if choice in THEMES:
            return str(choice)
    return ""


def page_csrf_token() -> str:
    """The token for requests that no form sends.  A visitor without a session gets none, and so no cookie."""
    has_session = bool(session) or current_user.is_authenticated
    return generate_csrf() if has_session else ""
