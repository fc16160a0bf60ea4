"""Drawing: paid once, decided by the odds that are shown, never beyond stock, budget and chances."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from shop.books import tickets
from shop.books.rulebooks import occasion_at
from shop.errors import (
    DrawClosed,
    InsufficientPoints,
    KeyReused,
    MemberSuspended,
    NoChancesLeft,
    NotFound,
    PrizesGone,
    QuoteChanged,
)
from shop.extensions import db
from shop.models import Draw, DrawAttempt, DrawDay, Member
from shop.queries.engagement.attempts import days_of, verify
from shop.queries.engagement.draws import chances_of, draw_page
from shop.queries.points.balance import balance_of
from shop.rules.engagement.draw import commitment, roll
from shop.services.engagement.draws import open_draw_days
from shop.transaction import transaction
from tests.draws import FEW_POINTS, SURE, THANKS, attempt_row, draw_once, make_draw, prize_named
from tests.factories import MONDAY, make_member, make_product, make_rulebook
from tests.races import errors_of, results_of, run_together

A_DAY = timedelta(days=1)
ONLY_POINTS = [{**FEW_POINTS, "weight_ppm": 1_000_000}]


def attempts_made():
    return db.session.scalar(select(func.count()).select_from(DrawAttempt))


def test_free_chance_goes_first_then_a_ticket_then_points(app):
    draw_id = make_draw(SURE)
    member_id = make_member(points=200)
    with transaction():
        tickets.give(member_id, draw_id, 1, reference="gift:1", source="gift", occasion=occasion_at(MONDAY))

    paid = [attempt_row(draw_once(member_id, f"attempt-{number}")).paid_with for number in range(3)]

    assert paid == ["free", "ticket", "points"]
    assert balance_of(member_id, MONDAY).available == 150


def test_points_prize_is_credited_with_its_reason(app):
    make_draw(ONLY_POINTS)
    member_id = make_member()

    draw_once(member_id, "attempt-1")

    assert balance_of(member_id, MONDAY).available == 20


def test_retry_with_the_same_key_is_the_same_result(app):
    make_draw()
    member_id = make_member(points=500)
    draw_once(member_id, "free-one")

    outcomes = run_together([lambda: draw_once(member_id, "attempt-1")] * 20)

    assert not errors_of(outcomes)
    assert len(set(results_of(outcomes))) == 1
    assert attempts_made() == 2


def test_key_of_another_draw_is_refused(app):
    make_draw()
    make_draw(slug="other")
    member_id = make_member()
    draw_once(member_id, "attempt-1")
    with transaction() as session:
        session.execute(update(Draw).where(Draw.slug == "weekend").values(slug="first"))
        session.execute(update(Draw).where(Draw.slug == "other").values(slug="weekend"))

    with pytest.raises(KeyReused):
        draw_once(member_id, "attempt-1")


def test_two_members_may_use_the_same_key(app):
    make_draw()
    first, second = make_member(), make_member()

    assert draw_once(first, "attempt-1") != draw_once(second, "attempt-1")


def test_fifty_draws_on_three_prizes_have_three_winners(app):
    bear = {"title": "小熊", "kind": "product", "weight_ppm": 999_999, "stock": 3, "market_price_cents": 4200}
    _product, bear["variant_id"] = make_product(on_hand=10)
    make_draw([bear, {**THANKS, "weight_ppm": 1, "is_consolation": True}])
    members = [make_member() for _ in range(50)]

    outcomes = run_together([lambda member=member: draw_once(member, "attempt-1") for member in members])

    assert not errors_of(outcomes)
    won = Counter(attempt_row(attempt_id).odds["won"]["title"] for attempt_id in results_of(outcomes))
    assert won == {"小熊": 3, "谢谢路过": 47}
    assert prize_named("小熊").won == 3


def test_attempts_of_a_day_are_limited_also_at_once(app):
    make_draw(SURE, attempts_per_day=3, price_points=0)
    member_id = make_member()

    outcomes = run_together([lambda n=number: draw_once(member_id, f"attempt-{n}") for number in range(10)])

    assert len(results_of(outcomes)) == 3
    assert {type(error) for error in errors_of(outcomes)} == {NoChancesLeft}


def test_chances_come_back_at_midnight_of_the_shop(app):
    make_draw(SURE, attempts_per_day=1)
    member_id = make_member()
    before = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    draw_once(member_id, "attempt-1", now=before)

    assert chances_of("weekend", member_id, before).next == "none"
    assert chances_of("weekend", member_id, before + timedelta(seconds=1)).next == "free"
    draw_once(member_id, "attempt-2", now=before + timedelta(seconds=1))


def test_budget_of_the_day_ends_points_prizes_and_the_odds_say_so(app):
    make_draw([FEW_POINTS, THANKS], budget_points_per_day=30, free_per_day=10)
    member_id = make_member()
    kinds = [
        attempt_row(draw_once(member_id, f"attempt-{number}")).odds["won"]["kind"] for number in range(10)
    ]

    page = draw_page("weekend", MONDAY, member_id)

    assert kinds.count("points") == 1
    assert {row.title: row.parts for row in page.odds} == {"20 积分": 0, "谢谢路过": 1_000_000}
    assert page.consolation == "谢谢路过"


def test_budget_without_a_prize_that_gives_nothing_ends_the_day(app):
    make_draw(ONLY_POINTS, budget_points_per_day=30, free_per_day=10)
    member_id = make_member()
    draw_once(member_id, "attempt-1")

    with pytest.raises(PrizesGone):
        draw_once(member_id, "attempt-2")

    assert draw_page("weekend", MONDAY, member_id).is_used_up
    assert chances_of("weekend", member_id, MONDAY).left == 9


def test_odds_shown_are_the_odds_used(app):
    make_draw()
    member_id = make_member()
    shown = {row.prize_id: row.parts for row in draw_page("weekend", MONDAY, member_id).odds}

    used = attempt_row(draw_once(member_id, "attempt-1")).odds["prizes"]

    assert {each["id"]: each["parts"] for each in used} == shown


def test_result_can_be_worked_out_from_the_opened_seed(app):
    draw_id = make_draw()
    member_id = make_member()
    made = attempt_row(draw_once(member_id, "attempt-1", text="我的字"))
    promised = days_of(draw_id, MONDAY)[0]

    opened = days_of(draw_id, MONDAY + A_DAY)[0]

    assert promised.seed is None
    assert commitment(bytes.fromhex(opened.seed)) == promised.commitment
    assert roll(bytes.fromhex(opened.seed), "我的字", made.counter) == made.roll
    assert verify(draw_id, made.day, made.counter, member_id, MONDAY) is None
    proof = verify(draw_id, made.day, made.counter, member_id, MONDAY + A_DAY)
    assert proof.matches
    assert proof.text == "我的字"
    assert verify(draw_id, made.day, made.counter, None, MONDAY + A_DAY).text is None


def test_commitments_of_today_and_tomorrow_stand_before_any_attempt(app):
    make_rulebook()
    draw_id = make_draw()

    open_draw_days(MONDAY)
    open_draw_days(MONDAY)

    days = list(db.session.scalars(select(DrawDay.day).order_by(DrawDay.day)))
    assert days == [MONDAY.date(), (MONDAY + A_DAY).date()]
    assert len(days_of(draw_id, MONDAY)) == 1


def test_dearer_than_agreed_charges_nothing(app):
    make_draw(SURE, free_per_day=0)
    member_id = make_member(points=100)

    with pytest.raises(QuoteChanged):
        draw_once(member_id, "attempt-1", agreed_points=30)

    assert balance_of(member_id, MONDAY).available == 100
    assert attempts_made() == 0


def test_without_points_nothing_moves(app):
    make_draw(SURE, free_per_day=0)
    member_id = make_member(points=20)

    with pytest.raises(InsufficientPoints):
        draw_once(member_id, "attempt-1")

    assert chances_of("weekend", member_id, MONDAY).left == 10


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"state": "closed"}, DrawClosed),
        ({"state": "draft"}, NotFound),
        ({"starts_at": MONDAY + A_DAY}, DrawClosed),
        ({"ends_at": MONDAY}, DrawClosed),
    ],
    ids=["closed", "draft", "not yet", "over"],
)
def test_draw_that_is_not_open_refuses(app, values, error):
    make_draw(SURE, **values)
    member_id = make_member()

    with pytest.raises(error):
        draw_once(member_id, "attempt-1")


def test_suspended_member_cannot_draw(app):
    make_draw(SURE)
    member_id = make_member()
    with transaction() as session:
        session.execute(update(Member).where(Member.id == member_id).values(state="suspended"))

    with pytest.raises(MemberSuspended):
        draw_once(member_id, "attempt-1")
