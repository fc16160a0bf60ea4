"""One order: ``detail`` is what a page shows, ``parts`` what belongs to it."""

from shop.queries.orders.order.detail import OrderDetail, order_for_staff, order_of_member
from shop.queries.orders.order.parts import LineView

__all__ = ["LineView", "OrderDetail", "order_for_staff", "order_of_member"]
