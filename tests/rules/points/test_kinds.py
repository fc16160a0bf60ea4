"""Rules that credit a further kind of points: beside the main one, never in its sums."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shop.rules.points.award_documents import award_documents, awards_from_documents
from shop.rules.points.earning import evaluate
from shop.rules.points.occurrences import BoughtLine, MemberFacts, Occurrence
from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    ExpiryPolicy,
    KindRule,
    MultiplyEffect,
    PointsEffect,
    RateEffect,
    Rule,
    RulebookInvalid,
    StackingRule,
    changes_between,
    parse_rulebook,
    rulebook_document,
)

FLOWERS = KindRule(code="flowers", name="花朵", unit="朵")
BOUQUET = Rule(code="bouquet", name="买就送花", effect=PointsEffect(points=3), credits="flowers")
TWO_KINDS = replace(DEFAULT_RULEBOOK, kinds=(FLOWERS,), rules=(BOUQUET,))


def buys(cents, rulebook):
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    line = BoughtLine(cents=cents)
    return evaluate(Occurrence(at=moment, lines=(line,), member=MemberFacts(tier_code="sprout")), rulebook)


def faults_of(rulebook):
    with pytest.raises(RulebookInvalid) as refused:
        parse_rulebook(rulebook_document(rulebook))
    return [(fault.path, fault.code) for fault in refused.value.faults]


def test_a_purchase_earns_both_and_they_are_not_added():
    awards = buys(10_000, TWO_KINDS)

    assert (awards.total, awards.further) == (100, {"flowers": 3})
    assert awards_from_documents(award_documents(awards)) == awards


def test_the_cap_of_an_order_leaves_the_other_kind_alone():
    capped = replace(TWO_KINDS, stacking=StackingRule(order_points_max=40))

    awards = buys(10_000, capped)

    assert (awards.total, awards.further) == (40, {"flowers": 3})


def test_a_multiplied_kind_does_not_multiply_points():
    doubled = Rule(
        code="double", name="双倍花", effect=MultiplyEffect(multiplier_permille=2000), credits="flowers"
    )
    triple = Rule(code="triple", name="三倍", effect=MultiplyEffect(multiplier_permille=3000))
    rulebook = replace(TWO_KINDS, rules=(doubled, triple), stacking=StackingRule(between_groups="multiply"))

    awards = buys(10_000, rulebook)

    assert (awards.total, awards.further) == (300, {"flowers": 100})


@pytest.mark.parametrize(
    ("rulebook", "fault"),
    [
        (replace(TWO_KINDS, kinds=()), ("rules[0].credits", "kind_unknown")),
        (replace(TWO_KINDS, kinds=(FLOWERS, replace(FLOWERS, name="花"))), ("kinds[1].code", "repeated")),
        (replace(TWO_KINDS, kinds=(FLOWERS, replace(FLOWERS, code="f2"))), ("kinds[1].name", "repeated")),
        (
            replace(TWO_KINDS, kinds=(FLOWERS, replace(FLOWERS, code="points", name="点"))),
            ("kinds[1].code", "kind_reserved"),
        ),
        (
            replace(TWO_KINDS, rules=(replace(BOUQUET, effect=RateEffect(points=1, per_cents=100)),)),
            ("rules[0].effect.kind", "kind_needs_bonus"),
        ),
        (
            replace(TWO_KINDS, rules=(replace(BOUQUET, group="tier"),)),
            ("rules[0].group", "kinds_in_one_group"),
        ),
        (
            replace(
                TWO_KINDS,
                kinds=(replace(FLOWERS, expiry=ExpiryPolicy(kind="days", days=0, periods_after=0)),),
            ),
            ("kinds[0].expiry.days", "days_missing"),
        ),
    ],
)
def test_what_does_not_fit_together_is_named(rulebook, fault):
    assert fault in faults_of(rulebook)


def test_a_rulebook_written_before_reads_as_before():
    document = rulebook_document(replace(DEFAULT_RULEBOOK, rules=(replace(BOUQUET, credits="points"),)))
    del document["kinds"]
    del document["rules"][0]["credits"]

    assert parse_rulebook(document).rules[0].credits == "points"
    assert parse_rulebook(document).kinds == ()


def test_a_new_kind_is_a_gain_and_its_end_a_loss():
    (added,) = changes_between(replace(TWO_KINDS, kinds=(), rules=()), replace(TWO_KINDS, rules=()))
    (gone,) = changes_between(replace(TWO_KINDS, rules=()), replace(TWO_KINDS, kinds=(), rules=()))
    renamed = replace(TWO_KINDS, kinds=(replace(FLOWERS, name="小花", unit="枝"),))

    assert (added.path, added.favours_members) == ("kinds[flowers]", True)
    assert gone.favours_members is False
    assert not any(change.is_felt for change in changes_between(TWO_KINDS, renamed))
