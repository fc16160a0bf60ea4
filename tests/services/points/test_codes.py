"""A printed code counts once, for whoever is first, while its batch is good."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import (
    BatchClosed,
    BatchHandedOut,
    BatchNeedsAnother,
    InvalidInput,
    KeyReused,
    PointsCodeRefused,
    PointsCodeUsedByYou,
    TooManyRequests,
)
from shop.extensions import db
from shop.models import AuditEntry, CodeBatch, PointsCode
from shop.queries.points.balance import balance_of
from shop.queries.points.codes import batch_line, codes_of
from shop.queries.points.ledger import check_everything
from shop.rules.rulebook import PublishingRule
from shop.services.points.codes import create_batch, hand_out_codes, redeem_code, stop_batch
from shop.services.points.simulating import replay_live
from shop.transaction import transaction
from tests.factories import AT_ONCE, MONDAY, make_member, make_rulebook, make_staff
from tests.printed_codes import make_batch, printed_batch, wish
from tests.races import errors_of, results_of, run_together

AFTER_MARCH = MONDAY + timedelta(days=30)  # noon of 1 April


def use(member_id, code, key="key-of-the-page", now=MONDAY):
    return redeem_code(member_id, code, key=key, place="here", now=now)


def test_a_code_brings_its_points_with_the_end_of_their_class(app):
    member = make_member()
    _batch, codes = printed_batch(source_class="interaction")

    used = use(member, codes[0])

    assert (used.points, balance_of(member, MONDAY).available) == (50, 50)
    mine = codes_of(member)[0]
    assert (mine.entry_id, mine.batch_name) == (used.entry_id, "秋日礼卡")
    assert mine.last_on == MONDAY.date() + timedelta(days=90)


def test_a_code_is_read_however_it_was_typed(app):
    member = make_member()
    _batch, codes = printed_batch()
    typed = f" {codes[0][:4].lower()}-{codes[0][4:8]} －{codes[0][8:]}"

    assert use(member, typed).points == 50


def test_same_request_twice_is_answered_as_the_first_time(app):
    member = make_member()
    _batch, codes = printed_batch()
    first = use(member, codes[0])

    assert use(member, codes[0]) == first
    with pytest.raises(PointsCodeUsedByYou):
        use(member, codes[0], key="key-of-another-page")
    assert balance_of(member, MONDAY).available == 50


def test_many_members_at_once_use_a_code_once(app):
    members = [make_member() for _number in range(8)]
    _batch, codes = printed_batch()

    outcomes = run_together([lambda each=each: use(each, codes[0]) for each in members])

    assert len(results_of(outcomes)) == 1
    assert {type(each) for each in errors_of(outcomes)} == {PointsCodeRefused}
    assert sum(balance_of(each, MONDAY).available for each in members) == 50


def test_one_member_in_many_tabs_uses_a_code_once(app):
    member = make_member()
    _batch, codes = printed_batch()

    outcomes = run_together([lambda key=key: use(member, codes[0], key=f"tab-{key}") for key in range(8)])

    assert len(results_of(outcomes)) == 1
    assert {type(each) for each in errors_of(outcomes)} == {PointsCodeUsedByYou}
    assert balance_of(member, MONDAY).available == 50


@pytest.mark.parametrize("cause", ["unknown", "used by another", "stopped", "over", "not a code"])
def test_no_cause_of_a_refusal_is_told(app, cause):
    member = make_member()
    batch, codes = printed_batch()
    code, now = codes[0], MONDAY
    if cause == "unknown":
        code = "2" * 12
    elif cause == "used by another":
        use(make_member(), code)
    elif cause == "stopped":
        stop_batch(batch, staff_id=make_staff("editor"), now=MONDAY)
    elif cause == "over":
        now = AFTER_MARCH
    else:
        code = "O0I1"

    with pytest.raises(PointsCodeRefused):
        use(member, code, now=now)

    assert balance_of(member, now).available == 0


def test_a_code_counts_to_the_last_second_of_its_last_day(app):
    member = make_member()
    _batch, codes = printed_batch()
    midnight = AFTER_MARCH - timedelta(hours=12)

    with pytest.raises(PointsCodeRefused):
        use(member, codes[0], now=midnight)
    assert use(member, codes[0], now=midnight - timedelta(seconds=1)).points == 50


def test_who_tries_too_often_waits(app):
    member = make_member()
    for number in range(30):
        with pytest.raises(PointsCodeRefused):
            use(member, "2" * 12, key=f"key-{number}")

    with pytest.raises(TooManyRequests):
        use(member, "2" * 12)


def test_the_shop_keeps_no_code_and_hands_each_out_once(app):
    batch, codes = printed_batch(pieces=40)

    assert len(set(codes)) == 40
    kept = db.session.execute(select(PointsCode.code_index)).scalars().all()
    assert not set(codes) & set(kept)
    with pytest.raises(BatchHandedOut):
        hand_out_codes(batch, staff_id=make_staff("owner"), now=MONDAY)


def test_two_colleagues_at_once_get_the_codes_once(app):
    batch = make_batch()
    colleagues = [make_staff("editor") for _number in range(4)]

    outcomes = run_together(
        [lambda each=each: hand_out_codes(batch, staff_id=each, now=MONDAY) for each in colleagues]
    )

    assert len(results_of(outcomes)) == 1
    assert {type(each) for each in errors_of(outcomes)} == {BatchHandedOut}


def test_more_than_one_person_may_give_is_handed_out_by_another(app):
    make_rulebook(replace(AT_ONCE, publishing=PublishingRule(adjustments_second_person_above=100)))
    me, colleague = make_staff("editor"), make_staff("editor")
    batch = make_batch(me)

    with pytest.raises(BatchNeedsAnother):
        hand_out_codes(batch, staff_id=me, now=MONDAY)
    assert len(hand_out_codes(batch, staff_id=colleague, now=MONDAY)) == 3


def test_a_stopped_batch_is_not_handed_out(app):
    batch, staff = make_batch(), make_staff("editor")
    stop_batch(batch, staff_id=staff, now=MONDAY)
    stop_batch(batch, staff_id=staff, now=MONDAY)

    with pytest.raises(BatchClosed):
        hand_out_codes(batch, staff_id=staff, now=MONDAY)
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["code_batch.create", "code_batch.stop"]


def test_a_batch_is_planned_once_for_each_key(app):
    make_rulebook()
    staff = make_staff("editor")
    first = create_batch(wish(), key="one", staff_id=staff, now=MONDAY)

    assert create_batch(wish(), key="one", staff_id=staff, now=MONDAY) == first
    with pytest.raises(KeyReused):
        create_batch(wish(points=60), key="one", staff_id=staff, now=MONDAY)
    assert db.session.scalar(select(func.count()).select_from(CodeBatch)) == 1


@pytest.mark.parametrize(
    "odd",
    [
        {"points": 0},
        {"pieces": 10_001},
        {"length": 11},
        {"name": ""},
        {"last_on": MONDAY.date() - timedelta(days=1)},
    ],
)
def test_a_batch_that_cannot_be_meant_is_refused(app, odd):
    with pytest.raises(InvalidInput):
        make_batch(**odd)


def test_figures_say_what_was_used_what_is_left_and_what_lapsed(app):
    batch, codes = printed_batch()
    use(make_member(), codes[0])

    line = batch_line(batch, MONDAY)
    assert (line.state, line.used, line.left, line.lapsed) == ("open", 1, 2, 0)
    assert (line.used_points, line.budget_points) == (50, 150)
    over = batch_line(batch, AFTER_MARCH)
    assert (over.state, over.used, over.left, over.lapsed) == ("over", 1, 0, 2)


def test_a_trial_of_rules_takes_codes_as_they_were(app):
    member = make_member()
    _batch, codes = printed_batch(source_class="interaction")
    use(member, codes[0])
    use(member, codes[1], now=MONDAY + timedelta(days=2))

    figures = replay_live(30, MONDAY + timedelta(days=3)).figures

    assert figures.balances[member] == balance_of(member, MONDAY + timedelta(days=3)).available == 100


def test_the_proof_finds_a_code_that_was_used_without_points(app):
    printed_batch()
    member = make_member()
    code_id = db.session.scalars(select(PointsCode.id)).first()
    with transaction() as session:
        code = session.get_one(PointsCode, code_id)
        code.member_id, code.used_at = member, MONDAY

    broken = [each.name for each in check_everything() if each.offenders]

    assert broken == ["E19 a used code = one entry of its batch's points for the member who used it"]
    with transaction() as session:
        code = session.get_one(PointsCode, code_id)
        code.member_id, code.used_at = None, None
