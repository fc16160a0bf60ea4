"""A stage for the look alone: the real layouts, macros, filters and assets, without a database or a member."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from werkzeug.serving import make_server

from shop.rules.merchant.colours import BRAND_HUE, SPARK_HUE
from shop.web import assets, filters, kind_words, languages, rendering
from shop.web.face import Face
from shop.web.headers import CONTENT_POLICY

NO_PAGES: Mapping[str, str] = {}


def make_stage(pages: Mapping[str, str] = NO_PAGES, *, folder: Path | None = None) -> Flask:
    """An application that knows these templates beside the shop's own.  Routes are added by the test."""
    app = Flask("shop", static_folder=None)
    app.config.update(
        TESTING=True,
        SECRET_KEY="a secret for the stage",
        IS_PRODUCTION=False,
        SHOP_NAME="半日生活",
        SHOP_ZONE=ZoneInfo("Asia/Shanghai"),
    )
    own = [DictLoader(pages), *([FileSystemLoader(folder)] if folder else [])]
    app.jinja_loader = ChoiceLoader([*own, app.jinja_loader])
    login = LoginManager(app)
    login.user_loader(lambda _token: None)
    Babel(app, default_locale=languages.SIMPLIFIED, locale_selector=languages.choose_locale)
    CSRFProtect(app)
    assets.init_assets(app)
    filters.init_filters(app)
    kind_words.init_kind_words(app)
    languages.init_languages(app)
    rendering.init_rendering(app)
    app.jinja_env.globals["shop_face"] = lambda: Face("半日生活", "", BRAND_HUE, SPARK_HUE)
    app.after_request(_guarded)
    return app


def _guarded(response):
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


@contextmanager
def open_stage(app: Flask) -> Iterator[str]:
    """Serve the stage on a free port; gives its origin."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
