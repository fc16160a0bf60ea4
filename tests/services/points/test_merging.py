"""One person had two accounts: everything follows, nothing is lost or doubled, and for a week there is a way back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.errors import InvalidInput, MergeNotReversible, MergeRefused, NotFound
from shop.extensions import db
from shop.models import Login, Member, MemberMerge, Message, Order, Watch
from shop.queries.points.balance import balance_of
from shop.reactions.dispatch import work_off_outbox
from shop.services.catalogue.watches import watch
from shop.services.members.logins import log_in
from shop.services.orders.refunding import refund_order
from shop.services.points.freezing import Freeze, freeze_points
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.merging import merge_members, undo_merge
from tests.announcing import announce_before
from tests.books.points.shelves import claw_back, spend
from tests.factories import MONDAY, PASSWORD, give_points, make_member, make_product, make_staff
from tests.races import results_of, run_together
from tests.services.orders.stories import account_of, buy, growth_of, place
from tests.services.orders.test_refunding import receive, wish

A_DAY = timedelta(days=1)
PHONE = "+8613855556666"


def merge(from_id, into_id, now=MONDAY):
    return merge_members(from_id, into_id, reason="同一个人", staff_id=make_staff("owner"), now=now)


def undo(merge_id, now=MONDAY + A_DAY):
    return undo_merge(merge_id, reason="弄错人了", staff_id=make_staff("owner"), now=now)


def lapses(member_id, now=MONDAY):
    return [(lapse.points, lapse.expires_at) for lapse in balance_of(member_id, now).expiring]


def test_each_lot_moves_with_its_class_and_end(app):
    old, new = make_member(points=100), make_member(points=5)
    give_points(old, 40, source_class="interaction")
    before = lapses(old)

    merged = merge(old, new)

    assert merged.points == 140
    assert lapses(old) == []
    assert sorted(lapses(new)) == sorted([(40, before[0][1]), (105, before[1][1])])


def test_what_was_announced_stays_announced(app):
    old, new = make_member(), make_member()
    give_points(old, 40, source_class="interaction")
    end = lapses(old)[0][1]
    announce_before(end)
    merge(old, new, end - A_DAY * 7)

    assert sweep_expired_lots(end) == 1
    assert account_of(new).balance_points == 0


def test_the_old_login_ends_and_the_other_goes_on(app):
    old, new = make_member(phone=PHONE), make_member()
    token = log_in(PHONE, PASSWORD, place="here", device="phone", now=MONDAY)

    merge(old, new)

    assert token
    assert db.session.scalar(select(Login.revoked_at).where(Login.member_id == old)) == MONDAY
    assert db.session.get_one(Member, old).state == "closed"


def test_orders_favourites_and_growth_follow(app):
    old, new = make_member(points=0), make_member()
    _product, variant_id = make_product(points=0, cents=10_000)
    placed = buy(old, variant_id)
    receive(placed, old, MONDAY + A_DAY)
    liked, _variant = make_product()
    slug = db.session.scalar(select(Watch.id))
    assert slug is None
    from shop.models import Product

    watch(old, db.session.get_one(Product, liked).slug, "favourite", MONDAY)

    merge(old, new, MONDAY + A_DAY * 2)

    assert db.session.scalar(select(Order.member_id)) == new
    assert db.session.scalar(select(Watch.member_id)) == new
    assert (growth_of(old), growth_of(new)) == (0, 100)


def test_a_refund_of_an_old_order_comes_to_the_new_account(app):
    old, new = make_member(points=1000), make_member()
    _product, variant_id = make_product(points=680, cents=5_000)
    placed = buy(old, variant_id)
    receive(placed, old, MONDAY + A_DAY)
    merge(old, new, MONDAY + A_DAY * 2)
    before = balance_of(new, MONDAY + A_DAY * 3).available

    refund_order(placed.number, wish(placed, 1), "one", MONDAY + A_DAY * 3)

    after = balance_of(new, MONDAY + A_DAY * 3).available
    assert after == before + 680 - 50
    assert account_of(old).balance_points == 0


def test_what_is_owed_moves_and_is_taken_from_what_the_other_has(app):
    old, new = make_member(points=10), make_member(points=30)
    claw_back(old, 50, "c")
    assert account_of(old).debt_points == 40

    merge(old, new)

    assert (account_of(old).debt_points, account_of(old).balance_points) == (0, 0)
    assert (account_of(new).balance_points, account_of(new).debt_points) == (0, 10)


def test_within_a_week_what_is_left_goes_back(app):
    old, new = make_member(points=100), make_member(points=5)
    give_points(old, 40, source_class="interaction")
    before = lapses(old)
    merged = merge(old, new)
    spend(new, 30, "a", now=MONDAY)

    assert undo(merged.merge_id) == 110

    assert lapses(old) == [(10, before[0][1]), (100, before[1][1])]
    assert balance_of(new, MONDAY).available == 5
    assert db.session.get_one(Member, old).state == "active"


def test_orders_go_back_with_their_growth(app):
    old, new = make_member(), make_member()
    _product, variant_id = make_product(points=0, cents=10_000)
    placed = buy(old, variant_id, quantity=2)
    receive(placed, old, MONDAY + A_DAY)
    merged = merge(old, new, MONDAY + A_DAY * 2)
    refund_order(placed.number, wish(placed, 1), "one", MONDAY + A_DAY * 3)

    undo(merged.merge_id, MONDAY + A_DAY * 4)

    assert db.session.scalar(select(Order.member_id)) == old
    assert (growth_of(old), growth_of(new)) == (100, 0)


def test_after_a_week_or_twice_there_is_no_way_back(app):
    old, new = make_member(points=100), make_member()
    merged = merge(old, new)

    with pytest.raises(MergeNotReversible):
        undo(merged.merge_id, MONDAY + A_DAY * 8)
    undo(merged.merge_id)
    with pytest.raises(MergeNotReversible):
        undo(merged.merge_id)


def test_they_can_be_merged_again_after_that(app):
    old, new = make_member(points=100), make_member()
    undo(merge(old, new).merge_id)

    merge(old, new, MONDAY + A_DAY * 2)

    assert balance_of(new, MONDAY + A_DAY * 2).available == 100


@pytest.mark.parametrize("cause", ["same", "closed", "frozen", "unpaid", "merged"])
def test_accounts_that_cannot_be_merged_as_they_stand(app, cause):
    old, new = make_member(points=1000), make_member()
    if cause == "same":
        new = old
    elif cause == "closed":
        merge(new, make_member())
    elif cause == "frozen":
        freeze_points(old, Freeze(True, False, "核实", (MONDAY + A_DAY * 9).date(), make_staff()), MONDAY)
    elif cause == "unpaid":
        _product, variant_id = make_product(points=10, cents=500)
        place(old, variant_id)
    else:
        merge(make_member(), old)

    with pytest.raises(MergeRefused) as refused:
        merge(old, new)

    assert refused.value.cause == cause


def test_nobody_and_no_reason_are_refused(app):
    old, new = make_member(), make_member()

    with pytest.raises(NotFound):
        merge(old, 999_999)
    with pytest.raises(InvalidInput):
        merge_members(old, new, reason=" ", staff_id=make_staff(), now=MONDAY)


def test_twenty_at_once_are_one_merge_and_one_message(app):
    old, new = make_member(points=100), make_member()
    staff_id = make_staff("owner")

    outcomes = run_together(
        [lambda: merge_members(old, new, reason="同一个人", staff_id=staff_id, now=MONDAY)] * 20
    )
    while work_off_outbox(MONDAY):
        pass

    assert {merged.merge_id for merged in results_of(outcomes)} == {db.session.scalar(select(MemberMerge.id))}
    assert balance_of(new, MONDAY).available == 100
    told = db.session.scalars(select(Message.params).where(Message.kind == "accounts_merged")).all()
    assert told == [{"points": 100}]
