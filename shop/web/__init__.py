"""Shared HTTP craft: rendering, assets, errors, guards, headers, filters."""

from flask import Flask


def init_web(app: Flask) -> None:
    """Attach everything that each request needs."""
    from shop.web import (
        assets,
        audit_texts,
        devices,
        error_pages,
        explanations,
        face,
        filters,
        guards,
        headers,
        languages,
        lapse_words,
        merchant_filters,
        merchant_menu,
        order_texts,
        pagination,
        pictures,
        product_cards,
        product_words,
        rendering,
        rich_text,
        tier_texts,
        translating,
    )

    app.url_map.converters["int"] = pagination.RowId
    assets.init_assets(app)
    filters.init_filters(app)
    devices.init_devices(app)
    explanations.init_explanations(app)
    lapse_words.init_lapse_words(app)
    languages.init_languages(app)
    translating.init_translating(app)
    rendering.init_rendering(app)
    face.init_face(app)
    pictures.init_pictures(app)
    product_cards.init_product_cards(app)
    product_words.init_product_words(app)
    rich_text.init_rich_text(app)
    tier_texts.init_tier_texts(app)
    guards.init_guards(app)
    audit_texts.init_audit_texts(app)
    merchant_filters.init_merchant_filters(app)
    merchant_menu.init_merchant_menu(app)
    order_texts.init_order_texts(app)
    headers.init_headers(app)
    error_pages.init_error_pages(app)
