"""The tier page: where one stands, what is missing, and a step that points can buy."""

from dataclasses import replace

import pytest

from shop.rules.rulebook import TierPolicy
from shop.services.merchant.tiers import grant_tier
from tests.factories import MONDAY, make_member, make_staff
from tests.services.points.tier_stories import at, history_of, ladder, make_rules, spend, tier_of
from tests.walks import Person

FOR_SALE = ladder(
    silver={"price_points": 2000, "free_shipping": True, "birthday_points": 100},
    gold={"price_points": 5000, "monthly_tickets": 2},
)


@pytest.fixture
def monday(clock):
    clock.stand_at(MONDAY)


def member(points=0, **values):
    return make_member(**{"points": points, "tier_code": "plain", "now": MONDAY, **values})


def test_the_page_tells_the_way_in_the_measure_of_the_rules(as_member, monday):
    make_rules(window="calendar_year", tiers=FOR_SALE)
    member_id = member()
    spend(member_id, 780, "2026-03-01T10:00", "a")

    page = as_member(member_id).get("/member/tier").text

    assert "再消费 ¥220.00（12 月 31 日前）升到silver" in page.replace("\u00a0", " ")
    assert "¥780.00 / ¥1,000.00" in page
    assert 'class="bar' in page
    assert "v-78" in page


def test_the_page_tells_the_end_and_what_keeps_the_tier(as_member, clock):
    make_rules()
    member_id = member()
    spend(member_id, 1200, "2026-03-02T10:00", "a")
    spend(member_id, 780, "2026-08-01T10:00", "b")
    clock.stand_at(at("2027-02-20T12:00"))

    page = as_member(member_id).get("/member/tier").text.replace("\u00a0", " ")

    assert "silver保到2027 年 3 月 2 日，到时还差 ¥220.00 就回到plain。" in page
    assert "升到silver · 达到了" in page
    assert "消费 ¥1,200.00，要 ¥1,000.00" in page


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        ("growth", "再有 1,000 成长值升到silver"),
        ("points", "再得 1,000 积分升到silver"),
        ("orders", "再完成 1,000 单升到silver"),
        ("spend", "再消费 ¥1,000.00 升到silver"),
    ],
)
def test_every_measure_has_its_sentence(as_member, monday, measure, sentence):
    make_rules(TierPolicy(measure=measure))

    page = as_member(member()).get("/member/tier").text.replace("\u00a0", " ")

    assert sentence in page


def test_the_highest_tier_has_no_way_above(as_member, monday):
    make_rules(TierPolicy())

    page = as_member(member(growth=9000, tier_code="gold")).get("/member/tier").text

    assert "已经是最高一级" in page


def test_a_walk_without_script_buys_a_tier(as_member, monday):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = member(points=3000)

    walk = Person(as_member(member_id)).open("/member/tier").follow("升到silver")
    walk.reads("用 2,000 积分升到silver？", "升完剩 1,000")
    walk.press("升级").reads("升级好了", "升到silver · 用积分升的")

    assert tier_of(member_id) == "silver"
    assert "升到silver会员" in as_member(member_id).get("/member/points").text


def test_who_lacks_points_is_told_how_many(as_member, monday):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = member(points=1500)
    client = as_member(member_id)

    assert "还差 500" in client.get("/member/tier?buy=silver").text.replace("\u00a0", " ")
    sent = {"code": "silver", "agreed_points": "2000", "idempotency_key": "a-key-of-a-page"}
    assert client.post("/member/tier/purchases", data=sent).status_code == 303
    assert client.fragment("/member/tier/purchases", method="POST", data=sent).status_code == 409
    assert history_of(member_id) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"code": "silver", "agreed_points": "2000"},
        {"code": "silver", "idempotency_key": "a-key-of-a-page"},
        {"code": "SILVER", "agreed_points": "2000", "idempotency_key": "a-key-of-a-page"},
        {"code": "silver", "agreed_points": "1e3", "idempotency_key": "a-key-of-a-page"},
        {"code": "silver", "agreed_points": "-1", "idempotency_key": "a-key-of-a-page"},
        {"code": "silver", "agreed_points": "2000", "idempotency_key": "x"},
    ],
)
def test_what_is_malformed_buys_nothing(as_member, monday, sent):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = member(points=3000)

    answer = as_member(member_id).fragment("/member/tier/purchases", method="POST", data=sent)

    assert answer.status_code == 422
    assert history_of(member_id) == []


