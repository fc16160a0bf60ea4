"""Delivery addresses of a member, unsealed."""

import json
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from shop.crypto import unseal
from shop.extensions import db
from shop.models import Address as AddressRow

SHOWN_MAX = 50


@dataclass(frozen=True)
class Address:
    """One delivery address.  The phone is in international form (+86…)."""

    id: int
    name: str
    phone: str
    region: str
    street: str
    is_default: bool


OF_MEMBER = (
    select(AddressRow.id, AddressRow.sealed, AddressRow.is_default)
    .where(AddressRow.member_id == bindparam("member_id"), AddressRow.deleted_at.is_(None))
    .order_by(AddressRow.is_default.desc(), AddressRow.id.desc())
    .limit(SHOWN_MAX)
)
ONE = OF_MEMBER.where(AddressRow.id == bindparam("address_id"))


def addresses_of(member_id: int) -> list[Address]:
    """All addresses of a member, the default one first, then the newest."""
    return [_address(*row) for row in db.session.execute(OF_MEMBER, {"member_id": member_id})]


def address_of(member_id: int, address_id: int) -> Address | None:
    """One address of this member; None when there is none, or when it is someone else's."""
    row = db.session.execute(ONE, {"member_id": member_id, "address_id": address_id}).one_or_none()
    return _address(*row) if row else None


def _address(address_id: int, sealed: str, is_default: bool) -> Address:
    parts = json.loads(unseal(sealed))
    return Address(
        id=address_id,
        name=parts["name"],
        phone=parts["phone"],
        region=parts["region"],
        street=parts["street"],
        is_default=is_default,
    )
