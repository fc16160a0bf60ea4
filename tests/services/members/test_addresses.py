"""The address book: sealed, at most one default, and everyone's own."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from shop.errors import AddressBookFull, NotFound
from shop.extensions import db
from shop.models import Address
from shop.queries.members.addresses import address_of, addresses_of
from shop.services.members import addresses
from shop.services.members.addresses import ADDRESSES_MAX, Destination
from tests.factories import MONDAY, make_member
from tests.races import results_of, run_together

HOME = Destination(
    name="林小满", phone="+8613805712046", region="浙江省 杭州市 拱墅区", street="小河路 12 号 3 幢 501"
)
WORK = Destination(name="林小满", phone="+8613805712046", region="浙江省 杭州市 西湖区", street="文三路 8 号")


def add(member_id: int, destination: Destination = HOME, *, is_default: bool = False) -> int:
    return addresses.add_address(member_id, destination, is_default=is_default, now=MONDAY)


def room(number: int) -> Destination:
    return replace(HOME, street=f"小河路 12 号 3 幢 {number}")


def defaults_of(member_id: int) -> list[int]:
    return [address.id for address in addresses_of(member_id) if address.is_default]


def test_the_first_address_is_the_default(app):
    member_id = make_member()

    first, _second = add(member_id), add(member_id, WORK)

    assert defaults_of(member_id) == [first]


def test_the_same_address_twenty_times_at_once_stands_in_the_book_once(app):
    member_id = make_member()

    outcomes = run_together([partial(add, member_id)] * 20)

    assert len(set(results_of(outcomes))) == 1
    assert len(addresses_of(member_id)) == 1


def test_an_address_is_kept_sealed(app):
    member_id = make_member()
    address_id = add(member_id)

    sealed = db.session.scalars(select(Address.sealed)).one()
    assert "小河路" not in sealed
    assert address_of(member_id, address_id).street == HOME.street


def test_another_default_replaces_the_first(app):
    member_id = make_member()
    add(member_id)
    second = add(member_id, WORK, is_default=True)

    assert defaults_of(member_id) == [second]


def test_twenty_defaults_at_once_leave_one(app):
    member_id = make_member()
    ids = [add(member_id, room(number)) for number in range(5)]

    run_together([partial(addresses.make_default, member_id, ids[number % 5]) for number in range(20)])

    assert len(defaults_of(member_id)) == 1


def test_when_the_default_goes_the_newest_of_the_others_takes_its_place(app):
    member_id = make_member()
    first, _second, third = (add(member_id, room(number)) for number in range(3))

    addresses.delete_address(member_id, first, MONDAY)

    assert defaults_of(member_id) == [third]
    assert address_of(member_id, first) is None


def test_a_deleted_address_leaves_nothing_personal_behind(app):
    member_id = make_member()
    address_id = add(member_id)
    before = db.session.scalars(select(Address.sealed)).one()

    addresses.delete_address(member_id, address_id, MONDAY)

    db.session.rollback()
    assert db.session.scalars(select(Address.sealed)).one() != before
    with pytest.raises(NotFound):
        addresses.delete_address(member_id, address_id, MONDAY)


def test_the_book_has_a_last_page(app):
    member_id = make_member()
    for number in range(ADDRESSES_MAX):
        add(member_id, room(number))

    with pytest.raises(AddressBookFull):
        add(member_id)


@pytest.mark.parametrize(
    "deed",
    [
        lambda owner, address_id: addresses.change_address(owner, address_id, WORK, is_default=True),
        addresses.make_default,
        lambda owner, address_id: addresses.delete_address(owner, address_id, MONDAY),
    ],
)
def test_an_address_of_someone_else_is_not_found(app, deed):
    owner, stranger = make_member(), make_member()
    address_id = add(owner)

    with pytest.raises(NotFound):
        deed(stranger, address_id)

    assert address_of(stranger, address_id) is None
    assert address_of(owner, address_id).street == HOME.street
