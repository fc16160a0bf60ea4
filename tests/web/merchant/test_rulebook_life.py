"""The rulebook's words and forms about the life of points."""

from dataclasses import replace

import pytest

from shop.queries.points.rulebook import document_of, rulebook_draft
from shop.rules.rulebook import DEFAULT_RULEBOOK, RulebookInvalid, parse_rulebook, rulebook_document
from tests.factories import ensure_rulebook

POLICY = {"kind": "year_end", "days": "", "periods_after": "1", "on": "", "times": ""}
SOURCES = ("purchase", "interaction", "referral", "draw", "grant")


@pytest.fixture
def owner(as_staff, clock, app):
    ensure_rulebook()
    return as_staff("owner")


def expiry(**grant):
    policies = {source: dict(POLICY) for source in SOURCES}
    policies["grant"] |= grant
    return {
        f"{source}-{name}": value for source, policy in policies.items() for name, value in policy.items()
    }


@pytest.mark.parametrize(
    ("grant", "sentence"),
    [
        ({"kind": "quarter_end", "periods_after": "1"}, "下季末"),
        ({"kind": "fixed", "on": "2027-06-30", "periods_after": ""}, "到 2027 年 6 月 30 日"),
        ({"kind": "rolling", "days": "90"}, "最近一次得分或用分后 90 天"),
        ({"kind": "renewing", "days": "90", "times": "2"}, "没用过就再延 90 天，最多延 2 次"),
    ],
)
def test_each_way_to_end_is_typed_and_read_as_a_sentence(owner, grant, sentence):
    answer = owner.post("/merchant/rulebook/sections/expiry", data={**expiry(**grant), "save": "yes"})

    assert answer.status_code == 303
    assert sentence in " ".join(owner.get("/merchant/rulebook/draft").text.split())
    assert rulebook_draft().faults == ()
    assert grant["kind"] in owner.get("/merchant/rulebook/sections/expiry").text


@pytest.mark.parametrize(
    ("grant", "words"),
    [
        ({"kind": "fixed"}, "要选一天"),
        ({"kind": "renewing", "days": "90"}, "至少延一次"),
        ({"kind": "rolling"}, "要填天数"),
        ({"kind": "fixed", "on": "2027-02-30"}, "要填完整的日期"),
    ],
)
def test_what_is_missing_is_said_at_the_field(owner, grant, words):
    answer = owner.post("/merchant/rulebook/sections/expiry", data={**expiry(**grant), "save": "yes"})

    assert answer.status_code == 422
    assert words in answer.text


def test_reminders_are_a_list_of_days_that_falls(owner):
    path = "/merchant/rulebook/sections/reminders"
    good = {"days-0": "14", "days-1": "3", "notice_days_min": "3", "save": "yes"}

    assert owner.post(path, data=good).status_code == 303
    assert "积分到期前 14、3 天会提醒你" in owner.get("/merchant/rulebook/draft").text
    assert "要比上一次的 14 天少" in owner.post(path, data={**good, "days-1": "20"}).text
    assert "最早的提醒才提前 14 天" in owner.post(path, data={**good, "notice_days_min": "15"}).text


def test_the_worth_of_a_point_is_stated_or_left_to_the_offset(owner):
    path = "/merchant/rulebook/sections/worth"

    assert owner.post(path, data={"points_per_yuan": "20", "save": "yes"}).status_code == 303
    assert "店里按 20 积分算 1 元" in owner.get("/merchant/rulebook/draft").text
    assert owner.post(path, data={"points_per_yuan": "", "save": "yes"}).status_code == 303
    assert "店里按积分抵现的比例" in owner.get("/merchant/rulebook/draft").text
    assert owner.post(path, data={"points_per_yuan": "0", "save": "yes"}).status_code == 422


def test_an_older_document_reads_as_before(app):
    document = document_of(DEFAULT_RULEBOOK)
    for section in ("reminders", "worth"):
        del document[section]
    for policy in document["expiry"].values():
        del policy["on"], policy["times"]

    assert parse_rulebook(document) == DEFAULT_RULEBOOK


def test_a_document_survives_the_new_kinds_of_expiry(app):
    grant = replace(DEFAULT_RULEBOOK.expiry.grant, kind="renewing", days=30, periods_after=0, times=3)
    rulebook = replace(DEFAULT_RULEBOOK, expiry=replace(DEFAULT_RULEBOOK.expiry, grant=grant))

    assert parse_rulebook(rulebook_document(rulebook)) == rulebook
    broken = replace(grant, times=0)
    with pytest.raises(RulebookInvalid, match="times_missing"):
        parse_rulebook(rulebook_document(replace(rulebook, expiry=replace(rulebook.expiry, grant=broken))))
