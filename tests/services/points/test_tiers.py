"""The tier follows the growth: up at once, down only after refunds."""

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Member, Message
from shop.queries.points.tier import standing_of
from shop.reactions.dispatch import work_off_outbox
from shop.services.points.tiers import check_tier
from tests.factories import MONDAY, make_member


def tier_of(member_id):
    db.session.rollback()
    return db.session.scalar(select(Member.tier_code).where(Member.id == member_id))


@pytest.mark.parametrize(
    ("growth", "tier"),
    [(0, "sprout"), (499, "sprout"), (500, "branch"), (1999, "branch"), (2000, "crown"), (9999, "fruit")],
)
def test_growth_lifts_to_its_tier(app, growth, tier):
    member_id = make_member(growth=growth)

    check_tier(member_id, MONDAY)

    assert tier_of(member_id) == tier


def test_a_new_tier_is_told_once(app):
    member_id = make_member(growth=500)

    assert check_tier(member_id, MONDAY) == "branch"
    assert check_tier(member_id, MONDAY) is None
    work_off_outbox(MONDAY)

    assert db.session.scalars(select(Message.kind)).all() == ["tier_changed"]


def test_only_a_refund_lets_a_member_fall(app):
    member_id = make_member(growth=400, tier_code="branch")

    assert check_tier(member_id, MONDAY) is None
    assert check_tier(member_id, MONDAY, may_fall=True) == "sprout"


def test_the_standing_tells_the_way_to_the_next_tier(app):
    standing = standing_of(make_member(growth=1620, tier_code="branch"), MONDAY)

    way = standing.progress
    assert (standing.tier.name, way.next.name, way.missing, way.percent) == ("青枝", "满枝", 380, 81)
    assert standing_of(make_member(growth=7000, tier_code="fruit"), MONDAY).progress.next is None
