"""The figures of the back office's first page, each worked out from the entries and the orders."""

from shop.queries.merchant.dashboard.figures import Day, Figures, Source, figures
from shop.queries.merchant.dashboard.shelves import BestGood, Desk, LowStock, best_goods, desk

__all__ = ["BestGood", "Day", "Desk", "Figures", "LowStock", "Source", "best_goods", "desk", "figures"]
