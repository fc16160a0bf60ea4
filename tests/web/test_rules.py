"""The rules in plain words, for everyone."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from shop.rules.faults import FAULT_CODES
from shop.rules.reasons import REASON_CODES
from shop.rules.rulebook import DEFAULT_RULEBOOK, Rulebook, parse_rulebook, rulebook_document
from shop.rules.rulebook.presets import PRESETS
from shop.web.explanations import SENTENCES
from shop.web.rulebook_words import changes_in_words, sections_of
from shop.web.rulebook_words.faults import SENTENCES as FAULT_SENTENCES
from shop.web.rulebook_words.places import label_of
from tests.factories import MONDAY, make_rulebook

PLACE = re.compile(r"%\((\w+)\)s")
COMPUTED = {"cents_off", "unit_price", "arithmetic", "coupon_terms"}


@pytest.fixture(autouse=True)
def monday(clock):
    clock.stand_at(MONDAY)


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_has_a_sentence_that_uses_only_its_values(code):
    sentence = SENTENCES[code]._args[0] if hasattr(SENTENCES[code], "_args") else str(SENTENCES[code])

    assert set(PLACE.findall(sentence)) <= {*REASON_CODES[code], *COMPUTED}


def test_every_fault_of_a_rulebook_has_a_sentence():
    of_draws = {"weights_do_not_sum", "too_many_prizes", "too_few_prizes", "no_consolation", "several_consolations",
                "consolation_has_stock", "prize_too_dear", "negative_number", "zero_weight"}  # fmt: skip

    assert set(FAULT_CODES) - of_draws <= set(FAULT_SENTENCES)


def test_the_rules_are_public_and_come_from_the_rulebook_in_force(client):
    make_rulebook()
    twice = replace(DEFAULT_RULEBOOK, earning=replace(DEFAULT_RULEBOOK.earning, points=2))
    make_rulebook(twice, effective_at=MONDAY + timedelta(days=1))

    page = client.get("/rules").text

    assert "每 1 元得 1 分" in page
    assert "青枝会员实付 ¥126.00，得 126 + 25 = 151 分" in page
    assert "将生效" in page
    assert "消费得分：给多少分：1 → 2" in page
    assert "每 1 元得 2 分" in client.get("/rules?version=2").text


@pytest.mark.parametrize("query", ["version=99", f"version={2**70}", "version=-1"])
def test_a_version_that_never_was_is_not_found(client, query):
    make_rulebook()

    assert client.get(f"/rules?{query}").status_code == 404


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_said_and_compared(app, name):
    with app.test_request_context():
        sections = sections_of(PRESETS[name], MONDAY)
        changes = changes_in_words(DEFAULT_RULEBOOK, PRESETS[name])

    assert all(section.sentences for section in sections)
    assert all(change.old or change.new for change in changes)
    assert not [change.label for change in changes if change.label.isascii()]


def test_every_place_of_the_rulebook_has_a_name(app):
    with app.test_request_context():
        assert not [path for path in paths_of(rich_document()) if label_of(path) == path]


def rich_document():
    document = rulebook_document(DEFAULT_RULEBOOK)
    document["offset"]["windows"] = [
        {
            "name": "节",
            "starts_at": "2026-01-01T00:00:00+08:00",
            "ends_at": "2026-01-02T00:00:00+08:00",
            "points": 1,
            "per_cents": 1,
        }
    ]
    assert isinstance(parse_rulebook(document), Rulebook)
    return document


def paths_of(document, path=""):
    if isinstance(document, dict):
        for name, value in document.items():
            yield from paths_of(value, f"{path}.{name}" if path else name)
    elif isinstance(document, list) and document and isinstance(document[0], dict):
        yield from paths_of(document[0], f"{path}[x]")
    elif path.rpartition(".")[2] != "code":
        yield path
