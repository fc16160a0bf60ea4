"""A rulebook is published as the next version; what happened before keeps its own."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import DraftMissing, PublicationTooEarly, RulebookRefused
from shop.extensions import db
from shop.models import AuditEntry, Message, PointsEntry, RulebookVersion
from shop.queries.points.presets import PRESET_NAMES, preset_document
from shop.queries.points.rulebook import document_of, rulebook_draft, rulebook_in_force, rulebook_versions
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import DEFAULT_RULEBOOK
from shop.services.points.publishing import (
    discard_draft,
    install_default_rulebook,
    publish_draft,
    publish_rulebook,
    save_draft,
)
from tests.factories import AT_ONCE, MONDAY, give_points, make_member, make_staff
from tests.races import results_of, run_together

A_DAY = timedelta(days=1)


def publish(document, *, at=None, key="k1", staff_id=None, now=MONDAY, note=""):
    return publish_rulebook(document, effective_at=at, staff_id=staff_id, note=note, now=now, key=key)


def with_points_per_yuan(points):
    document = document_of(AT_ONCE)
    document["earning"]["points"] = points
    return document


def test_a_version_counts_from_its_moment_and_not_before(app):
    make_member()
    version = publish(with_points_per_yuan(2), at=MONDAY + A_DAY)

    assert rulebook_in_force(MONDAY + A_DAY - timedelta(seconds=1)).earning.points == 1
    assert rulebook_in_force(MONDAY + A_DAY).earning.points == 2
    assert rulebook_versions(MONDAY)[0].state == "scheduled"
    assert rulebook_versions(MONDAY + A_DAY)[0].version == version


def test_what_was_booked_keeps_its_version(app):
    member_id = make_member()
    before = give_points(member_id, 10)
    publish(with_points_per_yuan(2))
    after = give_points(member_id, 10)

    versions = [db.session.get_one(PointsEntry, entry).rulebook_version for entry in (before, after)]
    assert versions[0] < versions[1]


def test_a_publication_is_audited_and_told_to_everyone_once(app):
    member_id, staff_id = make_member(), make_staff("editor")

    publish(with_points_per_yuan(2), staff_id=staff_id, note="三月双倍")
    work_off_outbox(MONDAY)

    row = db.session.execute(select(AuditEntry.before, AuditEntry.after, AuditEntry.reason)).one()
    assert row.before == {"earning.points": 1}
    assert row.after["earning.points"] == 2
    assert row.reason == "三月双倍"
    assert db.session.scalars(select(Message.member_id)).all() == [member_id]


def test_no_version_takes_effect_in_the_past(app):
    make_member()

    with pytest.raises(PublicationTooEarly):
        publish(with_points_per_yuan(2), at=MONDAY - timedelta(seconds=1))

    assert db.session.scalar(select(func.count(RulebookVersion.id))) == 1


def test_a_faulty_document_is_refused_with_every_fault(app):
    document = with_points_per_yuan(0)
    document["offset"]["share_percent_max"] = 101

    with pytest.raises(RulebookRefused) as refused:
        publish(document)

    assert [fault.path for fault in refused.value.faults] == ["earning.points", "offset.share_percent_max"]


def test_the_same_key_publishes_once_even_at_once(app):
    make_member()

    outcomes = run_together([lambda: publish(with_points_per_yuan(2))] * 10)

    assert len(set(results_of(outcomes))) == 1
    assert len(results_of(outcomes)) == 10
    assert db.session.scalar(select(func.count(RulebookVersion.id))) == 2


def test_a_draft_is_kept_with_its_faults_and_ends_with_its_publication(app):
    make_member()
    staff_id = make_staff("editor")
    save_draft(with_points_per_yuan(0), staff_id=staff_id, now=MONDAY)
    assert len(rulebook_draft().faults) == 1
    save_draft(with_points_per_yuan(3), staff_id=staff_id, now=MONDAY)

    version = publish_draft(effective_at=None, staff_id=staff_id, note="", now=MONDAY, key="k1")

    assert rulebook_draft() is None
    assert publish_draft(effective_at=None, staff_id=staff_id, note="", now=MONDAY, key="k1") == version
    with pytest.raises(DraftMissing):
        publish_draft(effective_at=None, staff_id=staff_id, note="", now=MONDAY, key="k2")
    assert rulebook_in_force(MONDAY).earning.points == 3


def test_a_discarded_draft_is_gone(app):
    make_member()
    save_draft(with_points_per_yuan(3), staff_id=make_staff(), now=MONDAY)

    discard_draft(staff_id=None, now=MONDAY)
    discard_draft(staff_id=None, now=MONDAY)

    assert rulebook_draft() is None


def test_setting_up_twice_publishes_once(app):
    assert install_default_rulebook(MONDAY) is not None
    assert install_default_rulebook(MONDAY) is None
    assert rulebook_in_force(MONDAY) == DEFAULT_RULEBOOK


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_every_preset_can_be_published(app, name):
    version = publish(preset_document(name))

    assert rulebook_versions(MONDAY)[0].version == version
