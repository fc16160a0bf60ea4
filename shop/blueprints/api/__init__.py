"""The JSON interface for programs, under /api/v1: one module per area, in the order of the docs page."""

from importlib import import_module

from shop.blueprints.api.frame import bp

AREAS = ("members", "points", "purchases", "redemptions", "catalogue", "orders", "rulebook", "documents")
for name in AREAS:
    import_module(f"shop.blueprints.api.{name}")

__all__ = ["bp"]
