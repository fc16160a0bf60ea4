"""Shared HTTP craft: rendering, assets, errors, guards, headers, filters."""

from flask import Flask


def init_web(app: Flask) -> None:
    """Attach everything that each request needs."""
    from shop.web import (
        assets,
        devices,
        error_pages,
        face,
        filters,
        guards,
        headers,
        languages,
        merchant_filters,
        merchant_menu,
        pagination,
        pictures,
        product_cards,
        rendering,
        rich_text,
        translating,
        words,
    )

    app.url_map.converters["int"] = pagination.RowId
    assets.init_assets(app)
    filters.init_filters(app)
    words.init_words(app)
    devices.init_devices(app)
    languages.init_languages(app)
    translating.init_translating(app)
    rendering.init_rendering(app)
    face.init_face(app)
    pictures.init_pictures(app)
    product_cards.init_product_cards(app)
    rich_text.init_rich_text(app)
    guards.init_guards(app)
    merchant_filters.init_merchant_filters(app)
    merchant_menu.init_merchant_menu(app)
    headers.init_headers(app)
    error_pages.init_error_pages(app)
