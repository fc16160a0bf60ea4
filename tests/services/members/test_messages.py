"""The member's box."""

from datetime import timedelta
from functools import partial

import pytest

from shop.errors import NotFound
from shop.queries.members.messages import messages_of, unread_count
from shop.services.members.messages import open_message, read_all_messages, tell_member
from shop.services.members.retention import forget_what_is_over
from tests.factories import MONDAY, make_member
from tests.races import results_of, run_together


def tell(member_id: int, number: int = 1, now=MONDAY) -> bool:
    return tell_member(member_id, "welcome", f"welcome:{member_id}:{number}", {}, "/rules", now)


def test_the_same_message_comes_once(app):
    member_id = make_member()

    outcomes = run_together([partial(tell, member_id)] * 20)

    assert results_of(outcomes).count(True) == 1
    assert unread_count(member_id) == 1


def test_opening_a_message_marks_it_and_leads_on(app):
    member_id = make_member()
    tell(member_id)
    message = messages_of(member_id).messages[0]

    assert open_message(member_id, message.id, MONDAY) == "/rules"
    assert open_message(member_id, message.id, MONDAY + timedelta(days=1)) == "/rules"
    assert unread_count(member_id) == 0


def test_a_message_of_someone_else_is_not_found(app):
    owner, stranger = make_member(), make_member()
    tell(owner)

    with pytest.raises(NotFound):
        open_message(stranger, messages_of(owner).messages[0].id, MONDAY)

    assert unread_count(owner) == 1


def test_everything_is_marked_as_read_but_only_ones_own(app):
    mine, other = make_member(), make_member()
    tell(mine, 1)
    tell(mine, 2)
    tell(other)

    assert read_all_messages(mine, MONDAY) == 2

    assert (unread_count(mine), unread_count(other)) == (0, 1)


def test_the_box_goes_on_page_by_page_without_gap_or_repeat(app):
    member_id = make_member()
    for number in range(45):
        tell(member_id, number)

    seen, before, pages = [], None, 0
    while pages == 0 or before:
        page = messages_of(member_id, before)
        seen += [message.id for message in page.messages]
        before, pages = page.next_before, pages + 1

    assert pages == 3
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 45


def test_messages_are_kept_for_ninety_days(app):
    member_id = make_member()
    tell(member_id, 1, MONDAY)
    tell(member_id, 2, MONDAY + timedelta(days=1))

    forget_what_is_over(MONDAY + timedelta(days=90, hours=1))

    assert len(messages_of(member_id).messages) == 1
