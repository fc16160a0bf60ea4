"""How to look around the demo shop; a shop in production has no such people."""

from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from shop.crypto import blind_index
from shop.extensions import db
from shop.models import Member

FIRST_PHONE = "+8613800000001"
PHONES = tuple(f"+861380000000{number}" for number in range(1, 4))
PASSWORD = "shifen-demo"  # noqa: S105 -- of people who exist in the demo shop only


@dataclass(frozen=True)
class DemoLogin:
    """Someone of the demo shop whom anybody may be."""

    name: str
    phone: str
    password: str


def demo_logins() -> list[DemoLogin]:
    """The people of the demo shop, if this is one: empty in production and in a shop without them."""
    if current_app.config["IS_PRODUCTION"]:
        return []
    phones = {blind_index(phone): phone for phone in PHONES}
    rows = db.session.execute(select(Member.phone_index, Member.name).where(Member.phone_index.in_(phones)))
    found = {phones[row.phone_index]: row.name for row in rows}
    if FIRST_PHONE not in found:
        return []
    return [DemoLogin(found[phone], phone, PASSWORD) for phone in PHONES if phone in found]
