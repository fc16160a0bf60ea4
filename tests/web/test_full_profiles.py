"""The settings page asks exactly what the shop chose, and says what is missing."""

from dataclasses import replace

import pytest

from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.rules.rulebook.sections.people import ProfileField, ProfileRule
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.walks import Person

FIFTY = Rule(code="full", name="完善资料", event="profile_completed", effect=PointsEffect(points=50))
TEA = ProfileField(code="tea", name="爱喝什么茶", choices=("绿茶", "红茶"))


@pytest.fixture
def asking(app, clock):
    """A shop that asks for a name, a gender and a tea."""
    profile = ProfileRule(fields=("name", "gender"), own=(TEA,))
    make_rulebook(replace(AT_ONCE, rules=(FIFTY,), profile=profile))


def test_progress_counts_down_to_the_points(asking, as_member):
    me = make_member()
    person = Person(as_member(me)).open("/member/settings")
    assert "还差 2 项，填完得 50 积分" in person.text
    assert "肤质" not in person.text

    person.press("保存更多资料", about_gender="female")
    assert "还差 1 项" in person.text
    person.press("保存更多资料", about_tea="绿茶")

    assert "50 积分马上到账" in person.text
    work_off_outbox(MONDAY)
    assert balance_of(me, MONDAY).available == 50
    assert "积分已经给过了" in person.open("/member/settings").text


def test_an_answer_that_is_not_offered_is_refused_at_its_field(asking, as_member):
    client = as_member(make_member())

    answer = client.fragment(
        "/member/settings/about", method="POST", data={"about_gender": "cat", "about_tea": "绿茶"}
    )

    assert answer.status_code == 422
    assert "还差 2 项" in answer.text


def test_a_shop_that_rewards_nothing_shows_no_progress(app, clock, as_member):
    make_rulebook(replace(AT_ONCE, profile=ProfileRule(fields=("name", "city"))))
    person = Person(as_member(make_member())).open("/member/settings")

    assert "还差" not in person.text
    person.press("保存更多资料", about_city="杭州")
    assert "存好了" in person.text