def test_a_dearer_price_is_shown_again(as_member, monday):
    make_rules(TierPolicy(), tiers=FOR_SALE)
    member_id = member(points=3000)
    client = as_member(member_id)
    dearer = (FOR_SALE[0], replace(FOR_SALE[1], price_points=2500), FOR_SALE[2])
    make_rules(TierPolicy(), tiers=dearer, effective_at="2021-01-01")

    sent = {"code": "silver", "agreed_points": "2000", "idempotency_key": "a-key-of-a-page"}
    answer = client.fragment("/member/tier/purchases", method="POST", data=sent)

    assert answer.status_code == 409
    assert "2,500 积分" in answer.text
    assert tier_of(member_id) == "plain"


def test_the_table_shows_what_at_least_one_step_has(as_member, monday):
    make_rules(TierPolicy(), tiers=FOR_SALE)

    page = as_member(member()).get("/member/tier").text

    for label in ("消费得分", "包邮", "生日礼", "每月抽奖券", "用积分升"):
        assert f'<th scope="row">{label}</th>' in page
    assert '<th scope="row">签到得分</th>' not in page
    assert '<th scope="row">每月优惠券</th>' not in page


def test_free_shipping_belongs_to_the_tier(as_member, monday):
    from shop.queries.orders.quote import Ask, checkout_of
    from tests.factories import make_product
    from tests.services.orders.stories import sku_of

    make_rules(TierPolicy(), tiers=FOR_SALE)
    _product, variant_id = make_product(points=100, cents=1000)
    sku = sku_of(variant_id)
    plain, silver = member(points=500), member(points=500, tier_code="silver")

    fees = [
        checkout_of(each, Ask(sku=sku, quantity=1), MONDAY).quote.shipping_cents for each in (plain, silver)
    ]

    assert fees == [800, 0]
    rules = as_member(silver).get("/rules").text
    assert "silver还有：全部包邮；生日送 100 积分，30 天内有效" in rules.replace("\u00a0", " ")


def test_staff_give_and_take_back_a_tier(as_staff, monday):
    make_rules()
    member_id = member()
    walk = Person(as_staff("support")).open(f"/merchant/members/{member_id}").follow("给或收回等级")

    walk.press("给这个等级", code="gold", until_on="2026-06-30", reason="老朋友").reads(
        "等级给好了", "老朋友"
    )
    assert tier_of(member_id) == "gold"
    walk.follow("给或收回等级").press("收回这个等级", reason="给错了").reads("已收回")

    assert history_of(member_id) == [("gold", "granted"), ("plain", "withdrawn")]


@pytest.mark.parametrize("role", ["editor", "cashier"])
def test_who_may_not_adjust_may_not_give(as_staff, monday, role):
    make_rules()
    member_id = member()
    client = as_staff(role)

    assert client.get(f"/merchant/members/{member_id}/tier").status_code == 403
    assert client.post(f"/merchant/members/{member_id}/tier", data={}).status_code == 403
    assert client.post(f"/merchant/members/{member_id}/tier/withdrawal", data={}).status_code == 403
    assert "给或收回等级" not in client.get(f"/merchant/members/{member_id}").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"code": "plain"}, 422),
        ({"code": "ruby"}, 422),
        ({"until_on": "2026-02-30"}, 422),
        ({"until_on": "2026-03-01"}, 422),
        ({"until_on": ""}, 422),
        ({"reason": ""}, 422),
        ({"reason": "\u202e"}, 422),
        ({"idempotency_key": ""}, 422),
    ],
)
def test_what_is_wrong_is_told_in_the_form(as_staff, monday, sent, status):
    make_rules()
    member_id = member()
    good = {
        "code": "gold",
        "until_on": "2026-06-30",
        "reason": "老朋友",
        "idempotency_key": "a-key-of-a-page",
    }

    answer = as_staff("owner").post(f"/merchant/members/{member_id}/tier", data={**good, **sent})

    assert answer.status_code == status
    assert tier_of(member_id) == "plain"
    assert history_of(member_id) == []


def test_the_audit_trail_says_it_in_words(as_staff, monday):
    make_rules()
    member_id = member()
    staff_id = make_staff()
    until_on = MONDAY.date().replace(month=6)
    grant_tier(
        member_id, "gold", until_on=until_on, reason="老朋友", staff_id=staff_id, key="one", now=MONDAY
    )

    page = as_staff("owner").get("/merchant/audit").text

    assert "给会员等级" in page
    assert "老朋友" in page
