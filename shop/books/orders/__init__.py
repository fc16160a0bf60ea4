"""The order book: the only code that moves an order.  ``moves`` is the step itself, ``paying`` and ``endings`` what
belongs to it: points, stock, limits and the payment."""
