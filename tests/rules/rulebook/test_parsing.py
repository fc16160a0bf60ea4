"""A document becomes a rulebook, or every one of its faults is named."""

import copy
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.faults import Fault
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    SOURCE_CLASSES,
    RulebookInvalid,
    parse_rulebook,
    rulebook_document,
    rulebook_schema,
)
from tests.rules.rulebooks import NATURAL

WINDOW = {
    "name": "会员节",
    "starts_at": "2026-11-01T00:00:00+08:00",
    "ends_at": "2026-11-12T00:00:00+08:00",
    "points": 10,
    "per_cents": 100,
    "tiers": [],
    "categories": [],
}
OTHER_WINDOW = WINDOW | {"name": "双十一", "starts_at": "2026-11-11T00:00:00+08:00"}


def changed(path: str, value: object) -> dict:
    """The default document with one value replaced; ``...`` as value removes it."""
    document = copy.deepcopy(rulebook_document(DEFAULT_RULEBOOK))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place = document
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return document


def faults_of(document: object) -> tuple[Fault, ...]:
    with pytest.raises(RulebookInvalid) as refused:
        parse_rulebook(document)
    return refused.value.faults


@pytest.mark.parametrize("rulebook", [DEFAULT_RULEBOOK, NATURAL])
def test_document_reads_back_exactly(rulebook):
    document = json.loads(json.dumps(rulebook_document(rulebook)))

    assert parse_rulebook(document) == rulebook
    assert rulebook_document(parse_rulebook(document)) == document


def test_a_window_of_an_older_version_is_for_everybody():
    older = {name: value for name, value in WINDOW.items() if name not in ("tiers", "categories")}

    assert parse_rulebook(changed("offset.windows", [older])) == parse_rulebook(
        changed("offset.windows", [WINDOW])
    )


def test_moment_keeps_the_offset_it_was_typed_with():
    document = changed("offset.windows", [WINDOW])

    assert rulebook_document(parse_rulebook(document)) == document


@pytest.mark.parametrize(
    ("path", "value", "place", "code"),
    [
        ("earning.points", 0, "earning.points", "below_minimum"),
        ("earning.points", True, "earning.points", "not_a_whole_number"),
        ("earning.points", 1.0, "earning.points", "not_a_whole_number"),
        ("earning.points", "1", "earning.points", "not_a_whole_number"),
        ("earning.points", None, "earning.points", "not_a_whole_number"),
        ("earning.points", 10**12, "earning.points", "above_maximum"),
        ("earning.points", ..., "earning.points", "missing"),
        ("earning.pionts", 1, "earning.pionts", "unknown_key"),
        ("earning", [], "earning", "not_an_object"),
        ("earning", ..., "earning", "missing"),
        ("bonus", {}, "bonus", "unknown_key"),
        ("earning.includes_shipping", 1, "earning.includes_shipping", "not_yes_or_no"),
        ("tiers", {}, "tiers", "not_a_list"),
        ("tiers", [], "tiers", "too_few_items"),
        ("tiers.0.growth_from", 1, "tiers[0].growth_from", "first_tier_not_at_zero"),
        ("tiers.2.growth_from", 500, "tiers[2].growth_from", "tiers_not_rising"),
        ("tiers.1.code", "sprout", "tiers[1].code", "repeated"),
        ("tiers.1.code", "Sprout!", "tiers[1].code", "text_malformed"),
        ("tiers.1.name", " ", "tiers[1].name", "text_empty"),
        ("tiers.1.name", " 青枝", "tiers[1].name", "text_malformed"),
        ("tiers.1.name", "青\x00枝", "tiers[1].name", "text_malformed"),
        ("tiers.1.name", "青\u202e枝", "tiers[1].name", "text_malformed"),
        ("tiers.1.name", "青" * 21, "tiers[1].name", "text_too_long"),
        ("tiers.1.name", 7, "tiers[1].name", "not_a_text"),
        ("tiers.1.multiplier_permille", 999, "tiers[1].multiplier_permille", "below_minimum"),
        ("offset.per_cents", 0, "offset.per_cents", "below_minimum"),
        ("offset.points_max", 5, "offset.points_max", "less_than_one_step"),
        ("offset.share_percent_max", 101, "offset.share_percent_max", "above_maximum"),
        ("offset.windows", [WINDOW, WINDOW], "offset.windows[1].name", "repeated"),
        ("offset.windows", [WINDOW, OTHER_WINDOW], "offset.windows[1]", "windows_overlap"),
        (
            "offset.windows",
            [WINDOW | {"ends_at": WINDOW["starts_at"]}],
            "offset.windows[0].ends_at",
            "ends_before_start",
        ),
        (
            "offset.windows",
            [WINDOW | {"starts_at": "2026-11-01T00:00:00"}],
            "offset.windows[0].starts_at",
            "not_a_moment",
        ),
        ("offset.windows", [WINDOW | {"starts_at": "soon"}], "offset.windows[0].starts_at", "not_a_moment"),
        ("offset.windows", [WINDOW | {"starts_at": 20261101}], "offset.windows[0].starts_at", "not_a_moment"),
        ("offset.windows", [WINDOW] * 61, "offset.windows", "too_many_items"),
        ("expiry.purchase.kind", "someday", "expiry.purchase.kind", "not_a_choice"),
        ("expiry.purchase.kind", ["days"], "expiry.purchase.kind", "not_a_choice"),
        ("expiry.purchase.days", 3, "expiry.purchase.days", "days_not_used"),
        ("expiry.interaction.days", 0, "expiry.interaction.days", "days_missing"),
        (
            "expiry.interaction.periods_after",
            1,
            "expiry.interaction.periods_after",
            "periods_not_used",
        ),
        ("caps.0.classes", ["purchase", "purchase"], "caps[0].classes[1]", "repeated"),
        ("caps.0.classes", ["sales"], "caps[0].classes[0]", "not_a_choice"),
        ("caps.0.classes", [], "caps[0].classes", "too_few_items"),
        ("signin.day_points", [], "signin.day_points", "too_few_items"),
        ("signin.day_points.3", -1, "signin.day_points[3]", "below_minimum"),
        ("signin.milestones.1.days", 3, "signin.milestones[1].days", "milestones_not_rising"),
        ("signin.milestones.3.days", 31, "signin.milestones[3].days", "milestone_after_cycle"),
        ("shipping.free_from_cents", -1, "shipping.free_from_cents", "below_minimum"),
    ],
)
def test_fault_is_named_with_its_place(path, value, place, code):
    assert (place, code) in [(fault.path, fault.code) for fault in faults_of(changed(path, value))]


