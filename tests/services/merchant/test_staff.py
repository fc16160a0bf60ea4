"""Colleagues come, change their role and go; somebody always stays who may do everything."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.errors import (
    InvalidInput,
    InvitationEnded,
    LastOwner,
    NotFound,
    PasswordTooCommon,
    StaffCredentialsWrong,
    StaffEmailTaken,
)
from shop.extensions import db
from shop.models import AuditEntry, Member, PointsEntry, Staff
from shop.queries.members.logins import login_by_token
from shop.queries.merchant.staff import invited_by
from shop.services.merchant.logins import log_in_staff, set_staff_password
from shop.services.merchant.members import suspend_member
from shop.services.merchant.staff import (
    change_role,
    create_staff,
    disable_staff,
    enable_staff,
    invite_again,
    invite_by_email,
)
from shop.services.points.adjusting import adjust_points
from tests.factories import MONDAY, PASSWORD, make_member, make_staff
from tests.races import errors_of, results_of, run_together

NEW_PASSWORD = "a quiet river at noon"


def log_in(email, password=PASSWORD, now=MONDAY):
    return log_in_staff(email, password, address="192.0.2.7", device="test", now=now)


def staff(staff_id):
    db.session.rollback()
    return db.session.get_one(Staff, staff_id)


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_an_invited_colleague_sets_a_password_once_and_is_in(app):
    owner = make_staff("owner")
    invitation = create_staff(" Lu@Shop.Test ", "小陆", "cashier", by_staff_id=owner, now=MONDAY)
    assert invited_by(invitation.token, MONDAY).email == "lu@shop.test"

    opened = set_staff_password(invitation.token, NEW_PASSWORD, device="till", now=MONDAY)

    assert login_by_token(opened.token, MONDAY).role == "cashier"
    assert log_in("LU@shop.test", NEW_PASSWORD).staff_id == invitation.staff_id
    assert invited_by(invitation.token, MONDAY) is None
    with pytest.raises(InvitationEnded):
        set_staff_password(invitation.token, "another password", device="till", now=MONDAY)
    assert actions()[:2] == ["staff.create", "staff.set_password"]


def test_a_link_ends_after_two_days(app):
    invitation = create_staff("lu@shop.test", "小陆", "cashier", by_staff_id=None, now=MONDAY)

    with pytest.raises(InvitationEnded):
        set_staff_password(invitation.token, NEW_PASSWORD, device="", now=MONDAY + timedelta(hours=48))

    assert staff(invitation.staff_id).password_hash is None


def test_a_new_link_ends_the_one_before_and_a_common_password_is_refused(app):
    first = create_staff("lu@shop.test", "小陆", "cashier", by_staff_id=None, now=MONDAY)
    second = invite_again(first.staff_id, by_staff_id=None, now=MONDAY)

    with pytest.raises(InvitationEnded):
        set_staff_password(first.token, NEW_PASSWORD, device="", now=MONDAY)
    with pytest.raises(PasswordTooCommon):
        set_staff_password(second.token, "12345678", device="", now=MONDAY)

    assert set_staff_password(second.token, NEW_PASSWORD, device="", now=MONDAY).staff_id == first.staff_id


def test_twenty_uses_of_one_link_at_once_open_one_login(app):
    invitation = create_staff("lu@shop.test", "小陆", "owner", by_staff_id=None, now=MONDAY)

    outcomes = run_together(
        [lambda: set_staff_password(invitation.token, NEW_PASSWORD, device="", now=MONDAY)] * 20
    )

    assert len(results_of(outcomes)) == 1
    assert {type(error) for error in errors_of(outcomes)} == {InvitationEnded}


def test_an_email_belongs_to_one_colleague_even_when_invited_twice_at_once(app):
    outcomes = run_together(
        [lambda: create_staff("lu@shop.test", "小陆", "cashier", by_staff_id=None, now=MONDAY)] * 8
    )

    assert len(results_of(outcomes)) == 1
    assert {type(error) for error in errors_of(outcomes)} == {StaffEmailTaken}
    assert db.session.scalar(select(func.count()).select_from(Staff)) == 1
    assert actions() == ["staff.create"]


def test_an_unknown_role_or_person_is_refused(app):
    owner = make_staff("owner")

    with pytest.raises(InvalidInput):
        create_staff("lu@shop.test", "小陆", "admin", by_staff_id=owner, now=MONDAY)
    with pytest.raises(InvalidInput):
        change_role(owner, "king", by_staff_id=owner, now=MONDAY)
    with pytest.raises(NotFound):
        change_role(owner + 1, "editor", by_staff_id=owner, now=MONDAY)
    with pytest.raises(NotFound):
        invite_by_email("nobody@shop.test", now=MONDAY)

    assert actions() == []


def test_the_last_owner_can_neither_leave_nor_step_down(app):
    owner = make_staff("owner")
    make_staff("editor")

    with pytest.raises(LastOwner):
        disable_staff(owner, by_staff_id=owner, now=MONDAY)
    with pytest.raises(LastOwner):
        change_role(owner, "editor", by_staff_id=owner, now=MONDAY)

    assert (staff(owner).role, staff(owner).state) == ("owner", "active")


def test_a_disabled_owner_does_not_count_as_one(app):
    first, second = make_staff("owner"), make_staff("owner")
    disable_staff(second, by_staff_id=first, now=MONDAY)

    with pytest.raises(LastOwner):
        disable_staff(first, by_staff_id=first, now=MONDAY)

    enable_staff(second, by_staff_id=first, now=MONDAY)
    disable_staff(first, by_staff_id=second, now=MONDAY)
    assert staff(first).state == "disabled"


def test_two_owners_who_remove_each_other_at_once_leave_one(app):
    first, second = make_staff("owner"), make_staff("owner")

    outcomes = run_together(
        [
            lambda: disable_staff(second, by_staff_id=first, now=MONDAY),
            lambda: disable_staff(first, by_staff_id=second, now=MONDAY),
        ]
    )

    assert [type(error) for error in errors_of(outcomes)] == [LastOwner]
    assert sorted([staff(first).state, staff(second).state]) == ["active", "disabled"]


def test_a_disabled_colleague_is_out_at_once_and_cannot_come_back_by_a_link(app):
    owner, cashier = make_staff("owner"), make_staff("cashier", email="lu@shop.test")
    opened = log_in("lu@shop.test")
    invitation = invite_again(cashier, by_staff_id=owner, now=MONDAY)

    disable_staff(cashier, by_staff_id=owner, now=MONDAY)

    assert login_by_token(opened.token, MONDAY) is None
    with pytest.raises(StaffCredentialsWrong):
        log_in("lu@shop.test")
    with pytest.raises(InvitationEnded):
        set_staff_password(invitation.token, NEW_PASSWORD, device="", now=MONDAY)


def test_every_change_leaves_one_row_that_says_what_was_before(app):
    owner, cashier = make_staff("owner"), make_staff("cashier")

    change_role(cashier, "support", by_staff_id=owner, now=MONDAY)
    change_role(cashier, "support", by_staff_id=owner, now=MONDAY)
    disable_staff(cashier, by_staff_id=owner, now=MONDAY)
    disable_staff(cashier, by_staff_id=owner, now=MONDAY)

    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(row.action, row.staff_id, row.subject, row.before, row.after) for row in rows] == [
        ("staff.change_role", owner, f"staff:{cashier}", {"role": "cashier"}, {"role": "support"}),
        ("staff.disable", owner, f"staff:{cashier}", {"state": "active"}, {"state": "disabled"}),
    ]


def test_a_deed_that_cannot_be_written_down_does_not_happen(app):
    """The trail refuses a colleague who does not exist; the deed is in the same transaction and goes with it."""
    cashier, member_id = make_staff("cashier"), make_member()
    nobody = 9_999_999
    deeds = [
        lambda: change_role(cashier, "owner", by_staff_id=nobody, now=MONDAY),
        lambda: disable_staff(cashier, by_staff_id=nobody, now=MONDAY),
        lambda: create_staff("lu@shop.test", "小陆", "owner", by_staff_id=nobody, now=MONDAY),
        lambda: suspend_member(member_id, reason="没有人", staff_id=nobody, now=MONDAY),
        lambda: adjust_points(member_id, 10, reason="没有人", staff_id=nobody, key="a-key-1", now=MONDAY),
    ]

    for deed in deeds:
        with pytest.raises(IntegrityError):
            deed()

    assert (staff(cashier).role, staff(cashier).state) == ("cashier", "active")
    assert db.session.scalar(select(func.count()).select_from(Staff)) == 1
    assert db.session.get_one(Member, member_id).state == "active"
    assert db.session.scalar(select(func.count()).select_from(PointsEntry)) == 0
    assert actions() == []
