"""Deeds that rules reward: once each, within their caps and times, and taken back when they were none."""

from dataclasses import replace

import pytest

from shop.errors import InvalidInput, KeyReused, NotFound
from shop.queries.points.balance import balance_of
from shop.rules.rulebook import CapRule, DetailCondition, PointsEffect, Rule, Times
from shop.services.points.events import ReportedDeed, record_deed, reverse_deed
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.races import results_of, run_together

REVIEWS = tuple(
    Rule(
        code=f"review_{grade}",
        name=f"评价（{grade}）",
        event="review_published",
        conditions=(DetailCondition(values=(grade,)),),
        effect=PointsEffect(points=points),
        source_class="interaction",
    )
    for grade, points in (("text", 5), ("photo", 20), ("picked", 120))
)


def rules(*rules, **sections):
    make_rulebook(replace(AT_ONCE, rules=rules, **sections))


def reviews(member_id, key, grade="photo"):
    deed = ReportedDeed(member_id=member_id, event="review_published", key=key, detail=grade)
    return record_deed(deed, MONDAY)


def available(member_id):
    return balance_of(member_id, MONDAY).available


def test_grade_decides_what_a_review_brings(app):
    rules(*REVIEWS)
    member_id = make_member()

    assert [reviews(member_id, grade, grade).points for grade in ("text", "photo", "none")] == [5, 20, 0]
    assert available(member_id) == 25


def test_same_deed_twenty_times_at_once_pays_once(app):
    rules(*REVIEWS)
    member_id = make_member()

    outcomes = run_together([lambda: reviews(member_id, "line-7")] * 20)

    assert {done.points for done in results_of(outcomes)} == {20}
    assert available(member_id) == 20


def test_same_key_for_another_member_is_refused(app):
    rules(*REVIEWS)
    reviews(make_member(), "line-7")

    with pytest.raises(KeyReused):
        reviews(make_member(), "line-7")


def test_cap_of_the_class_cuts_and_says_so(app):
    """Offered 120, 90 credited."""
    rules(*REVIEWS, caps=(CapRule(name="互动", classes=("interaction",), points=110, per="month"),))
    member_id = make_member()
    reviews(member_id, "a", "photo")

    assert reviews(member_id, "b", "picked").points == 90
    assert reviews(member_id, "c", "picked").points == 0


def test_profile_is_paid_once_in_a_lifetime(app):
    once = Rule(
        code="profile",
        name="完善资料",
        event="profile_completed",
        effect=PointsEffect(points=50),
        source_class="interaction",
        times=Times(count=1, per="ever"),
    )
    rules(once)
    member_id = make_member()

    paid = [
        record_deed(ReportedDeed(member_id=member_id, event="profile_completed", key=f"{n}"), MONDAY).points
        for n in range(2)
    ]

    assert paid == [50, 0]


def test_removed_review_gives_its_points_back_once(app):
    rules(*REVIEWS)
    member_id = make_member()
    reviews(member_id, "line-7")

    assert reverse_deed("review_published", "line-7", "抄来的", MONDAY) == 20
    assert reverse_deed("review_published", "line-7", "抄来的", MONDAY) == 0
    assert available(member_id) == 0


def test_purchases_and_sign_ins_cannot_be_reported_as_deeds(app):
    member_id = make_member()

    for event in ("purchase", "signed_in"):
        with pytest.raises(InvalidInput):
            record_deed(ReportedDeed(member_id=member_id, event=event, key="1"), MONDAY)
    with pytest.raises(NotFound):
        reverse_deed("review_published", "nothing", "", MONDAY)
