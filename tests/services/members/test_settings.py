"""What members set about themselves."""

from datetime import date

import pytest

from shop.errors import BirthdayFixed, PasswordTooCommon, TooManyRequests, WrongPassword
from shop.queries.members.logins import login_by_token
from shop.queries.members.profile import profile_of
from shop.services.members import settings
from shop.services.members.logins import log_in
from tests.factories import MONDAY, PASSWORD, make_member

PHONE = "+8613805712046"
TODAY = date(2026, 3, 2)


def open_login(password: str = PASSWORD) -> str:
    return log_in(PHONE, password, place="10.0.0.1", device="", now=MONDAY)


def test_a_birthday_changes_once_a_year(app):
    member_id = make_member()
    settings.set_birthday(member_id, date(1996, 11, 28), today=TODAY, now=MONDAY)

    with pytest.raises(BirthdayFixed) as refusal:
        settings.set_birthday(member_id, date(1996, 3, 3), today=date(2027, 3, 1), now=MONDAY)
    settings.set_birthday(member_id, date(1996, 3, 3), today=date(2027, 3, 2), now=MONDAY)

    assert refusal.value.free_on == date(2027, 3, 2)
    assert profile_of(member_id).birthday == date(1996, 3, 3)


def test_a_birthday_set_on_a_leap_day_is_free_again(app):
    member_id = make_member()
    settings.set_birthday(member_id, date(1996, 11, 28), today=date(2028, 2, 29), now=MONDAY)

    settings.set_birthday(member_id, date(1996, 11, 29), today=date(2029, 3, 1), now=MONDAY)

    assert profile_of(member_id).birthday == date(1996, 11, 29)


def test_a_new_password_ends_the_other_logins(app):
    member_id = make_member(phone=PHONE)
    here, there = open_login(), open_login()

    ended = settings.change_password(member_id, old=PASSWORD, new="a-long-walk-home", token=here, now=MONDAY)

    assert ended == 1
    assert login_by_token(here, MONDAY) is not None
    assert login_by_token(there, MONDAY) is None
    assert open_login("a-long-walk-home")


def test_the_old_password_must_be_right_and_guessing_ends(app):
    member_id = make_member(phone=PHONE)
    token = open_login()
    change = {"new": "a-long-walk-home", "token": token, "now": MONDAY}

    for _ in range(10):
        with pytest.raises(WrongPassword):
            settings.change_password(member_id, old="wrong", **change)

    with pytest.raises(TooManyRequests):
        settings.change_password(member_id, old=PASSWORD, **change)


def test_a_member_who_came_with_a_code_sets_a_first_password(app):
    member_id = make_member(phone=PHONE, password_hash=None)

    settings.change_password(member_id, old="", new="a-long-walk-home", token="none", now=MONDAY)

    assert open_login("a-long-walk-home")


def test_a_common_password_is_refused(app):
    member_id = make_member(phone=PHONE)

    with pytest.raises(PasswordTooCommon):
        settings.change_password(member_id, old=PASSWORD, new="password1", token="none", now=MONDAY)
