"""Shared HTTP craft: rendering, assets, errors, guards, headers, filters."""

from flask import Flask


def init_web(app: Flask) -> None:
    """Attach everything that each request needs."""
    from shop.web import assets, error_pages, explanations, filters, guards, headers, languages, rendering

    assets.init_assets(app)
    filters.init_filters(app)
    explanations.init_explanations(app)
    languages.init_languages(app)
    rendering.init_rendering(app)
    guards.init_guards(app)
    headers.init_headers(app)
    error_pages.init_error_pages(app)
