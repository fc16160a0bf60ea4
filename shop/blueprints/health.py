"""Liveness and readiness, for whatever watches over the shop."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from shop.clock import now
from shop.queries.merchant.health import readiness

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers.  Touches nothing."""
    return {"status": "ok"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """The database answers, its migrations are current, and the worker's heart beats."""
    state = readiness(now())
    return {
        "status": "ok" if state.is_ready else "not ready",
        "checks": state.checks,
    }, 200 if state.is_ready else 503
