"""What worsens anything for members is announced ahead, to each of them once; and can be taken back before it starts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from shop.errors import (
    LaterVersionScheduled,
    NotFound,
    NoticeTooShort,
    PublicationTooEarly,
    SecondPersonNeeded,
    VersionStarted,
)
from shop.extensions import db
from shop.models import AuditEntry, Member, Message
from shop.queries.points.rulebook import document_of, rulebook_in_force, rulebook_versions
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import OffsetWindow, PublishingRule
from shop.services.points import announcing
from shop.services.points.publishing import publish_rulebook, withdraw_version
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff
from tests.races import results_of, run_together
from tests.rules.rulebooks import at

A_DAY = timedelta(days=1)
IN_TIME = at("2026-04-01")
HALF = replace(AT_ONCE, earning=replace(AT_ONCE.earning, per_cents=200))
DEARER = replace(AT_ONCE, offset=replace(AT_ONCE.offset, points=150))


def publish(rulebook, *, starts_at=None, now=MONDAY, key="k1"):
    return publish_rulebook(
        document_of(rulebook), effective_at=starts_at, staff_id=None, note="", now=now, key=key
    )


def notices():
    return db.session.execute(
        select(Message.member_id, Message.kind, Message.params).order_by(Message.member_id, Message.id)
    ).all()


def tell_everything(now=MONDAY):
    while work_off_outbox(now):
        pass


def close_everybody():
    with transaction() as session:
        session.execute(update(Member).values(state="closed"))


def test_what_is_worse_waits_for_its_notice_and_names_the_earliest_date(app):
    make_member()

    with pytest.raises(NoticeTooShort) as refused:
        publish(HALF)
    with pytest.raises(NoticeTooShort):
        publish(HALF, starts_at=IN_TIME - A_DAY)

    assert str(refused.value.earliest_on) == "2026-04-01"
    assert "30" in str(refused.value)
    assert len(rulebook_versions(MONDAY)) == 1
    publish(HALF, starts_at=refused.value.earliest_at)
    assert rulebook_in_force(IN_TIME).earning.per_cents == 200


def test_what_is_better_starts_at_once_and_a_mixture_counts_as_worse(app):
    make_member()
    better = replace(AT_ONCE, earning=replace(AT_ONCE.earning, points=2))

    publish(better)
    with pytest.raises(NoticeTooShort):
        publish(
            replace(better, offset=DEARER.offset, shipping=replace(better.shipping, fee_cents=0)), key="k2"
        )

    assert rulebook_in_force(MONDAY) == better


def test_a_shop_without_members_has_promised_nobody_anything(app):
    make_rulebook()
    publish(HALF)
    make_member()
    close_everybody()
    publish(replace(HALF, offset=DEARER.offset), key="k2")

    assert rulebook_in_force(MONDAY).offset.points == 150


def test_shorter_notice_waits_the_longer_one_and_longer_notice_counts_at_once(app):
    make_member()
    week = replace(AT_ONCE, publishing=PublishingRule(notice_days=7))
    with pytest.raises(NoticeTooShort):
        publish(week, starts_at=MONDAY + 8 * A_DAY)

    publish(week, starts_at=IN_TIME)
    with pytest.raises(NoticeTooShort):  # the version it follows says 7, but the one in force says 30
        publish(
            replace(week, earning=HALF.earning), starts_at=IN_TIME + A_DAY, now=IN_TIME - 9 * A_DAY, key="k2"
        )
    publish(replace(week, earning=HALF.earning), starts_at=IN_TIME + 8 * A_DAY, now=IN_TIME, key="k3")


def test_a_version_is_measured_by_the_one_it_follows(app):
    make_member()
    publish(HALF, starts_at=IN_TIME)

    back = publish(AT_ONCE, starts_at=IN_TIME + A_DAY, key="k2")

    assert rulebook_versions(MONDAY)[0].version == back


def test_a_window_that_is_over_may_go_at_once(app):
    window = OffsetWindow(
        name="节", starts_at=at("2026-02-01"), ends_at=at("2026-02-08"), points=50, per_cents=100
    )
    make_rulebook(replace(AT_ONCE, offset=replace(AT_ONCE.offset, windows=(window,))))
    make_member()

    assert publish(AT_ONCE) == 2


def test_nothing_counts_for_the_past(app):
    make_member()

    with pytest.raises(PublicationTooEarly):
        publish(AT_ONCE, starts_at=MONDAY - timedelta(seconds=1))


def test_the_notice_says_what_the_members_own_points_buy(app):
    make_rulebook(replace(AT_ONCE, offset=replace(AT_ONCE.offset, points=20)))
    rich, poor = make_member(points=1166), make_member()

    publish(replace(AT_ONCE, offset=replace(AT_ONCE.offset, points=30)), starts_at=IN_TIME)
    tell_everything()

    told = {row.member_id: row.params for row in notices()}
    assert told[rich] == {
        "version": 2, "effective_on": "2026-04-01", "points": 1166, "before_cents": 5830, "after_cents": 3886,
    }  # fmt: skip
    assert told[poor] == {"version": 2, "effective_on": "2026-04-01"}


def test_notices_go_out_in_batches_each_member_once(app, monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 3)
    members = [make_member() for _ in range(7)]
    publish(HALF, starts_at=IN_TIME)

    tell_everything()
    announcing.announce_rulebook(2, MONDAY)
    tell_everything()

    assert [row.member_id for row in notices()] == members


def test_a_version_that_changes_nothing_is_no_news(app):
    make_member()
    publish(AT_ONCE)
    tell_everything()

    assert notices() == []


def test_who_has_left_is_not_told(app):
    make_member()
    publish(HALF, starts_at=IN_TIME)
    close_everybody()
    tell_everything()

    assert notices() == []


def test_a_withdrawn_version_never_counts_and_who_was_told_is_told(app):
    first, staff_id = make_member(), make_staff()
    version = publish(HALF, starts_at=IN_TIME)
    tell_everything()
    late = make_member()

    assert withdraw_version(version, staff_id=staff_id, reason="算错了", now=MONDAY + A_DAY)
    assert not withdraw_version(version, staff_id=staff_id, reason="算错了", now=MONDAY + A_DAY)
    tell_everything(MONDAY + A_DAY)

    assert [(row.member_id, row.kind) for row in notices()] == [
        (first, "rulebook_changed"),
        (first, "rulebook_withdrawn"),
    ]
    assert late != first
    assert rulebook_in_force(IN_TIME + A_DAY).earning.per_cents == 100
    assert [each.state for each in rulebook_versions(IN_TIME + A_DAY)] == ["withdrawn", "in_force"]
    assert "rulebook.withdraw" in db.session.scalars(select(AuditEntry.action)).all()


def test_a_withdrawal_stops_notices_that_have_not_gone_out(app):
    make_member()
    version = publish(HALF, starts_at=IN_TIME)
    withdraw_version(version, staff_id=make_staff(), reason="", now=MONDAY)

    tell_everything()

    assert notices() == []


def test_what_has_started_or_is_followed_cannot_be_withdrawn(app):
    make_member()
    staff_id = make_staff()
    first, second = publish(HALF, starts_at=IN_TIME), publish(DEARER, starts_at=IN_TIME + A_DAY, key="k2")

    with pytest.raises(LaterVersionScheduled):
        withdraw_version(first, staff_id=staff_id, reason="", now=MONDAY)
    with pytest.raises(VersionStarted):
        withdraw_version(second, staff_id=staff_id, reason="", now=IN_TIME + A_DAY)
    with pytest.raises(NotFound):
        withdraw_version(99, staff_id=staff_id, reason="", now=MONDAY)

    withdraw_version(second, staff_id=staff_id, reason="", now=MONDAY)
    withdraw_version(first, staff_id=staff_id, reason="", now=MONDAY)


def test_a_withdrawal_happens_once_even_at_once(app):
    make_member()
    staff_id, version = make_staff(), publish(HALF, starts_at=IN_TIME)

    outcomes = run_together([lambda: withdraw_version(version, staff_id=staff_id, reason="", now=MONDAY)] * 8)

    assert sorted(results_of(outcomes)) == [False] * 7 + [True]


def test_with_a_second_person_nobody_publishes_alone(app):
    make_rulebook(replace(AT_ONCE, publishing=PublishingRule(second_person=True)))

    with pytest.raises(SecondPersonNeeded):
        publish(AT_ONCE)