def test_minimum_above_maximum_is_refused():
    document = changed("offset.points_max", 100)
    document["offset"]["points_min"] = 200

    assert [fault.code for fault in faults_of(document)] == ["minimum_above_maximum"]


def test_all_faults_come_at_once():
    document = changed("earning.points", "one")
    document["tiers"][1]["growth_from"] = 0
    document["signin"]["makeup"] = {"per_month": 1}
    del document["orders"]

    assert {fault.path for fault in faults_of(document)} == {
        "earning.points",
        "tiers[1].growth_from",
        "signin.makeup.within_days",
        "signin.makeup.cost_points",
        "orders",
    }


@pytest.mark.parametrize("document", [None, [], "rulebook", 7])
def test_what_is_no_object_is_refused(document):
    assert [fault.code for fault in faults_of(document)] == ["not_an_object"]


def test_windows_may_touch():
    later = WINDOW | {"name": "返场", "starts_at": WINDOW["ends_at"], "ends_at": "2026-11-20T00:00:00+08:00"}

    parse_rulebook(changed("offset.windows", [WINDOW, later]))


def places(document: object, path: tuple = ()) -> list[tuple]:
    """The path of every value of a document."""
    steps = document.items() if isinstance(document, dict) else enumerate(document)
    inside = [(*path, step) for step, _ in steps]
    deeper = [
        place
        for step, value in (document.items() if isinstance(document, dict) else enumerate(document))
        if isinstance(value, dict | list)
        for place in places(value, (*path, step))
    ]
    return inside + deeper


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(
    place=st.sampled_from(places(rulebook_document(NATURAL))),
    value=ANYTHING,
)
def test_nonsense_is_refused_or_read_never_crashes(place, value):
    document = copy.deepcopy(rulebook_document(NATURAL))
    target = document
    for step in place[:-1]:
        target = target[step]
    target[place[-1]] = value

    with suppress(RulebookInvalid):
        rulebook = parse_rulebook(document)
        assert parse_rulebook(rulebook_document(rulebook)) == rulebook


def test_every_source_class_has_its_expiry():
    for source_class in SOURCE_CLASSES:
        assert DEFAULT_RULEBOOK.expiry.policy_for(source_class).kind in ("days", "year_end")


def test_unknown_tier_stands_on_the_first_step():
    assert DEFAULT_RULEBOOK.tier(None).code == "sprout"
    assert DEFAULT_RULEBOOK.tier("retired").code == "sprout"
    assert DEFAULT_RULEBOOK.tier("crown").code == "crown"


def test_schema_says_what_the_parser_checks():
    schema = rulebook_schema()
    offset = schema["properties"]["offset"]

    assert schema["required"] == [
        "earning",
        "tiers",
        "offset",
        "expiry",
        "caps",
        "signin",
        "returns",
        "orders",
        "shipping",
    ]  # sections that came later may be absent: an older version reads as it did
    assert list(schema["properties"]) == list(rulebook_document(DEFAULT_RULEBOOK))
    assert schema["additionalProperties"] is False
    assert offset["properties"]["share_percent_max"] == {"type": "integer", "minimum": 0, "maximum": 100}
    assert offset["properties"]["points_max"]["anyOf"][1] == {"type": "null"}
    assert schema["properties"]["signin"]["properties"]["day_points"]["items"]["type"] == "integer"
    assert json.loads(json.dumps(schema)) == schema
