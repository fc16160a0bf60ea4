"""A till or another program makes somebody a member."""

from datetime import datetime

from shop.errors import PhoneTaken
from shop.services.members.joining import insert_member
from shop.transaction import transaction


def enrol_member(phone: str, name: str, now: datetime) -> int:
    """Make a member of a phone (in international form).  Returns the id; the member logs in by a code.

    One phone is one member: a second enrolment, even at the same moment, raises PhoneTaken and changes nothing.
    """
    with transaction():
        member_id = insert_member(phone, name, None, now)
        if member_id is None:
            raise PhoneTaken
        return member_id
