"""The code that was sent last, for developers: a shop in production never tells."""

from flask import current_app
from sqlalchemy import select

from shop.crypto import unseal
from shop.extensions import db
from shop.models import OutboxEvent


def code_for_developers(code_id: int) -> str | None:
    """The digits of a code, read from its sealed event, so that any process can show them.  None in production."""
    if current_app.config["IS_PRODUCTION"]:
        return None
    statement = select(OutboxEvent.payload).where(OutboxEvent.key == f"login-code:{code_id}")
    payload = db.session.scalar(statement)
    return unseal(payload["code_sealed"]) if payload else None
