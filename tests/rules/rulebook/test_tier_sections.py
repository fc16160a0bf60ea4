"""The ladder and the terms of tiers as parts of the document."""

from dataclasses import replace

import pytest

from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    RulebookInvalid,
    TierPolicy,
    changes_between,
    parse_rulebook,
    rulebook_document,
)
from shop.rules.rulebook.presets import PRESETS

OLD_FIELDS = ("code", "name", "growth_from", "multiplier_permille")


def document(**tiers):
    """The default document; benefits by the code of a tier."""
    ladder = [
        {**tier, **tiers.get(tier["code"], {})} for tier in rulebook_document(DEFAULT_RULEBOOK)["tiers"]
    ]
    return {**rulebook_document(DEFAULT_RULEBOOK), "tiers": ladder}


def faults_of(broken):
    with pytest.raises(RulebookInvalid) as refused:
        parse_rulebook(broken)
    return [(fault.path, fault.code) for fault in refused.value.faults]


def test_a_version_from_before_reads_as_it_did():
    old = rulebook_document(DEFAULT_RULEBOOK)
    del old["tier_policy"]
    old["tiers"] = [{name: tier[name] for name in OLD_FIELDS} for tier in old["tiers"]]

    assert parse_rulebook(old) == DEFAULT_RULEBOOK
    assert DEFAULT_RULEBOOK.tier_policy == TierPolicy(measure="growth", window="lifetime", kept_months=None)


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_sell_no_tier_and_keep_it_for_good(preset):
    book = PRESETS[preset]

    assert book.tier_policy == TierPolicy()
    assert not any(tier.price_points or tier.birthday_points or tier.free_shipping for tier in book.tiers)


@pytest.mark.parametrize(
    ("tiers", "fault"),
    [
        ({"sprout": {"price_points": 10}}, ("tiers[0].price_points", "first_tier_for_sale")),
        (
            {"branch": {"price_points": 500}, "crown": {"price_points": 500}},
            ("tiers[2].price_points", "tier_prices_not_rising"),
        ),
        (
            {"branch": {"price_points": 500}, "fruit": {"price_points": 400}},
            ("tiers[3].price_points", "tier_prices_not_rising"),
        ),
        ({"crown": {"monthly_coupons": 1}}, ("tiers[2].monthly_coupon_code", "coupon_code_missing")),
        ({"crown": {"growth_from": 500}}, ("tiers[2].growth_from", "tiers_not_rising")),
        ({"crown": {"price_points": 0}}, ("tiers[2].price_points", "below_minimum")),
        ({"crown": {"birthday_days": 0}}, ("tiers[2].birthday_days", "below_minimum")),
        ({"crown": {"free_shipping": 1}}, ("tiers[2].free_shipping", "not_yes_or_no")),
        ({"crown": {"monthly_coupon_code": "a b"}}, ("tiers[2].monthly_coupon_code", "text_malformed")),
        ({"crown": {"early_access": True}}, ("tiers[2].early_access", "unknown_key")),
    ],
)
def test_a_ladder_that_does_not_fit_is_refused(tiers, fault):
    assert faults_of(document(**tiers)) == [fault]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("measure", "visits", "not_a_choice"),
        ("window", "week", "not_a_choice"),
        ("fall", "down", "not_a_choice"),
        ("kept_months", 0, "below_minimum"),
        ("kept_months", 121, "above_maximum"),
        ("grace_days", -1, "below_minimum"),
        ("notice_days", 1.5, "not_a_whole_number"),
    ],
)
def test_terms_out_of_range_are_refused(field, value, code):
    broken = rulebook_document(DEFAULT_RULEBOOK)
    broken["tier_policy"] = {**broken["tier_policy"], field: value}

    assert faults_of(broken) == [(f"tier_policy.{field}", code)]


@pytest.mark.parametrize(
    ("before", "after", "favours"),
    [
        (TierPolicy(), TierPolicy(kept_months=12), False),
        (TierPolicy(kept_months=12), TierPolicy(kept_months=24), True),
        (TierPolicy(), TierPolicy(grace_days=10), True),
        (TierPolicy(), TierPolicy(measure="spend"), None),
    ],
)
def test_who_gains_by_other_terms(before, after, favours):
    books = [replace(DEFAULT_RULEBOOK, tier_policy=policy) for policy in (before, after)]

    assert [change.favours_members for change in changes_between(*books)] == [favours]


def test_a_price_that_appears_is_better_than_none():
    (change,) = changes_between(DEFAULT_RULEBOOK, parse_rulebook(document(branch={"price_points": 500})))

    assert (change.path, change.favours_members) == ("tiers[branch].price_points", True)
