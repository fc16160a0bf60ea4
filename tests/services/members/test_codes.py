"""Codes: six digits, ten minutes, five tries, one use."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from shop.adapters.messaging import messenger
from shop.errors import MemberSuspended, PhoneTaken, TooManyRequests, WrongCode
from shop.extensions import db
from shop.models import LoginCode, Member
from shop.queries.members.codes import code_for_developers
from shop.queries.members.logins import login_by_token
from shop.reactions.dispatch import work_off_outbox
from shop.services.members import codes
from tests.factories import MONDAY, ensure_rulebook, make_member
from tests.races import errors_of, results_of, run_together

PHONE = "+8613805712046"


@pytest.fixture(autouse=True)
def rulebook(app):
    ensure_rulebook()


def request_code(phone: str = PHONE, now=MONDAY) -> str:
    code_id = codes.request_code(phone, place="10.0.0.1", now=now)
    code = code_for_developers(code_id)
    assert code is not None
    return code


def log_in(code: str, phone: str = PHONE, now=MONDAY) -> str:
    return codes.log_in_with_code(phone, code, name="拾友", place="10.0.0.1", device="", now=now)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_reaches_the_phone_through_the_outbox(app):
    code = request_code()

    work_off_outbox(MONDAY)

    text = messenger().sent[-1]
    assert text.phone == PHONE
    assert code in text.text


def test_a_code_that_is_over_is_not_sent_any_more(app):
    request_code()
    before = len(messenger().sent)

    work_off_outbox(MONDAY + timedelta(minutes=11))

    assert len(messenger().sent) == before


def test_the_database_keeps_neither_code_nor_phone(app):
    code = request_code()

    row = db.session.scalars(select(LoginCode)).one()
    assert code not in row.code_hash
    assert PHONE not in row.phone_index


def test_a_code_logs_a_member_in(app):
    member_id = make_member(phone=PHONE)

    token = log_in(request_code())

    assert login_by_token(token, MONDAY).owner_id == member_id


def test_a_code_makes_a_member_of_a_new_phone(app):
    token = log_in(request_code())

    member = db.session.scalars(select(Member)).one()
    assert login_by_token(token, MONDAY).owner_id == member.id
    assert member.password_hash is None


def test_a_code_works_once(app):
    code = request_code()
    log_in(code)

    with pytest.raises(WrongCode):
        log_in(code)


def test_a_code_used_by_twenty_at_once_works_once(app):
    code = request_code()

    outcomes = run_together([partial(log_in, code)] * 20)

    assert len(results_of(outcomes)) == 1
    assert all(isinstance(error, WrongCode) for error in errors_of(outcomes))
    assert db.session.scalar(select(func.count()).select_from(Member)) == 1


def test_five_wrong_tries_use_a_code_up(app):
    code = request_code()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refusal:
            log_in(other_than(code))
        assert refusal.value.tries_left == left

    with pytest.raises(WrongCode):
        log_in(code)


def test_parallel_wrong_tries_take_no_more_than_five(app):
    code = request_code()

    outcomes = run_together([partial(log_in, other_than(code))] * 20)

    assert sorted(error.tries_left for error in errors_of(outcomes))[-5:] == [0, 1, 2, 3, 4]
    with pytest.raises(WrongCode):
        log_in(code)


def test_a_code_lasts_ten_minutes(app):
    code = request_code()

    with pytest.raises(WrongCode):
        log_in(code, now=MONDAY + timedelta(minutes=10))


def test_only_the_newest_code_counts(app):
    old = request_code()
    new = request_code(now=MONDAY + timedelta(minutes=1))

    later = MONDAY + timedelta(minutes=2)
    if old != new:
        with pytest.raises(WrongCode):
            log_in(old, now=later)
    log_in(new, now=later)


def test_a_code_is_for_its_phone_only(app):
    code = request_code()
    request_code(phone="+8613900000000")

    with pytest.raises(WrongCode):
        log_in(code, phone="+8613900000001")


def test_a_phone_gets_one_code_a_minute_and_the_refusal_counts(app):
    request_code()

    with pytest.raises(TooManyRequests) as refusal:
        request_code(now=MONDAY + timedelta(seconds=18))

    assert refusal.value.retry_after_seconds == 42
    request_code(now=MONDAY + timedelta(seconds=60))


def test_a_phone_gets_ten_codes_a_day(app):
    for minute in range(10):
        request_code(now=MONDAY + timedelta(minutes=minute))

    with pytest.raises(TooManyRequests):
        request_code(now=MONDAY + timedelta(minutes=30))


def test_a_suspended_member_stays_out(app):
    make_member(phone=PHONE, state="suspended")

    with pytest.raises(MemberSuspended):
        log_in(request_code())


def test_registering_a_phone_again_with_a_code_is_refused(app):
    make_member(phone=PHONE)
    code = request_code()

    with pytest.raises(PhoneTaken):
        codes.register_with_code(PHONE, code, name="拾友", place="10.0.0.1", device="", now=MONDAY)


def test_a_shop_in_production_tells_no_code(app):
    code_id = codes.request_code(PHONE, place="10.0.0.1", now=MONDAY)
    app.config["IS_PRODUCTION"] = True

    assert code_for_developers(code_id) is None
