"""Short names for what the stories of the points book do over and over."""

from sqlalchemy import select

from shop.books.points import entries, holds
from shop.books.points.entries import Line
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Lot, PointsAccount, PointsEntry
from shop.queries.points.balance import balance_of
from shop.transaction import transaction
from tests.factories import MONDAY


def earn(member_id, points, reference, *, now=MONDAY, source_class="grant", **values):
    with transaction():
        line = Line("earn", "issued", reference, source_class=source_class)
        return entries.earn(member_id, points, line, occasion_at(now), **values)


def spend(member_id, points, reference, *, now=MONDAY):
    with transaction():
        line = Line("redeem", "redeemed", reference)
        return entries.redeem(member_id, points, line, occasion_at(now))


def hold(member_id, points, reference, *, now=MONDAY, expires_at=None):
    with transaction():
        return holds.place(member_id, points, reference=reference, expires_at=expires_at or now, now=now)


def capture(reference, *, now=MONDAY):
    with transaction():
        line = Line("redeem", "redeemed", f"{reference}:redeem")
        return holds.capture(reference, line, occasion_at(now))


def void(reference, *, now=MONDAY):
    with transaction():
        return holds.void(reference, now)


def restore(member_id, entry_id, points, reference, *, now=MONDAY, grace_days=7):
    with transaction():
        line = Line("restore", "redeemed", reference)
        return entries.restore(member_id, entry_id, points, line, occasion_at(now), grace_days)


def claw_back(member_id, points, reference, *, now=MONDAY, own=frozenset(), of=None, waive=False):
    with transaction():
        line = Line("claw_back", "clawed_back", reference, corrects_entry_id=of)
        return entries.claw_back(member_id, points, line, own, occasion_at(now), waive=waive)


def available(member_id, now=MONDAY) -> int:
    return balance_of(member_id, now).available


def lot_of(entry_id) -> Lot | None:
    return db.session.scalar(select(Lot).where(Lot.entry_id == entry_id))


def entry(entry_id) -> PointsEntry:
    return db.session.get_one(PointsEntry, entry_id)


def account_of(member_id) -> PointsAccount:
    return db.session.execute(select(PointsAccount).where(PointsAccount.member_id == member_id)).scalar_one()


def reason_codes(entry_id) -> list[str]:
    return [reason["code"] for reason in entry(entry_id).reasons]
