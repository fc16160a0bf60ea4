"""What the stories of tiers share: rulebooks with terms, purchases, and looks at what became of a member."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from shop.extensions import db
from shop.models import Member, Message, TierChange
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import TierPolicy, TierRule
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from tests.factories import AT_ONCE, make_rulebook

ZONE = ZoneInfo("Asia/Shanghai")
SPEND = TierPolicy(measure="spend", window="rolling_12_months", kept_months=12)


def at(text):
    """A moment of the shop's calendar."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def step(code, growth_from, **benefits):
    return TierRule(code=code, name=code, growth_from=growth_from, multiplier_permille=1000, **benefits)


def ladder(**benefits):
    """Plain, silver from ¥1,000, gold from ¥5,000; benefits by code."""
    return tuple(
        step(code, growth_from, **benefits.get(code, {}))
        for code, growth_from in (("plain", 0), ("silver", 1000), ("gold", 5000))
    )


def make_rules(policy=SPEND, *, tiers=None, effective_at="2020-01-01", **policy_values):
    rules = replace(AT_ONCE, tiers=tiers or ladder(), tier_policy=replace(policy, **policy_values))
    return make_rulebook(rules, effective_at=at(effective_at))


def spend(member_id, yuan, on, name):
    """A purchase at the till, and everything that follows from it."""
    now = at(on)
    lines = (ReportedLine(cents=yuan * 100, sku="L1"),)
    record_purchase(member_id, ReportedPurchase(source="till", external_id=name, at=now, lines=lines), now)
    tell_all(now)


def give_back(name, yuan, on):
    now = at(on)
    refund_purchase(
        ReportedRefund(source="till", external_id=name, refund_id=f"{name}-{on}", cents=yuan * 100), now
    )
    tell_all(now)


def tell_all(now):
    """Everything that happened is told, and what follows from that as well."""
    while work_off_outbox(now):
        pass


def tier_of(member_id):
    db.session.rollback()
    return db.session.scalar(select(Member.tier_code).where(Member.id == member_id))


def until_of(member_id):
    db.session.rollback()
    return db.session.scalar(select(Member.tier_until_at).where(Member.id == member_id))


def history_of(member_id):
    """(to, why) of each change, in order."""
    db.session.rollback()
    rows = db.session.execute(
        select(TierChange.to_code, TierChange.why)
        .where(TierChange.member_id == member_id)
        .order_by(TierChange.id)
    )
    return [tuple(row) for row in rows]


def messages_of(member_id):
    db.session.rollback()
    return db.session.scalars(
        select(Message.kind)
        .where(Message.member_id == member_id, Message.kind.like("tier%"))
        .order_by(Message.id)
    ).all()
