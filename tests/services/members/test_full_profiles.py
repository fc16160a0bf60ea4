"""The shop chooses what a full profile is; filling it pays once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shop.errors import InvalidInput
from shop.queries.members.profile import profile_progress
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.rules.rulebook.sections.people import ProfileField, ProfileRule
from shop.services.members.settings import set_birthday, tell_more
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook

FIFTY = Rule(
    code="full",
    name="完善资料",
    event="profile_completed",
    effect=PointsEffect(points=50),
    source_class="interaction",
)
TEA = ProfileField(code="tea", name="爱喝什么茶", choices=("绿茶", "红茶"))
LATER = MONDAY + timedelta(days=1)


def ask_for(*fields: str, own: tuple[ProfileField, ...] = (), at=MONDAY) -> None:
    profile = ProfileRule(fields=fields, own=own)
    make_rulebook(replace(AT_ONCE, rules=(FIFTY,), profile=profile), effective_at=at)


def tell(member_id: int, now=MONDAY, **answers: str) -> int:
    """What the member has after telling something."""
    tell_more(member_id, answers, now)
    work_off_outbox(now)
    return balance_of(member_id, now).available


def test_filling_everything_pays_and_the_rest_is_counted(app):
    ask_for("name", "gender", "city", own=(TEA,))
    me = make_member()

    assert [each.code for each in profile_progress(me, MONDAY).missing] == ["gender", "city", "tea"]
    assert profile_progress(me, MONDAY).points == 50
    assert tell(me, gender="female", city="杭州") == 0
    assert [each.code for each in profile_progress(me, MONDAY).missing] == ["tea"]
    assert tell(me, now=LATER, tea="绿茶") == 50
    progress = profile_progress(me, LATER)
    assert (progress.missing, progress.is_paid, progress.points, progress.percent) == ((), True, 0, 100)


def test_a_birthday_may_be_the_last_thing(app):
    ask_for("birthday", "city")
    me = make_member()
    tell(me, city="杭州")

    set_birthday(me, date(1990, 5, 18), today=MONDAY.date(), now=MONDAY)
    work_off_outbox(MONDAY)

    assert balance_of(me, MONDAY).available == 50


def test_clearing_and_filling_again_pays_nothing_more(app):
    ask_for("city")
    me = make_member()
    tell(me, city="杭州")

    tell(me, now=LATER, city="")
    assert [each.code for each in profile_progress(me, LATER).missing] == ["city"]

    assert tell(me, now=LATER + timedelta(hours=1), city="苏州") == 50


def test_another_list_pays_nobody_twice(app):
    ask_for("city")
    me, other = make_member(), make_member()
    tell(me, city="杭州")
    ask_for("city", "gender", at=LATER)
    later = LATER + timedelta(hours=1)

    assert tell(me, now=later, gender="other") == 50
    assert tell(other, now=later, city="杭州", gender="male") == 50


def test_what_was_told_stays_when_the_shop_asks_no_more(app):
    ask_for("city", "gender")
    me = make_member()
    tell(me, city="杭州", gender="female")
    ask_for("city", at=LATER)
    later = LATER + timedelta(hours=1)
    tell(me, now=later, city="苏州")
    ask_for("gender", at=later + timedelta(hours=1))

    asked = profile_progress(me, later + timedelta(hours=2)).asked
    assert [(each.code, each.answer) for each in asked] == [("gender", "female")]


@pytest.mark.parametrize(
    "answers",
    [{"gender": "cat"}, {"tea": "咖啡"}, {"skin_type": "dry"}, {"name": "x"}, {"city": "x" * 41}],
)
def test_answers_that_nobody_asked_for_are_refused(app, answers):
    ask_for("name", "gender", "city", own=(TEA,))

    with pytest.raises(InvalidInput):
        tell_more(make_member(), answers, MONDAY)


def test_a_shop_that_asks_nothing_pays_nobody(app):
    ask_for()
    me = make_member()
    set_birthday(me, date(1990, 5, 18), today=MONDAY.date(), now=MONDAY)

    work_off_outbox(MONDAY)

    assert balance_of(me, MONDAY).available == 0
