"""The door of the back office: refusals are counted, written down, and tell nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import StaffCredentialsWrong, TooManyRequests
from shop.extensions import db
from shop.models import AuditEntry
from shop.queries.members.logins import login_by_token
from shop.services.merchant.logins import TRIES_PER_ADDRESS, TRIES_PER_EMAIL, log_in_staff, log_out_staff
from tests.factories import MONDAY, PASSWORD, make_staff


def log_in(email, password=PASSWORD, *, address="192.0.2.7", now=MONDAY):
    return log_in_staff(email, password, address=address, device="test", now=now)


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_login_lasts_twelve_hours_and_not_a_second_more(app):
    make_staff("owner", email="zhou@shop.test")

    token = log_in("zhou@shop.test").token

    assert login_by_token(token, MONDAY + timedelta(hours=11, minutes=59)).role == "owner"
    assert login_by_token(token, MONDAY + timedelta(hours=12)) is None


def test_logging_out_ends_this_login_only(app):
    staff_id = make_staff("owner", email="zhou@shop.test")
    here, there = log_in("zhou@shop.test").token, log_in("zhou@shop.test").token

    log_out_staff(here, staff_id, MONDAY)

    assert login_by_token(here, MONDAY) is None
    assert login_by_token(there, MONDAY) is not None
    assert actions() == ["staff.log_in", "staff.log_in", "staff.log_out"]


def test_wrong_email_and_wrong_password_are_refused_alike_and_written_down(app):
    staff_id = make_staff("owner", email="zhou@shop.test")

    with pytest.raises(StaffCredentialsWrong) as wrong_password:
        log_in("zhou@shop.test", "wrong")
    with pytest.raises(StaffCredentialsWrong) as wrong_email:
        log_in("nobody@shop.test")

    assert str(wrong_password.value) == str(wrong_email.value)
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.action, row.staff_id) for row in rows] == [
        ("staff.log_in_refused", staff_id),
        ("staff.log_in_refused", None),
    ]
    assert "nobody" not in str([(row.subject, row.after) for row in rows])


def test_after_ten_failures_even_the_right_password_waits(app):
    make_staff("owner", email="zhou@shop.test")
    for number in range(TRIES_PER_EMAIL):
        with pytest.raises(StaffCredentialsWrong):
            log_in("zhou@shop.test", "wrong", address=f"192.0.2.{number}")

    with pytest.raises(TooManyRequests) as refused:
        log_in("zhou@shop.test")

    assert 0 < refused.value.retry_after_seconds <= 15 * 60
    later = MONDAY + timedelta(seconds=refused.value.retry_after_seconds)
    assert log_in("zhou@shop.test", now=later).token
    assert actions().count("staff.log_in_blocked") == 1


def test_one_address_cannot_try_many_emails(app):
    for number in range(TRIES_PER_ADDRESS):
        with pytest.raises(StaffCredentialsWrong):
            log_in(f"somebody{number}@shop.test")

    with pytest.raises(TooManyRequests):
        log_in("somebody@shop.test")
    with pytest.raises(StaffCredentialsWrong):
        log_in("somebody@shop.test", address="192.0.2.8")
