"""The world outside, behind one small Protocol each; chosen by the settings when the application is made."""

from flask import Flask


def init_adapters(app: Flask) -> None:
    """Choose the payment provider, the messenger and the storage of this shop."""
    from shop.adapters.messaging import init_messaging
    from shop.adapters.payments import init_payments
    from shop.adapters.storage import init_storage

    init_payments(app)
    init_messaging(app)
    init_storage(app)
