"""One phone is one member, however often and however quickly it registers."""

from functools import partial

import pytest
from sqlalchemy import func, select

from shop.crypto import unseal
from shop.errors import PasswordTooCommon, PhoneTaken, TooManyRequests
from shop.extensions import db
from shop.models import Login, Member, OutboxEvent, PointsAccount
from shop.reactions.dispatch import work_off_outbox
from shop.services.members import registration
from shop.services.members.passwords import is_too_common
from tests.factories import MONDAY, ensure_rulebook, make_member
from tests.races import errors_of, results_of, run_together

PHONE = "+8613805712046"
GOOD = "a-long-walk-home"


def register(phone: str = PHONE, password: str = GOOD, place: str = "10.0.0.1") -> str:
    return registration.register(phone, password, name="林小满", place=place, device="", now=MONDAY)


@pytest.fixture(autouse=True)
def rulebook(app):
    ensure_rulebook()


def test_registering_makes_a_member_an_account_and_a_login():
    register()

    member = db.session.scalars(select(Member)).one()
    assert unseal(member.phone_sealed) == PHONE
    assert PHONE[3:] not in member.phone_sealed
    assert member.phone_last4 == "2046"
    assert member.tier_code == "sprout"
    assert db.session.scalars(select(PointsAccount)).one().member_id == member.id
    assert db.session.scalars(select(Login)).one().member_id == member.id


def test_a_newcomer_is_welcomed_once():
    register()

    work_off_outbox(MONDAY)
    work_off_outbox(MONDAY)

    assert set(db.session.scalars(select(OutboxEvent.state))) == {"done"}


def test_a_second_registration_of_a_phone_is_refused():
    make_member(phone=PHONE)

    with pytest.raises(PhoneTaken):
        register()

    assert db.session.scalar(select(func.count()).select_from(Member)) == 1


def test_twenty_registrations_of_one_phone_at_once_make_one_member():
    outcomes = run_together([partial(register, place=f"10.0.0.{number}") for number in range(20)])

    assert len(results_of(outcomes)) == 1
    assert all(isinstance(error, PhoneTaken) for error in errors_of(outcomes))
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1
    assert db.session.scalar(select(func.count()).select_from(PointsAccount)) == 1


@pytest.mark.parametrize(
    "password", ["password123", "12345678", "88888888", "abcdefgh", "Woaini520", "qwertyuiop"]
)
def test_common_passwords_are_refused(password):
    with pytest.raises(PasswordTooCommon):
        register(password=password)


def test_the_password_of_the_demo_is_not_common():
    assert not is_too_common("shifen-demo")


def test_one_place_cannot_register_without_end():
    for number in range(60):
        register(phone=f"+86139{number:08d}")

    with pytest.raises(TooManyRequests) as refusal:
        register(phone="+8613900009999")

    assert 0 < refusal.value.retry_after_seconds <= 3600
