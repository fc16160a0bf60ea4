"""HTTP in, HTML out.  Each module holds one blueprint named ``bp``; the back office has its own package and guard."""

from importlib import import_module

from flask import Flask

STOREFRONT: tuple[str, ...] = (
    "health",
    "face",
    "api",
    "cart",
    "checkout",
    "one_tap",
    "payments",
    "orders",
    "member_orders",
    "sandbox_pay",
    "rules",
    "member_tier",
    "member_points",
    "home",
    "catalogue",
    "coupons",
    "watches",
    "invite",
    "codes",
    "media",
    "signin",
    "draws",
    "auth",
    "language",
    "member",
    "member_addresses",
    "member_coupons",
    "member_notifications",
    "member_settings",
)
MERCHANT: tuple[str, ...] = (
    "signin",
    "draws",
    "coupons",
    "codes",
    "referrals",
    "gifts",
    "products",
    "product_stock",
    "categories",
    "stores",
    "rulebook",
    "presets",
    "approvals",
    "rulebook_rules",
    "simulations",
    "login",
    "dashboard",
    "orders",
    "verify",
    "purchases",
    "staff",
    "audit",
    "members",
    "imports",
    "setup",
    "member_tiers",
    "member_points",
    "settings",
    "developers",
)


def register_blueprints(app: Flask) -> None:
    """Register every blueprint: the shop front at the root, the back office under /merchant."""
    for name in STOREFRONT:
        app.register_blueprint(import_module(f"shop.blueprints.{name}").bp)
    for name in MERCHANT:
        app.register_blueprint(import_module(f"shop.blueprints.merchant.{name}").bp, url_prefix="/merchant")
