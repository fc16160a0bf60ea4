"""Everything that pages say in words of their own: each module here brings its filters."""

from flask import Flask

from shop.web.audit_texts import init_audit_texts
from shop.web.code_words import init_code_words
from shop.web.coupon_words import init_coupon_words
from shop.web.explanations import init_explanations
from shop.web.kind_words import init_kind_words
from shop.web.lapse_words import init_lapse_words
from shop.web.newcomer_words import init_newcomer_words
from shop.web.order_texts import init_order_texts
from shop.web.product_words import init_product_words
from shop.web.profile_words import init_profile_words
from shop.web.tier_texts import init_tier_texts

ALL = (
    init_audit_texts,
    init_code_words,
    init_coupon_words,
    init_explanations,
    init_kind_words,
    init_lapse_words,
    init_newcomer_words,
    init_order_texts,
    init_product_words,
    init_profile_words,
    init_tier_texts,
)


def init_words(app: Flask) -> None:
    """Attach the filters of every module that words something."""
    for init in ALL:
        init(app)
