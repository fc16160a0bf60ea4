"""The pack of a newcomer: points, coupons and draw tickets, once for each phone, told in one message."""

from dataclasses import replace

from sqlalchemy import select, update

from shop.books import tickets
from shop.crypto import blind_index
from shop.extensions import db
from shop.models import CouponTemplate, Member, Message, NewcomerPack
from shop.queries.members.newcomers import newcomer_pack, newcomer_promise
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import PointsEffect, Rule
from shop.rules.rulebook.sections.people import NewcomerCoupon, NewcomerRule
from shop.services.members.newcomers import give_newcomer_pack
from shop.services.members.registration import register
from shop.transaction import transaction
from shop.web.message_texts import words_of
from tests.coupons import coupons_of, give_coupon, make_template
from tests.draws import make_draw
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook
from tests.races import run_together

PHONE = "+8613900001111"
THIRTY = Rule(
    code="hello",
    name="新会员",
    event="registered",
    effect=PointsEffect(points=30),
    source_class="interaction",
)


def publish(*coupons: tuple[str, int], tickets: int = 0, rules: tuple[Rule, ...] = (THIRTY,)) -> None:
    pack = NewcomerRule(
        coupons=tuple(NewcomerCoupon(code=code, pieces=pieces) for code, pieces in coupons), tickets=tickets
    )
    make_rulebook(replace(AT_ONCE, rules=rules, newcomer=pack))


def join(phone: str = PHONE) -> int:
    register(phone, "shifen-demo", name="朋友", place="here", device="phone", now=MONDAY)
    return db.session.scalars(select(Member.id).where(Member.phone_index == blind_index(phone))).one()


def told(member_id: int) -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(
        select(Message.kind, Message.params).where(Message.member_id == member_id).order_by(Message.id)
    )
    return [(row.kind, words_of(row.kind, row.params).body) for row in rows]


def test_everything_comes_at_once_and_is_told_in_one_message(app):
    draw_id = make_draw()
    publish((make_template(code="ten"), 1), (make_template(code="five", name="5 元券"), 2), tickets=3)
    me = join()

    work_off_outbox(MONDAY)

    assert balance_of(me, MONDAY).available == 30
    assert sorted(each.terms["name"] for each in coupons_of(me)) == ["10 元券", "5 元券", "5 元券"]
    assert tickets.left(me, draw_id) == 3
    assert [kind for kind, _body in told(me)] == ["welcome_pack"]
    assert "30 积分、2 张「5 元券」、1 张「10 元券」、3 张抽奖券" in told(me)[0][1]


def test_points_last_as_their_class_says(app):
    publish()
    me = join()

    work_off_outbox(MONDAY)

    last_on = balance_of(me, MONDAY).expiring[0].last_on
    assert (last_on - MONDAY.date()).days == 90


def test_what_ran_out_is_said_and_the_rest_comes(app):
    publish((make_template(code="gone", total_limit=1, issued=0), 2), tickets=2)
    me = join()

    work_off_outbox(MONDAY)

    pack = newcomer_pack(me, MONDAY)
    assert (pack.points, pack.coupons, pack.tickets) == (30, (("10 元券", 1),), 0)
    assert (pack.missing_coupons, pack.misses_tickets) == (("10 元券",), True)
    kind, body = told(me)[0]
    assert kind == "welcome_pack_short"
    assert "「10 元券」、抽奖券不巧已经发完" in body


def test_a_pack_of_which_nothing_is_left_says_so(app):
    publish((make_template(code="off", state="off"), 1), rules=())
    me = join()

    work_off_outbox(MONDAY)

    assert [kind for kind, _body in told(me)] == ["welcome_pack_gone"]


def test_without_a_pack_the_welcome_is_the_usual_one(app):
    publish(rules=())
    me = join()

    work_off_outbox(MONDAY)

    assert [kind for kind, _body in told(me)] == ["welcome"]
    assert newcomer_pack(me, MONDAY) is None


def test_a_phone_that_comes_again_gets_nothing_more(app):
    publish((make_template(code="ten"), 1))
    first = join()
    work_off_outbox(MONDAY)
    with transaction() as session:
        session.execute(
            update(Member).where(Member.id == first).values(phone_index="erased", state="closed"),
            execution_options={"synchronize_session": False},
        )

    again = join()
    work_off_outbox(MONDAY)

    assert again != first
    assert balance_of(again, MONDAY).available == 0
    assert coupons_of(again) == []
    assert [kind for kind, _body in told(again)] == ["welcome"]


def test_what_is_not_offered_is_not_promised(app):
    gone = make_template(code="gone", total_limit=1)
    publish((gone, 1), (make_template(code="off", state="off"), 1), tickets=2)
    give_coupon(make_member(), gone)

    promise = newcomer_promise(MONDAY)

    assert (promise.points, promise.coupons, promise.tickets) == (30, (), 0)


def test_many_at_once_give_one_pack(app):
    publish((make_template(code="ten"), 1))
    me = join()

    outcomes = run_together([lambda: give_newcomer_pack(me, MONDAY)] * 6)

    assert sorted(each.result for each in outcomes) == [False] * 5 + [True]
    assert len(coupons_of(me)) == 1
    assert db.session.scalars(select(CouponTemplate.issued)).all() == [1]
    assert db.session.scalars(select(NewcomerPack.coupons)).all() == [["ten"]]


def test_the_promise_is_what_comes(app):
    make_draw()
    publish((make_template(code="ten"), 2), tickets=1)
    promise = newcomer_promise(MONDAY)
    me = join()
    assert newcomer_pack(me, MONDAY).is_coming

    work_off_outbox(MONDAY)

    came = newcomer_pack(me, MONDAY)
    assert (promise.points, promise.coupons, promise.tickets) == (came.points, came.coupons, came.tickets)
    assert not came.is_coming
