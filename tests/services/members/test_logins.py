"""Logging in with a password, and ending logins."""

from functools import partial

import pytest

from shop.errors import MemberSuspended, NotFound, TooManyRequests, WrongCredentials
from shop.queries.members.logins import devices_of, login_by_token
from shop.services.members import logins
from tests.factories import MONDAY, PASSWORD, make_member
from tests.races import errors_of, run_together

PHONE = "+8613805712046"


def log_in(phone: str = PHONE, password: str = PASSWORD, place: str = "10.0.0.1") -> str:
    return logins.log_in(phone, password, place=place, device="", now=MONDAY)


def test_the_right_password_opens_a_login(app):
    member_id = make_member(phone=PHONE)

    token = log_in()

    found = login_by_token(token, MONDAY)
    assert found is not None
    assert found.owner_id == member_id


def test_unknown_phone_and_wrong_password_get_the_same_answer(app):
    make_member(phone=PHONE)

    with pytest.raises(WrongCredentials) as wrong:
        log_in(password="something else")
    with pytest.raises(WrongCredentials) as unknown:
        log_in(phone="+8613900000000")

    assert str(wrong.value) == str(unknown.value)


def test_a_member_without_password_cannot_log_in_with_one(app):
    make_member(phone=PHONE, password_hash=None)

    with pytest.raises(WrongCredentials):
        log_in()


def test_a_suspended_member_learns_it_only_with_the_right_password(app):
    make_member(phone=PHONE, state="suspended")

    with pytest.raises(MemberSuspended):
        log_in()
    with pytest.raises(WrongCredentials):
        log_in(password="something else")


def test_failed_tries_of_a_phone_are_counted_from_everywhere(app):
    make_member(phone=PHONE)

    tries = [partial(log_in, password="wrong", place=f"10.0.0.{number}") for number in range(40)]
    outcomes = run_together(tries)

    refused = [error for error in errors_of(outcomes) if isinstance(error, TooManyRequests)]
    assert len(refused) == 10
    with pytest.raises(TooManyRequests):
        log_in()


def test_logging_out_ends_the_login_and_only_this_one(app):
    make_member(phone=PHONE)
    here, there = log_in(), log_in()

    logins.log_out(here, MONDAY)

    assert login_by_token(here, MONDAY) is None
    assert login_by_token(there, MONDAY) is not None


def test_all_other_devices_can_be_ended(app):
    member_id = make_member(phone=PHONE)
    here, there = log_in(), log_in()

    assert logins.end_other_devices(member_id, here, MONDAY) == 1

    assert login_by_token(there, MONDAY) is None
    assert [device.login_id for device in devices_of(member_id, MONDAY)] == [
        login_by_token(here, MONDAY).login_id
    ]


def test_nobody_ends_a_login_of_someone_else(app):
    make_member(phone=PHONE)
    stranger_id = make_member()
    token = log_in()

    with pytest.raises(NotFound):
        logins.end_device(stranger_id, login_by_token(token, MONDAY).login_id, MONDAY)

    assert login_by_token(token, MONDAY) is not None
