"""A member's address book.  Whatever is done to an address names its owner: a foreign one is not found."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, insert, select, update

from shop.crypto import seal, unseal
from shop.errors import AddressBookFull, NotFound
from shop.extensions import db
from shop.models import Address, Member
from shop.transaction import transaction

ADDRESSES_MAX = 20
QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Destination:
    """Who gets a parcel, and where.  ``phone`` is in international form."""

    name: str
    phone: str
    region: str
    street: str


def add_address(member_id: int, destination: Destination, *, is_default: bool, now: datetime) -> int:
    """Add an address and return its id.  The first one of a member is the default.

    The same address sent again, even at the same moment, stands in the book once.  Raises AddressBookFull.
    """
    with transaction():
        _lock_book(member_id)
        known = _known(member_id)
        address_id = known.get(destination) or _insert(member_id, destination, len(known), now)
        if is_default or not known:
            _make_default(member_id, address_id)
        return address_id


def _insert(member_id: int, destination: Destination, known: int, now: datetime) -> int:
    if known >= ADDRESSES_MAX:
        raise AddressBookFull(ADDRESSES_MAX)
    row = {"member_id": member_id, "sealed": _sealed(destination), "created_at": now}
    return int(db.session.execute(insert(Address).values(row).returning(Address.id)).scalar_one())


def change_address(member_id: int, address_id: int, destination: Destination, *, is_default: bool) -> None:
    """Replace an address.  Orders keep the copy they were placed with.  Raises NotFound."""
    with transaction():
        _lock_book(member_id)
        _update(member_id, address_id, sealed=_sealed(destination))
        if is_default:
            _make_default(member_id, address_id)


def make_default(member_id: int, address_id: int) -> None:
    """Let checkout propose this address first.  A repeat changes nothing.  Raises NotFound."""
    with transaction():
        _lock_book(member_id)
        _update(member_id, address_id, is_default=True)
        _make_default(member_id, address_id)


def delete_address(member_id: int, address_id: int, now: datetime) -> None:
    """Take an address out of the book; if it was the default, the newest of the others is.  Raises NotFound."""
    with transaction():
        _lock_book(member_id)
        was_default = _is_default(member_id, address_id)
        _update(member_id, address_id, deleted_at=now, sealed=seal("{}"), is_default=False)
        newest = db.session.scalar(select(func.max(Address.id)).where(*_living(member_id)))
        if was_default and newest is not None:
            _make_default(member_id, newest)


def _lock_book(member_id: int) -> None:
    """One change of a member's book at a time, so that there is never more than one default."""
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())


def _living(member_id: int) -> tuple[ColumnElement[bool], ...]:
    return Address.member_id == member_id, Address.deleted_at.is_(None)


def _known(member_id: int) -> dict[Destination, int]:
    """The addresses of the book, unsealed: two seals of one text are never alike, so the database cannot compare."""
    rows = db.session.execute(select(Address.sealed, Address.id).where(*_living(member_id)))
    return {Destination(**json.loads(unseal(row.sealed))): row.id for row in rows}


def _is_default(member_id: int, address_id: int) -> bool:
    statement = select(Address.is_default).where(*_living(member_id), Address.id == address_id)
    return bool(db.session.scalar(statement))


def _update(member_id: int, address_id: int, **values: object) -> None:
    statement = update(Address).where(*_living(member_id), Address.id == address_id).values(**values)
    if not db.session.execute(statement, execution_options=QUIET).rowcount:  # type: ignore[attr-defined]
        raise NotFound


def _make_default(member_id: int, address_id: int) -> None:
    statement = update(Address).where(*_living(member_id)).values(is_default=Address.id == address_id)
    db.session.execute(statement, execution_options=QUIET)


def _sealed(destination: Destination) -> str:
    return seal(json.dumps(asdict(destination), ensure_ascii=False))
