"""Invitations in the back office: what was refused is seen, and may count after all."""

from sqlalchemy import select

from shop.extensions import db
from shop.models import Referral
from tests.factories import PASSWORD, ensure_rulebook, make_member
from tests.walks import Person


def invite_oneself(client):
    """A member who invites, logs out, and registers again in the same browser."""
    make_member(phone="+8613805712046", name="林小满")
    me = Person(client).open("/login").press("登录", phone="13805712046", password=PASSWORD)
    me.open("/invite").press("拿到我的邀请链接")
    link = next(word for word in me.text.split() if "/register?from=" in word)
    me.open("/member").press("退出登录")
    me.open(link[link.index("/register") :]).press(
        "注册", phone="13900001111", name="小满二号", password=PASSWORD
    )
    me.open("/member").press("退出登录")
    return me.open("/login").press("登录", phone="13805712046", password=PASSWORD)


def test_somebody_who_invites_oneself_is_told_and_staff_may_let_it_count(app, clock, client, as_staff):
    ensure_rulebook()
    me = invite_oneself(client).open("/invite")
    assert "同一台设备，不算" in me.text
    assert "一家人共用一部手机" in me.text
    staff = Person(as_staff("support")).open("/merchant/referrals")
    assert "小满二号" in staff.text

    staff.press("算数，放行", reason="")
    assert staff.answer.status_code == 422
    staff.open("/merchant/referrals").press("算数，放行", reason="母女俩用一部手机")

    assert "放行了" in staff.text
    assert db.session.scalars(select(Referral.state)).all() == ["registered"]
    assert "放行的" in staff.open("/merchant/referrals?state=registered").text
    assert "等第一单" in me.open("/invite").text
    assert "母女俩用一部手机" in Person(as_staff("owner")).open("/merchant/audit").text


def test_every_state_has_its_list(app, clock, as_staff):
    ensure_rulebook()
    client = as_staff("editor")

    for state in ("refused", "registered", "paid", "reversed", "nothing"):
        assert client.get(f"/merchant/referrals?state={state}&before=5").status_code == 200
