"""The sections about newcomers, profiles and friends, from the form to the member's rules page."""

from dataclasses import replace

import pytest

from shop.queries.points.rulebook import rulebook_draft, rulebook_in_force
from shop.rules.rulebook import rulebook_document
from shop.rules.rulebook.sections.people import NewcomerCoupon
from shop.services.points.publishing import save_draft
from tests.coupons import make_template
from tests.factories import AT_ONCE, MONDAY, make_rulebook
from tests.walks import Person


@pytest.fixture
def editor(app, clock, as_staff):
    make_rulebook()
    return Person(as_staff("editor"))


@pytest.mark.parametrize("section", ["newcomer", "profile", "referral"])
def test_a_section_saved_as_it_stands_changes_nothing(editor, section):
    editor.open(f"/merchant/rulebook/sections/{section}").press("存进草稿")

    assert rulebook_draft().rulebook == rulebook_in_force(MONDAY)


def test_a_pack_is_written_and_told_in_words(editor):
    make_template(code="ten-off")
    editor.open("/merchant/rulebook/sections/newcomer").press_value("add_row", "coupons")
    editor.press("存进草稿", **{"coupons-0-code": "ten-off", "coupons-0-pieces": "2", "tickets": "3"})

    pack = rulebook_draft().rulebook.newcomer
    assert [(each.code, each.pieces) for each in pack.coupons] == [("ten-off", 2)]
    assert pack.tickets == 3
    assert "新人礼包：抽奖券" in editor.text
    assert "对会员更好" in editor.text


def test_coupons_are_chosen_by_name_and_one_that_is_gone_stays(editor):
    make_template(code="ten-off", name="十元券")
    gone = NewcomerCoupon(code="long-gone", pieces=1)
    pack = replace(AT_ONCE.newcomer, coupons=(gone, NewcomerCoupon(code="ten-off", pieces=2)))
    save_draft(rulebook_document(replace(AT_ONCE, newcomer=pack)), staff_id=None, now=MONDAY)

    editor.open("/merchant/rulebook/sections/newcomer").reads("十元券 · ten-off")
    editor.press("存进草稿", **{"coupons-0-code": "ten-off", "coupons-1-code": "long-gone"})

    assert [each.code for each in rulebook_draft().rulebook.newcomer.coupons] == ["ten-off", "long-gone"]


def test_a_coupon_that_nobody_knows_is_refused_at_its_field(editor):
    make_template(code="ten-off")
    editor.open("/merchant/rulebook/sections/newcomer").press_value("add_row", "coupons")

    editor.press("存进草稿", **{"coupons-0-code": "no-such-coupon", "coupons-0-pieces": "2"})

    assert editor.answer.status_code == 422
    assert 'id="coupons-0-code-error"' in editor.answer.text
    assert rulebook_draft() is None


def test_questions_of_ones_own_are_written(editor):
    editor.open("/merchant/rulebook/sections/profile").press_value("add_row", "own")
    editor.press(
        "存进草稿",
        fields=["name", "skin_type"],
        **{"own-0-code": "tea", "own-0-name": "爱喝什么茶", "own-0-choices": "绿茶、红茶"},
    )

    profile = rulebook_draft().rulebook.profile
    assert profile.fields == ("name", "skin_type")
    assert [(each.code, each.name, each.choices) for each in profile.own] == [
        ("tea", "爱喝什么茶", ("绿茶", "红茶"))
    ]
    assert "名字 / 肤质" in editor.text


def test_a_question_with_one_answer_is_refused_at_its_field(editor):
    editor.open("/merchant/rulebook/sections/profile").press_value("add_row", "own")

    editor.press("存进草稿", **{"own-0-code": "tea", "own-0-name": "茶", "own-0-choices": "绿茶"})

    assert editor.answer.status_code == 422
    assert "至少要有 2 项" in editor.text


def test_the_check_of_browsers_is_switched_off(editor):
    editor.open("/merchant/rulebook/sections/referral")
    assert "一家人共用一部手机" in editor.text

    editor.press("存进草稿", refuse_same_device=None)

    assert not rulebook_draft().rulebook.referral.refuse_same_device


def test_members_read_it_all_on_the_rules_page(editor, client):
    text = Person(client).open("/rules").text

    assert "新会员没有礼包" in text
    assert "完善资料要填：名字、生日" in text
    assert "在你登录过的设备上注册的朋友，不算邀请" in text
