"""Rules with conditions and effects, written in the back office without code."""

import re

import pytest

from shop.queries.points.rulebook import rulebook_draft
from shop.rules.rulebook import (
    BirthdayCondition,
    GoodsCondition,
    MultiplyEffect,
    PeriodCondition,
    PointsEffect,
    PurchaseNumberCondition,
    StepsEffect,
    ThresholdEffect,
)
from tests.factories import ensure_rulebook, make_category
from tests.web.merchant.test_rulebook import fields_of

BIRTHDAY = {
    "name": "生日月第一单双倍",
    "birthday-on": "y",
    "birthday-span": "month",
    "purchase_number-on": "y",
    "purchase_number-number": "1",
    "purchase_number-span": "month",
    "purchase_number-counts_refunded": "y",
    "effect_kind": "multiply",
    "multiply-multiplier_permille": "2",
}


@pytest.fixture(autouse=True)
def rules_in_force(app):
    ensure_rulebook()


def create(client, **changed):
    fields = fields_of(client.get("/merchant/rulebook/rules/new").text, "rule-editor")
    return client.post("/merchant/rulebook/rules", data={**fields, **changed})


def drafted():
    return rulebook_draft().rulebook.rules


def test_birthday_rule_is_written_in_a_form_and_read_as_a_sentence(app, as_staff):
    client = as_staff("editor")
    assert "还没有另外的规则" in client.get("/merchant/rulebook/rules").text

    assert create(client, **BIRTHDAY).status_code == 303

    (rule,) = drafted()
    assert rule.conditions == (
        BirthdayCondition(span="month"),
        PurchaseNumberCondition(number=1, span="month", counts_refunded=True),
    )
    assert rule.effect == MultiplyEffect(multiplier_permille=2000)
    page = client.get("/merchant/rulebook/rules").text
    assert "消费时，在生日当月，当月第 1 单，得分 2 倍。" in page


@pytest.mark.parametrize(
    ("typed", "effect"),
    [
        ({"effect_kind": "points", "points-points": "50", "points-per": "piece"}, PointsEffect(points=50, per="piece")),
        (
            {"effect_kind": "threshold", "threshold-cents": "200", "threshold-points": "30", "threshold-every": "y",
             "threshold-of": "month"},
            ThresholdEffect(cents=20000, points=30, every=True, of="month"),
        ),
        (
            {"effect_kind": "steps", "steps-steps-0-from_cents": "0", "steps-steps-0-points": "1",
             "steps-steps-0-per_cents": "10", "steps-steps-1-from_cents": "500", "steps-steps-1-points": "2",
             "steps-steps-1-per_cents": "10", "steps-of": "order"},
            None,
        ),
    ],
)  # fmt: skip
def test_each_effect_has_its_slots(app, as_staff, typed, effect):
    client = as_staff()

    answer = create(client, name="规则", **typed)

    assert answer.status_code == 303, answer.text
    (rule,) = drafted()
    if effect is None:
        assert isinstance(rule.effect, StepsEffect)
        assert [step.from_cents for step in rule.effect.steps] == [0, 50000]
    else:
        assert rule.effect == effect


def test_conditions_on_goods_and_on_the_calendar(app, as_staff):
    make_category("护肤", slug="skin")
    client = as_staff()

    answer = create(
        client,
        **BIRTHDAY,
        **{
            "goods-on": "y", "goods-categories": "skin", "goods-skus": "A-1、A-2", "period-on": "y",
            "period-month_days": "8、18", "period-weekdays": "3", "period-hour_from": "10", "period-hour_until": "12",
        },
    )  # fmt: skip

    assert answer.status_code == 303, answer.text
    (rule,) = drafted()
    assert GoodsCondition(categories=("skin",), skus=("A-1", "A-2")) in rule.conditions
    period = next(each for each in rule.conditions if isinstance(each, PeriodCondition))
    assert (period.month_days, period.weekdays, period.hour_from, period.hour_until) == (
        (8, 18),
        (3,),
        10,
        12,
    )


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"multiply-multiplier_permille": ""}, "multiply-multiplier_permille", "缺了这一项"),
        ({"multiply-multiplier_permille": "1"}, "multiply-multiplier_permille", "不能小于"),
        ({"name": ""}, "name", "还没填"),
        ({"purchase_number-number": "0"}, "purchase_number-number", "不能小于 1"),
        (
            {"period-on": "y", "period-hour_from": "12", "period-hour_until": "10"},
            "period-hour_until",
            "结束要在开始之后",
        ),
        ({"period-on": "y", "period-month_days": "8、三十二"}, "period-month_days", "要填整数"),
        ({"goods-on": "y"}, "goods-on", "要写明是哪些商品"),
        ({"custom_event": "Not An Event"}, "custom_event", "有不能用的字符"),
        ({"budget_points": "1.5"}, "budget_points", "要填整数"),
    ],
)
def test_nonsense_is_told_at_its_field_and_keeps_the_draft(app, as_staff, typed, field, words):
    client = as_staff()

    answer = create(client, **{**BIRTHDAY, **typed})

    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error[^>]*>(?:(?!</p>).)*{words}', answer.text, re.DOTALL), answer.text
    assert rulebook_draft() is None


def test_rule_is_changed_moved_and_taken_out(app, as_staff):
    client = as_staff()
    create(client, **BIRTHDAY)
    create(client, **{**BIRTHDAY, "name": "第二条"})
    first, second = drafted()

    page = fields_of(client.get(f"/merchant/rulebook/rules/{first.code}").text, "rule-editor")
    client.post(
        f"/merchant/rulebook/rules/{first.code}", data={**page, "multiply-multiplier_permille": "1.5"}
    )
    client.post(f"/merchant/rulebook/rules/{second.code}/position", data=page)

    assert [(rule.code, rule.effect.multiplier_permille) for rule in drafted()] == [
        (second.code, 2000),
        (first.code, 1500),
    ]
    client.post(f"/merchant/rulebook/rules/{second.code}/removal", data=page)
    assert [rule.code for rule in drafted()] == [first.code]
    assert client.get("/merchant/rulebook/rules/none").status_code == 404


def test_sections_page_leads_to_the_rules(app, as_staff):
    client = as_staff()

    assert client.get("/merchant/rulebook/sections/rules").location.endswith("/merchant/rulebook/rules")
    assert client.get("/merchant/rulebook/sections/stacking").status_code == 200


def test_cashiers_do_not_write_rules(app, as_staff):
    assert as_staff("cashier").get("/merchant/rulebook/rules").status_code == 403
