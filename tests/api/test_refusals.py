"""What a program may not do alone, too soon, or with frozen points: refused by name, and named in the document."""

from dataclasses import replace
from datetime import date

import pytest

from shop.queries.points.balance import balance_of
from shop.rules.rulebook import PublishingRule, rulebook_document
from shop.services.points.freezing import Freeze, freeze_points
from tests.api.till import Till, make_till
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff

ALONE = replace(AT_ONCE, publishing=PublishingRule(adjustments_second_person_above=500))


@pytest.fixture
def till(client, clock) -> Till:
    make_rulebook(ALONE)
    return make_till(client)


def problems_of(till, path):
    """The codes of every problem that the document names for a POST."""
    answers = till.client.get("/api/v1/openapi.json").json["paths"][path]["post"]["responses"]
    return str(answers)


@pytest.mark.parametrize("path", ["/points/grants", "/points/deductions"])
def test_points_above_what_one_person_moves_take_two(till, path):
    member_id = make_member(points=2000)
    body = {"member": member_id, "points": 500, "reason": "调查问卷"}

    within, above = till.post(path, body), till.post(path, {**body, "points": 501})

    assert within.status_code == 201
    assert (above.status_code, above.json["code"]) == (409, "second_person_needed")
    assert balance_of(member_id, MONDAY).available == 2000 + (500 if "grants" in path else -500)
    assert "second_person_needed" in problems_of(till, path)


def test_rules_that_take_something_are_not_published_at_once(till):
    make_member()
    poorer = replace(ALONE, earning=replace(ALONE.earning, per_cents=200))
    assert till.ask("PUT", "/rulebook/draft", rulebook_document(poorer)).status_code == 200

    answer = till.post("/rulebook/publications", {"note": "省一点"})

    assert (answer.status_code, answer.json["code"]) == (422, "notice_too_short")
    for code in ("notice_too_short", "second_person_needed"):
        assert code in problems_of(till, "/rulebook/publications")


def test_rules_that_ask_for_two_people_are_not_published_by_a_program(client, clock):
    make_rulebook(replace(ALONE, publishing=PublishingRule(second_person=True)))
    till = make_till(client)
    richer = replace(ALONE, earning=replace(ALONE.earning, points=2))
    till.ask("PUT", "/rulebook/draft", rulebook_document(richer))

    answer = till.post("/rulebook/publications", {"note": "多一点"})

    assert (answer.status_code, answer.json["code"]) == (409, "second_person_needed")


def test_frozen_points_pay_no_bill(till):
    member_id = make_member(points=1000)
    freeze_points(member_id, Freeze(True, False, "有人投诉", date(2026, 3, 20), make_staff("owner")), MONDAY)

    answer = till.post("/redemptions", {"member": member_id, "amount": 5000, "points": 500, "receipt": "T1"})

    assert (answer.status_code, answer.json["code"]) == (409, "points_frozen")
    assert "points_frozen" in problems_of(till, "/redemptions")
    assert "points_frozen" in problems_of(till, "/orders")
