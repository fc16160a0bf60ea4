"""When a profile is full, as tables of cases."""

import pytest

from shop.rules.engagement.profile import is_full, missing_from
from shop.rules.engagement.referral import refusal_of
from shop.rules.rulebook.sections.people import ProfileField, ProfileRule, ReferralRule

TEA = ProfileField(code="tea", name="茶", choices=("绿茶", "红茶"))
RULE = ProfileRule(fields=("name", "gender", "city"), own=(TEA,))
FULL = {"name": "小满", "gender": "female", "city": "杭州", "tea": "绿茶"}


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        ({}, ()),
        ({"city": ""}, ("city",)),
        ({"city": None}, ("city",)),
        ({"gender": "cat"}, ("gender",)),
        ({"tea": "咖啡"}, ("tea",)),
        ({"gender": "", "tea": ""}, ("gender", "tea")),
        ({"birthday": ""}, ()),
    ],
)
def test_what_is_missing(answers, missing):
    filled = {**FULL, **answers}

    assert missing_from(filled, RULE) == missing
    assert is_full(filled, RULE) == (not missing)


def test_a_shop_that_asks_nothing_has_no_full_profiles():
    assert not is_full(FULL, ProfileRule(fields=()))


@pytest.mark.parametrize(
    ("is_same_device", "refuses", "refusal"),
    [(True, True, "same_device"), (True, False, None), (False, True, None), (False, False, None)],
)
def test_whether_an_invitation_counts(is_same_device, refuses, refusal):
    rule = ReferralRule(refuse_same_device=refuses)

    assert refusal_of(is_same_device=is_same_device, rule=rule) == refusal
