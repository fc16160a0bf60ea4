"""Payment providers by name.  A new provider is one module with the Protocol of ``base.py`` and one line here."""

from collections.abc import Mapping

from flask import Flask, current_app

from shop.adapters.payments.base import Bill, CashBack, Notice, PaymentProvider
from shop.adapters.payments.sandbox import SandboxProvider

__all__ = ["Bill", "CashBack", "Notice", "PaymentProvider", "SandboxProvider", "init_payments", "providers"]


def init_payments(app: Flask) -> None:
    """Choose this shop's providers.

    In production the sandbox, which takes no money, exists only when SANDBOX_PAYMENT_KEY was set on purpose.
    """
    chosen: dict[str, PaymentProvider] = {}
    key = app.config["SANDBOX_PAYMENT_KEY"]
    is_default_key = key == f"sandbox:{app.config['SECRET_KEY']}"
    if not (app.config["IS_PRODUCTION"] and is_default_key):
        sandbox = SandboxProvider(key)
        chosen[sandbox.name] = sandbox
    app.extensions["payment_providers"] = chosen


def providers() -> Mapping[str, PaymentProvider]:
    """The providers of this shop, in the order in which the cashier offers them."""
    chosen: Mapping[str, PaymentProvider] = current_app.extensions["payment_providers"]
    return chosen


def sandbox() -> SandboxProvider | None:
    """The sandbox, if this shop has it: for the pages of its own cashier."""
    provider = providers().get(SandboxProvider.name)
    return provider if isinstance(provider, SandboxProvider) else None
