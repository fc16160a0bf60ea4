"""What comes with registering (E12): coupons and draw tickets; the points are a rule's."""

from datetime import datetime

from sqlalchemy import bindparam, select

from shop.books import newcomers, tickets
from shop.books.coupons import issuing
from shop.books.points import accounts
from shop.books.rulebooks import Occasion, occasion_at
from shop.books.tiers import packs
from shop.models import Member
from shop.transaction import transaction

PHONE = select(Member.phone_index).where(Member.id == bindparam("member_id"), Member.state == "active")
TICKETS = "tickets"


def give_newcomer_pack(member_id: int, now: datetime) -> bool:
    """Give the pack of the rulebook in force, once for each phone.  False when the phone has had one before.

    What has run out is left out and written down; the rest comes all the same.  A repeat gives nothing.
    """
    with transaction() as session:
        accounts.lock(member_id)
        phone_index = session.scalar(PHONE, {"member_id": member_id})
        if phone_index is None or not newcomers.claim(phone_index, member_id, now):
            return False
        occasion = occasion_at(now)
        given, missing = _give_coupons(member_id, occasion)
        number = _give_tickets(member_id, occasion)
        if number < occasion.rulebook.newcomer.tickets:
            missing.append(TICKETS)
        newcomers.fill(phone_index, coupons=given, tickets=number, missing=missing)
        return True


def _give_coupons(member_id: int, occasion: Occasion) -> tuple[list[str], list[str]]:
    """The coupons, in the order of their codes: templates are everybody's rows.  Returns what came, and what did not."""
    given: list[str] = []
    missing: list[str] = []
    for coupon in sorted(occasion.rulebook.newcomer.coupons, key=lambda each: each.code):
        for number in range(1, coupon.pieces + 1):
            reference = f"newcomer:{member_id}:{coupon.code}:{number}"
            issued = issuing.grant(member_id, coupon.code, reference, occasion, is_told=False)
            if issued is None:
                missing.append(f"coupon:{coupon.code}")
                break
            given.append(coupon.code)
    return given, missing


def _give_tickets(member_id: int, occasion: Occasion) -> int:
    """The tickets for the draw that is open; none when none is.  Returns how many."""
    number = occasion.rulebook.newcomer.tickets
    draw_id = packs.open_draw(occasion) if number else None
    if draw_id is None:
        return 0
    tickets.give(
        member_id, draw_id, number, reference=f"newcomer:{member_id}", source="newcomer", occasion=occasion
    )
    return number
