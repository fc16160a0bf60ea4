"""拾分 Shifen: settings in, application out."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from shop import extensions
from shop.config import Settings, read_settings
from shop.database import engine_options, prepare_engine, write_lock

REQUEST_BYTES_MAX = 12 * 1024 * 1024
FORM_FIELD_BYTES_MAX = 256 * 1024


def create_app(settings: Settings | None = None, **overrides: Any) -> Flask:
    """Build one shop.  ``overrides`` replace entries of the Flask configuration (tests).  Raises SettingInvalid."""
    from shop.web.application import ShopFlask

    settings = settings or read_settings()
    app = ShopFlask("shop", instance_path=str(settings.instance_folder), static_folder=None)
    app.config.update(_flask_config(settings))
    app.config.update(overrides)
    _bind_extensions(app)
    _bind_shop(app)
    _believe_proxies(app, settings.trusted_proxies)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    return {
        "SETTINGS": settings,
        "SECRET_KEY": settings.secret_key,
        "DATA_KEY": settings.data_key,
        "SHOP_ZONE": settings.shop_zone,
        "SHOP_NAME": settings.shop_name,
        "FACE_STAMP": settings.instance_folder / "face.stamp",
        "SHOP_URL": settings.shop_url,
        "MEDIA_FOLDER": settings.media_folder,
        "SANDBOX_PAYMENT_KEY": settings.sandbox_payment_key,
        "IS_PRODUCTION": settings.is_production,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "WRITE_LOCK": write_lock(settings.database_url),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.is_production,
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=90),
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": REQUEST_BYTES_MAX,
        "MAX_FORM_MEMORY_SIZE": FORM_FIELD_BYTES_MAX,
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
        "TEMPLATES_AUTO_RELOAD": not settings.is_production,
    }


def _believe_proxies(app: Flask, count: int) -> None:
    """Take address, scheme and host from the last ``count`` proxies in front of us; from nobody when there is none."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _bind_extensions(app: Flask) -> None:
    from shop import models  # noqa: F401  (registers every table)
    from shop.web.languages import choose_locale
    from shop.web.logins import load_user

    extensions.htmx.init_app(app)  # first: it replaces app.request_class
    extensions.db.init_app(app)
    extensions.migrate.init_app(app, extensions.db, render_as_batch=True, compare_type=True)
    extensions.csrf.init_app(app)
    extensions.login.init_app(app)
    extensions.login.user_loader(load_user)
    extensions.babel.init_app(app, locale_selector=choose_locale)
    prepare_engine(app)


def _bind_shop(app: Flask) -> None:
    from shop.adapters import init_adapters
    from shop.blueprints import register_blueprints
    from shop.cli import register_commands
    from shop.web import init_web

    init_adapters(app)
    init_web(app)
    register_blueprints(app)
    register_commands(app)
