"""Packs for newcomers, full profiles and friends as parts of the document."""

from dataclasses import replace

import pytest

from shop.rules.rulebook import (
    DEFAULT_RULEBOOK,
    RulebookInvalid,
    changes_between,
    parse_rulebook,
    rulebook_document,
)
from shop.rules.rulebook.sections.people import (
    NewcomerCoupon,
    NewcomerRule,
    ProfileField,
    ProfileRule,
    ReferralRule,
)

TEA = ProfileField(code="tea", name="茶", choices=("绿茶", "红茶"))


def test_a_version_from_before_reads_as_it_did():
    old = rulebook_document(DEFAULT_RULEBOOK)
    for section in ("newcomer", "profile", "referral"):
        del old[section]

    assert parse_rulebook(old) == DEFAULT_RULEBOOK
    assert DEFAULT_RULEBOOK.newcomer == NewcomerRule(coupons=(), tickets=0)
    assert DEFAULT_RULEBOOK.profile.fields == ("name", "birthday")


@pytest.mark.parametrize(
    ("section", "value", "faults"),
    [
        (
            "newcomer",
            {"coupons": [{"code": "ten", "pieces": 1}, {"code": "ten", "pieces": 2}], "tickets": 0},
            [("newcomer.coupons[1].code", "repeated")],
        ),
        (
            "newcomer",
            {"coupons": [{"code": "十元", "pieces": 0}], "tickets": 101},
            [
                ("newcomer.coupons[0].code", "text_malformed"),
                ("newcomer.coupons[0].pieces", "below_minimum"),
                ("newcomer.tickets", "above_maximum"),
            ],
        ),
        (
            "profile",
            {"fields": ["city", "city"], "own": [{"code": "city", "name": "城", "choices": ["a", "a"]}]},
            [
                ("profile.fields[1]", "repeated"),
                ("profile.own[0].choices[1]", "repeated"),
                ("profile.own[0].code", "repeated"),
            ],
        ),
        ("profile", {"fields": ["shoe"], "own": []}, [("profile.fields[0]", "not_a_choice")]),
        ("referral", {"refuse_same_device": "yes"}, [("referral.refuse_same_device", "not_yes_or_no")]),
    ],
)
def test_faults_name_their_place(section, value, faults):
    with pytest.raises(RulebookInvalid) as refused:
        parse_rulebook({**rulebook_document(DEFAULT_RULEBOOK), section: value})

    assert [(each.path, each.code) for each in refused.value.faults] == faults


@pytest.mark.parametrize(
    ("old", "new", "path", "favours"),
    [
        ({}, {"newcomer": NewcomerRule(tickets=1)}, "newcomer.tickets", True),
        (
            {},
            {"newcomer": NewcomerRule(coupons=(NewcomerCoupon(code="ten", pieces=1),))},
            "newcomer.coupons[ten]",
            True,
        ),
        ({}, {"profile": ProfileRule(fields=("name",))}, "profile.fields", True),
        ({}, {"profile": ProfileRule(fields=("name", "birthday", "city"))}, "profile.fields", False),
        ({}, {"profile": ProfileRule(own=(TEA,))}, "profile.own[tea]", False),
        (
            {"profile": ProfileRule(own=(TEA,))},
            {"profile": ProfileRule(own=(replace(TEA, choices=("绿茶", "红茶", "白茶")),))},
            "profile.own[tea].choices",
            True,
        ),
        ({}, {"referral": ReferralRule(refuse_same_device=False)}, "referral.refuse_same_device", True),
    ],
)
def test_for_whom_a_change_is_better(old, new, path, favours):
    before, after = replace(DEFAULT_RULEBOOK, **old), replace(DEFAULT_RULEBOOK, **new)

    assert [(each.path, each.favours_members) for each in changes_between(before, after)] == [(path, favours)]
