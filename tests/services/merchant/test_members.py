"""A member is suspended and let back in, each time with a reason."""

import pytest
from sqlalchemy import select

from shop.errors import InvalidInput, NotFound
from shop.extensions import db
from shop.models import AuditEntry, Member
from shop.services.merchant.members import resume_member, suspend_member
from tests.factories import MONDAY, make_member, make_staff


def state_of(member_id):
    db.session.rollback()
    return db.session.get_one(Member, member_id).state


def test_suspending_twice_leaves_one_row(app):
    staff_id, member_id = make_staff("support"), make_member()

    suspend_member(member_id, reason="十分钟换了 14 张券", staff_id=staff_id, now=MONDAY)
    suspend_member(member_id, reason="再按一次", staff_id=staff_id, now=MONDAY)

    assert state_of(member_id) == "suspended"
    (row,) = db.session.scalars(select(AuditEntry)).all()
    assert (row.action, row.subject, row.reason) == (
        "member.suspend",
        f"member:{member_id}",
        "十分钟换了 14 张券",
    )

    resume_member(member_id, reason="查清楚了", staff_id=staff_id, now=MONDAY)
    assert state_of(member_id) == "active"


def test_without_a_reason_nothing_happens(app):
    staff_id, member_id = make_staff("support"), make_member()

    for reason in ("", "   ", "长" * 201):
        with pytest.raises(InvalidInput):
            suspend_member(member_id, reason=reason, staff_id=staff_id, now=MONDAY)
    with pytest.raises(NotFound):
        suspend_member(member_id + 1, reason="没有这个人", staff_id=staff_id, now=MONDAY)

    assert state_of(member_id) == "active"
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_closed_account_stays_closed(app):
    staff_id, member_id = make_staff("support"), make_member(state="closed")

    suspend_member(member_id, reason="试试", staff_id=staff_id, now=MONDAY)
    resume_member(member_id, reason="试试", staff_id=staff_id, now=MONDAY)

    assert state_of(member_id) == "closed"
