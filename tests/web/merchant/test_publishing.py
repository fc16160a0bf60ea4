"""Before a publication: the notice, what it costs, a made-up order, a preset to begin from; and the way back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shop.queries.points.rulebook import document_of, rulebook_draft, rulebook_in_force
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import MultiplyEffect, OffsetWindow, PurchaseNumberCondition, Rule
from shop.rules.rulebook.presets import PRESETS
from shop.services.points.publishing import save_draft
from tests.factories import AT_ONCE, MONDAY, make_category, make_member, make_product, make_rulebook
from tests.rules.rulebooks import at
from tests.services.orders.stories import buy

TWENTY = replace(AT_ONCE, offset=replace(AT_ONCE.offset, points=20))
THIRTY = replace(
    TWENTY, offset=replace(TWENTY.offset, points=30), earning=replace(TWENTY.earning, per_cents=200)
)


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)
    make_rulebook(TWENTY)


def draft(rulebook):
    save_draft(document_of(rulebook), staff_id=None, now=MONDAY)


def publish(client, key="k1", **values):
    return client.post("/merchant/rulebook/publications", data={"idempotency_key": key, "note": "", **values})


def plain(answer):
    return answer.text.replace("\xa0", " ")


def tell_everything():
    while work_off_outbox(MONDAY):
        pass


def test_the_earliest_date_is_proposed_and_named_at_the_field(as_staff):
    make_member()
    client = as_staff("editor")
    draft(THIRTY)

    page = client.get("/merchant/rulebook/draft").text
    assert "要提前 30 天告诉每位会员" in page
    assert 'value="2026-04-01T00:00"' in page
    assert "对会员变少" in page
    refused = publish(client)
    assert refused.status_code == 422
    assert "最早填 2026 年 4 月 1 日" in plain(refused)
    assert publish(client, effective_at="2026-04-01T00:00").status_code == 303
    assert rulebook_in_force(at("2026-04-01")).offset.points == 30


def test_members_read_the_difference_with_their_own_points_in_their_language(as_staff, as_member, client):
    member_id = make_member(points=1166)
    draft(THIRTY)
    publish(as_staff("editor"), effective_at="2026-04-01T00:00")
    tell_everything()
    member = as_member(member_id)

    box = member.get("/member/notifications").text
    assert "你的 1,166 积分现在能抵 ¥58.30，那天起能抵 ¥38.86" in box
    assert "消费 100 元得 50 分，以前 100 分" in box
    page = client.get("/rules/versions/2").text
    assert "2026 年 4 月 1 日起，规则会变" in page.replace("\xa0", " ")
    assert "30 积分抵 ¥1.00，以前 20 积分抵 ¥1.00" in page
    assert page.count("比如：") >= 4
    assert "规则会变" in client.get("/rules").text


@pytest.mark.parametrize("number", [99, 2**70])
def test_a_version_that_never_was_is_not_found(client, number):
    assert client.get(f"/rules/versions/{number}").status_code == 404


def test_a_scheduled_version_is_taken_back_and_members_are_told(as_staff, as_member):
    member_id = make_member()
    client = as_staff("owner")
    draft(THIRTY)
    publish(client, effective_at="2026-04-01T00:00")
    tell_everything()

    assert client.post("/merchant/rulebook/versions/2/withdrawal", data={"reason": ""}).status_code == 422
    assert (
        client.post("/merchant/rulebook/versions/2/withdrawal", data={"reason": "算错了"}).status_code == 303
    )
    tell_everything()

    assert "已撤回" in client.get("/merchant/rulebook/versions/2").text
    assert "规则不变了" in as_member(member_id).get("/member/notifications").text
    assert "已经撤回" not in client.get("/rules").text
    assert "在生效前撤回了" in client.get("/rules/versions/2").text


def test_going_back_needs_notice_too(as_staff):
    make_member()
    client = as_staff("owner")
    draft(replace(TWENTY, earning=replace(TWENTY.earning, points=2)))
    publish(client)

    client.post("/merchant/rulebook/versions/1/copies")

    assert publish(client, key="k2").status_code == 422
    assert publish(client, key="k2", effective_at="2026-04-01T00:00").status_code == 303


def test_a_preset_becomes_the_draft_and_nothing_else(as_staff):
    client = as_staff("editor")
    page = client.get("/merchant/rulebook/presets").text
    assert all(f'id="preset-{name}"' in page for name in PRESETS)
    assert "成本 10.00%" in page

    assert client.post("/merchant/rulebook/presets/beauty/copies").location == "/merchant/rulebook/draft"
    assert client.post("/merchant/rulebook/presets/nothing/copies").status_code == 404

    assert rulebook_draft().rulebook == PRESETS["beauty"]
    assert rulebook_in_force(MONDAY) == TWENTY


def test_the_cost_is_told_with_a_warning_and_its_reasons(as_staff):
    client = as_staff("owner")
    festival = OffsetWindow(
        name="会员节", starts_at=at("2026-11-01"), ends_at=at("2026-11-12"), points=10, per_cents=100
    )
    draft(replace(TWENTY, offset=replace(TWENTY.offset, windows=(festival,))))

    page = client.get("/merchant/rulebook/draft?margin_percent=40&order_cents=100&used_percent=100").text

    assert "平时约占销售额的 5.00%" in page
    assert "「会员节」期间，新芽、青枝、满枝会员的成本超过销售额的 8.00%" in page
    assert "销售要多 14.29%，利润才和没有积分时一样" in page
    assert client.get("/merchant/rulebook/draft?margin_percent=x").status_code == 200


def test_a_made_up_order_earns_under_both_rulebooks(as_staff):
    make_category("护肤", "skin")
    client = as_staff("owner")
    draft(THIRTY)

    page = client.get(
        "/merchant/rulebook/draft?trial_cents=126&trial_tier=branch&trial_at=&trial_category=skin"
    ).text

    assert "151 分" in page
    assert "75 分" in page
    odd = client.get(
        "/merchant/rulebook/draft?trial_cents=-1&trial_tier=king&trial_category=nowhere&trial_at=x"
    )
    assert odd.status_code == 200
    assert 'id="trial_cents-error"' in odd.text


def test_a_real_order_earns_under_both_as_if_it_were_paid_again_at_its_moment(as_staff):
    first_double = Rule(
        code="first",
        name="首单双倍",
        effect=MultiplyEffect(multiplier_permille=2000),
        conditions=(PurchaseNumberCondition(number=1),),
    )
    member_id = make_member()
    _, variant_id = make_product(points=0, cents=10_000)
    first = buy(member_id, variant_id)
    second = buy(member_id, variant_id, key="second")
    draft(replace(TWENTY, rules=(first_double,)))
    client = as_staff("owner")
    address = (
        "/merchant/rulebook/draft?trial_cents=1&trial_tier=sprout&trial_at=&trial_category=&trial_order="
    )

    page = plain(client.get(address + first.number))
    assert "当时定的是 100 分" in page
    assert "「首单双倍」" in page
    assert "200 分" in page
    page = plain(client.get(address + second.number))
    assert "当时定的是 100 分" in page
    assert "200 分" not in page

    for odd in ("NOSUCH", "%00", "x" * 41):
        assert 'id="trial_order-error"' in client.get(address + odd).text


def test_a_draft_from_before_a_section_existed_can_be_edited(as_staff):
    document = document_of(TWENTY)
    del document["publishing"]
    save_draft(document, staff_id=None, now=MONDAY)
    client = as_staff("owner")

    page = client.get("/merchant/rulebook/sections/publishing")

    assert page.status_code == 200
    assert 'value="30"' in page.text
    assert client.get("/merchant/rulebook/draft").status_code == 200


def test_an_improvement_says_that_it_may_start_at_once(as_staff):
    make_member()
    draft(replace(TWENTY, earning=replace(TWENTY.earning, points=2)))

    assert "可以马上生效" in as_staff("owner").get("/merchant/rulebook/draft").text


def test_the_rules_page_announces_until_it_starts(client, as_staff, clock):
    make_member()
    draft(THIRTY)
    publish(as_staff("owner"), effective_at="2026-04-01T00:00")

    assert 'id="coming-2"' in client.get("/rules").text
    clock.move(days=31)
    assert 'id="coming-2"' not in client.get("/rules").text
    assert MONDAY + timedelta(days=31) > at("2026-04-01")
