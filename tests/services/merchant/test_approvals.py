"""A second person decides: what was asked for is done once, exactly as asked, and never by who asked for it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import (
    ApprovalDecided,
    ApprovalOfOwn,
    ApprovalWaiting,
    AttachmentRefused,
    InsufficientPoints,
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotFound,
    NoticeTooShort,
    SecondPersonNeeded,
    ShopError,
)
from shop.extensions import db
from shop.models import Approval, AuditEntry, Lot, PointsEntry
from shop.queries.merchant.approvals import approval, approvals_for, others_who_may
from shop.queries.merchant.menu import menu_counts
from shop.queries.points.balance import balance_of
from shop.queries.points.rulebook import document_of, rulebook_draft, rulebook_in_force, rulebook_versions
from shop.rules.points.expiry import start_of_day
from shop.rules.rulebook import PublishingRule
from shop.services.merchant.approvals import approve, expire_approvals, refuse, withdraw
from shop.services.points.adjusting import adjust_points, ask_to_adjust_points
from shop.services.points.publishing import ask_to_publish_draft, publish_draft, save_draft
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff
from tests.pictures import picture
from tests.races import results_of, run_together
from tests.rules.rulebooks import SHANGHAI, at

A_DAY = timedelta(days=1)
STRICT = replace(AT_ONCE, publishing=PublishingRule(second_person=True, adjustments_second_person_above=500))
TWICE = replace(STRICT, earning=replace(STRICT.earning, points=2))
HALF = replace(STRICT, earning=replace(STRICT.earning, per_cents=200))


@pytest.fixture
def people(app):
    make_rulebook(STRICT)
    return make_staff("owner"), make_staff("editor")


def ask_for(rulebook, staff_id, *, starts_at=None, key="k1", now=MONDAY):
    save_draft(document_of(rulebook), staff_id=staff_id, now=now)
    return ask_to_publish_draft(effective_at=starts_at, staff_id=staff_id, note="三月", now=now, key=key)


def wish(member_id, points, staff_id, *, key="k1", **values):
    return ask_to_adjust_points(
        member_id, points, reason="补发", staff_id=staff_id, key=key, now=MONDAY, **values
    )


def test_a_publication_is_done_by_the_second_person_exactly_as_asked(people):
    owner, editor = people
    asked = ask_for(TWICE, editor)
    save_draft(document_of(HALF), staff_id=editor, now=MONDAY)  # goes on writing meanwhile

    result = approve(asked, staff_id=owner, reason="看过了", now=MONDAY + A_DAY)

    assert result == {"version": 2}
    assert rulebook_in_force(MONDAY + A_DAY).earning.points == 2
    assert rulebook_draft().rulebook == HALF
    (version, _first) = rulebook_versions(MONDAY + A_DAY)
    assert (version.effective_at, version.note) == (MONDAY + A_DAY, "三月")
    actions = db.session.execute(select(AuditEntry.action, AuditEntry.staff_id).order_by(AuditEntry.id)).all()
    assert [tuple(row) for row in actions if "draft" not in row.action] == [
        ("approval.ask", editor), ("rulebook.publish", editor), ("approval.approve", owner),
    ]  # fmt: skip


def test_the_draft_that_was_published_ends(people):
    owner, editor = people
    approve(ask_for(TWICE, editor), staff_id=owner, reason="", now=MONDAY)

    assert rulebook_draft() is None


def test_nobody_publishes_or_approves_alone(people):
    _owner, editor = people
    asked = ask_for(TWICE, editor)

    with pytest.raises(SecondPersonNeeded):
        publish_draft(effective_at=None, staff_id=editor, note="", now=MONDAY, key="k9")
    with pytest.raises(ApprovalOfOwn):
        approve(asked, staff_id=editor, reason="", now=MONDAY)
    with pytest.raises(ApprovalOfOwn):
        refuse(asked, staff_id=editor, reason="不要", now=MONDAY)

    assert len(rulebook_versions(MONDAY)) == 1
    assert menu_counts("owner").approvals == menu_counts("editor").approvals == 1
    assert menu_counts("support").approvals == menu_counts("cashier").approvals == 0


def test_an_approval_happens_once_even_at_once(people):
    _owner, editor = people
    member_id = make_member()
    asked = wish(member_id, 600, editor)
    others = [make_staff("support") for _ in range(6)]

    outcomes = run_together(
        [lambda who=who: approve(asked, staff_id=who, reason="", now=MONDAY) for who in others]
    )

    assert len(results_of(outcomes)) == 1
    assert balance_of(member_id, MONDAY).available == 600
    assert db.session.scalar(select(func.count(PointsEntry.id))) == 1


def test_the_notice_is_asked_for_again_at_approval(people):
    owner, editor = people
    make_member()
    with pytest.raises(NoticeTooShort):
        ask_for(HALF, editor)
    asked = ask_for(HALF, editor, starts_at=at("2026-04-01"))

    with pytest.raises(NoticeTooShort) as refused:
        approve(asked, staff_id=owner, reason="", now=MONDAY + 3 * A_DAY)

    assert str(refused.value.earliest_on) == "2026-04-04"
    assert approval(asked, "owner", MONDAY).is_waiting
    assert len(rulebook_versions(MONDAY)) == 1


def test_one_publication_waits_at_a_time_and_the_same_key_asks_once(people):
    _owner, editor = people
    asked = ask_for(TWICE, editor)

    assert ask_for(TWICE, editor) == asked
    with pytest.raises(ApprovalWaiting):
        ask_for(TWICE, editor, key="k2")


@pytest.mark.parametrize("end", ["refuse", "withdraw", "expire"])
def test_what_was_refused_withdrawn_or_forgotten_is_never_done(people, end):
    owner, editor = people
    asked, later = ask_for(TWICE, editor), MONDAY + 15 * A_DAY
    if end == "refuse":
        with pytest.raises(InvalidInput):
            refuse(asked, staff_id=owner, reason=" ", now=MONDAY)
        refuse(asked, staff_id=owner, reason="先别发", now=MONDAY)
    elif end == "withdraw":
        with pytest.raises(InvalidInput):
            withdraw(asked, staff_id=owner, now=MONDAY)
        withdraw(asked, staff_id=editor, now=MONDAY)

    for deed in (approve, refuse):
        with pytest.raises(ApprovalDecided):
            deed(asked, staff_id=owner, reason="好", now=later)

    assert len(rulebook_versions(later)) == 1
    assert approval(asked, "editor", later).state == {"refuse": "refused", "withdraw": "withdrawn"}.get(
        end, "expired"
    )
    assert expire_approvals(later) == (1 if end == "expire" else 0)
    assert ask_for(TWICE, editor, key="k2", now=later) != asked


def test_what_is_not_there_is_not_found(people):
    with pytest.raises(NotFound):
        approve(99, staff_id=people[0], reason="", now=MONDAY)


def test_small_adjustments_go_at_once_and_large_ones_wait(people):
    owner, support = people[0], make_staff("support")
    member_id = make_member(points=1000)

    adjust_points(member_id, 500, reason="补发", staff_id=owner, key="a", now=MONDAY)
    adjust_points(member_id, -500, reason="更正", staff_id=owner, key="b", now=MONDAY)
    for points in (501, -501):
        with pytest.raises(SecondPersonNeeded):
            adjust_points(member_id, points, reason="补发", staff_id=owner, key="c", now=MONDAY)
    assert balance_of(member_id, MONDAY).available == 1000

    approve(wish(member_id, -501, owner), staff_id=support, reason="", now=MONDAY)
    assert balance_of(member_id, MONDAY).available == 499


def test_an_approved_adjustment_refuses_like_any_other_and_waits_on(people):
    owner, editor = people
    member_id = make_member(points=100)
    asked = wish(member_id, -600, owner)

    with pytest.raises(NotAllowed):
        approve(asked, staff_id=editor, reason="", now=MONDAY)
    with pytest.raises(InsufficientPoints):
        approve(asked, staff_id=make_staff("support"), reason="", now=MONDAY)

    assert menu_counts("support").approvals == 1


def test_class_last_day_and_attachment_are_kept_with_what_was_asked(people):
    owner, support = people[0], make_staff("support")
    member_id = make_member()
    last_day = date(2026, 5, 20)
    asked = wish(member_id, 600, owner, source_class="interaction", expires_on=last_day, attachment=picture())
    kept = approval(asked, "support", MONDAY).payload["attachment"]

    approve(asked, staff_id=support, reason="", now=MONDAY + 2 * A_DAY)

    lot = db.session.execute(select(Lot.source_class, Lot.expires_at)).one()
    assert lot.source_class == "interaction"
    assert lot.expires_at == start_of_day(date(2026, 5, 21), SHANGHAI)
    assert kept.startswith("proof_")
    assert kept.endswith(".webp")


@pytest.mark.parametrize(
    "values",
    [{"expires_on": date(2026, 3, 1)}, {"expires_on": date(9999, 1, 1)}, {"source_class": "nothing"}],
)
def test_what_cannot_be_meant_is_refused(people, values):
    member_id = make_member(points=1000)

    for ask in (wish, lambda member, points, staff, **more: adjust_points(
        member, points, reason="补发", staff_id=staff, key="k", now=MONDAY, **more
    )):  # fmt: skip
        with pytest.raises(InvalidInput):
            ask(member_id, 10, people[0], **values)

    assert db.session.scalar(select(func.count(Approval.id))) == 0


@pytest.mark.parametrize(
    "raw", [b"hello", b"%PDF-1.7 and nothing more", b"MZ" + b"\0" * 50, b"x" * 5_000_000]
)
def test_an_attachment_is_a_picture_or_a_pdf(people, raw):
    with pytest.raises(AttachmentRefused):
        wish(make_member(), 10, people[0], attachment=raw)


def test_the_same_key_with_another_wish_is_refused(people):
    owner, _editor = people
    member_id = make_member()
    adjust_points(member_id, 5, reason="补发", staff_id=owner, key="a", now=MONDAY)

    with pytest.raises(KeyReused):
        adjust_points(member_id, 6, reason="补发", staff_id=owner, key="a", now=MONDAY)


def test_each_role_sees_its_own_kinds(people):
    owner, editor = people
    ask_for(TWICE, editor)
    wish(make_member(), 600, owner)

    seen = {
        role: [each.kind for each in approvals_for(role, None, MONDAY).rows]
        for role in ("owner", "editor", "support", "cashier")
    }

    assert seen == {
        "owner": ["adjustment", "publication"], "editor": ["publication"], "support": ["adjustment"], "cashier": [],
    }  # fmt: skip
    assert others_who_may("publication", owner)
    assert not others_who_may("adjustment", owner)


def test_every_refusal_has_a_code(people):
    codes = {error.code for error in (ApprovalDecided, ApprovalOfOwn, ApprovalWaiting, SecondPersonNeeded)}

    assert len(codes) == 4
    assert ShopError.code not in codes
