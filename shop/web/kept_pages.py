"""Pages and parts of pages that are the same for everybody, kept as HTML.

Their key holds everything they were made from, so nothing ever waits for time to pass.  They hold nothing of a member
and no token: only a visitor without a session gets a kept page.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from flask import Response, current_app, make_response, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user
from markupsafe import Markup

from shop.queries.catalogue.categories import CategoryEntry
from shop.queries.catalogue.shelf import ShelfQuery
from shop.web.face import shop_face

PAGES_KEPT = 128
FILTERS_KEPT = 256


@dataclass(frozen=True)
class KeptPage:
    """A page, and the mark by which a browser asks whether it still has it."""

    html: str
    etag: str


class KeptPages:
    """So many pages, the ones asked for last."""

    def __init__(self, size: int) -> None:
        self._size, self._pages, self._lock = size, OrderedDict[Hashable, KeptPage](), Lock()

    def get(self, key: Hashable) -> KeptPage | None:
        with self._lock:
            if page := self._pages.get(key):
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, html: str) -> KeptPage:
        page = KeptPage(html, hashlib.sha256(html.encode()).hexdigest()[:24])
        with self._lock:
            self._pages[key] = page
            if len(self._pages) > self._size:
                self._pages.popitem(last=False)
        return page


pages = KeptPages(PAGES_KEPT)


def same_for_visitors(made_from: Hashable, render: Callable[[], str]) -> ResponseReturnValue:
    """A page that is the same for every visitor without a session; ``made_from`` is all that it shows.

    Others, and developers whose templates reload, get it rendered.
    """
    if session or current_user.is_authenticated or current_app.jinja_env.auto_reload:
        return render()
    key = (request.path, str(get_locale()), shop_face(), made_from)
    page = pages.get(key)
    if page is None:
        html = render()
        if session:  # rendering has begun a session: the page may hold its token
            return html
        page = pages.keep(key, html)
    return _answer(page)


def shelf_filter(
    asked: ShelfQuery, search_text: str, categories: tuple[CategoryEntry, ...], back_url: str = ""
) -> Markup:
    """The search, categories and filters above the shelf."""
    return _filter(
        asked, search_text, categories, back_url, bool(current_user.is_authenticated), str(get_locale())
    )


@lru_cache(maxsize=FILTERS_KEPT)
def _filter(
    asked: ShelfQuery,
    search_text: str,
    categories: tuple[CategoryEntry, ...],
    back_url: str,
    _is_member: bool,
    _language: str,
) -> Markup:
    context = {
        "asked": asked,
        "search_text": search_text,
        "categories": categories,
        "back_url": back_url,
    }
    return Markup(render_template("catalogue/_filter.html", **context))  # noqa: S704  (a template of ours)


def _answer(page: KeptPage) -> Response:
    response = make_response(page.html)
    response.set_etag(page.etag, weak=True)
    response.vary.add("Cookie")
    response.vary.add("Accept-Language")
    response.make_conditional(request)
    return response
