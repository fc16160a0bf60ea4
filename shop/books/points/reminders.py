"""What members were told about the end of their lots, and the lots whose end is put off because they were not.

A lot lapses only when its end was announced in time.  Whether it was is a row here, for exactly this end: a lot that was
put off is announced anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from shop.books import audit
from shop.books.points import accounts
from shop.books.points.extensions import Extension, put_off
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import Lot, LotReminder, Member, Message, PointsAccount
from shop.rules.points.expiry import end_after, last_day_of, start_of_day
from shop.rules.points.kinds import MAIN_KIND, kind_named
from shop.rules.points.reminding import is_announced_in_time, quiet_days

LINK = "/member/points/expiring"
RENEWAL_DAYS = 2
"""So many days ahead a lot that renews is renewed: before its end, whichever hour the job runs."""

renews = and_(
    Lot.extension == "unused",
    Lot.extensions_left > 0,
    Lot.remaining_points == Lot.points,
    Lot.held_points == 0,
)
was_born_lapsed = Lot.expires_at <= Lot.credited_at
"""Spent points that came back after their end, under rules without grace: nothing of theirs could be announced."""
is_announced = exists().where(
    LotReminder.lot_id == Lot.id, LotReminder.expires_at == Lot.expires_at, LotReminder.is_in_time
)
LIVING = (
    select(
        Lot.id,
        Lot.account_id,
        Lot.expires_at,
        Lot.extension_days,
        Lot.credited_at,
        Lot.remaining_points,
        Lot.source_class,
        PointsAccount.member_id,
        PointsAccount.kind.label("points_kind"),
    )
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .join(Member, Member.id == PointsAccount.member_id)
    .where(
        Lot.remaining_points > 0,
        Lot.expires_at > bindparam("now"),
        Member.state != "closed",
        ~PointsAccount.is_spending_frozen,
        Lot.thawed_available_at.is_(None),
    )
)
DUE_STATE = (
    select(
        Lot.id,
        Lot.expires_at,
        Lot.extension_days,
        renews.label("renews"),
        or_(is_announced, was_born_lapsed, Member.state == "closed").label("may_lapse"),
    )
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .join(Member, Member.id == PointsAccount.member_id)
    .where(Lot.id.in_(bindparam("lots", expanding=True)))
)
NEW_REMINDERS = insert(table_of(LotReminder))


@dataclass(frozen=True)
class Digest:
    """What one member is told on one day of one kind of points: every lot that ends soon."""

    member_id: int
    points_kind: str
    lots: tuple[Any, ...]


def renew_unused(occasion: Occasion, limit: int) -> int:
    """Let lots that renew and end within two days last longer.  Returns how many."""
    ends_by = start_of_day(occasion.today + timedelta(days=RENEWAL_DAYS), occasion.zone)
    rows = _locked(LIVING.where(renews, Lot.expires_at <= ends_by), occasion, limit)
    put_off([_renewed(row, occasion) for row in rows], "unused", occasion.now)
    return len(rows)


def put_off_unannounced(occasion: Occasion, limit: int) -> int:
    """Put off the end of lots that end too soon to be announced in time.  Returns how many.

    A lot that was credited today or yesterday is announced as early as could be: it is left as it is.
    """
    notice = occasion.rulebook.reminders.notice_days_min
    too_soon = start_of_day(occasion.today + timedelta(days=notice), occasion.zone)
    yesterday = start_of_day(occasion.today - timedelta(days=1), occasion.zone)
    conditions = (Lot.expires_at <= too_soon, Lot.credited_at < yesterday, ~is_announced, ~renews)
    rows = _locked(LIVING.where(*conditions), occasion, limit)
    put_off([_delayed(row, occasion) for row in rows], "not_announced", occasion.now)
    _tell_staff(len(rows), occasion)
    return len(rows)


def keep_from_lapsing(lot_ids: Sequence[int], occasion: Occasion) -> frozenset[int]:
    """Of lots whose end has come, under their accounts' locks: put off those that may not lapse.  Returns their ids."""
    rows = db.session.execute(DUE_STATE, {"lots": list(lot_ids)}).all()
    renewed = [row for row in rows if row.renews]
    unannounced = [row for row in rows if not row.renews and not row.may_lapse]
    put_off([_renewed(row, occasion) for row in renewed], "unused", occasion.now)
    put_off([_delayed(row, occasion) for row in unannounced], "not_announced", occasion.now)
    _tell_staff(len(unannounced), occasion)
    return frozenset(row.id for row in [*renewed, *unannounced])


def digests_due(occasion: Occasion, limit: int) -> list[Digest]:
    """For at most ``limit`` members who are to be told today: everything that ends within sight, by kind of points."""
    rule = occasion.rulebook.reminders
    members = list(db.session.scalars(_members_to_tell(occasion, limit), {"now": occasion.now}))
    within = end_after(rule.days[0] + quiet_days(rule), occasion.today, occasion.zone)
    statement = LIVING.where(
        PointsAccount.member_id.in_(bindparam("members", expanding=True)), Lot.expires_at <= within, ~renews
    ).order_by(PointsAccount.member_id, Lot.expires_at, Lot.id)
    lots: dict[tuple[int, str], list[Any]] = {}
    for row in db.session.execute(statement, {"now": occasion.now, "members": members}):
        lots.setdefault((row.member_id, row.points_kind), []).append(row)
    return [Digest(member_id, kind, tuple(rows)) for (member_id, kind), rows in lots.items()]


def tell(digests: Iterable[Digest], occasion: Occasion) -> int:
    """Put one message for each digest into its member's box, and write down which ends it announced.

    A digest of this day that another worker has put meanwhile is left alone.  Returns how many are new.
    """
    by_key = {_key(digest, occasion): digest for digest in digests}
    if not by_key:
        return 0
    rows = [_message(key, digest, occasion) for key, digest in by_key.items()]
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Message).on_conflict_do_nothing(index_elements=[Message.key])
    new = db.session.execute(statement.returning(Message.id, Message.key), rows).all()
    told = [_told(lot, row.id, occasion) for row in new for lot in by_key[row.key].lots]
    db.session.execute(NEW_REMINDERS, told)
    return len(new)


def _members_to_tell(occasion: Occasion, limit: int) -> Select[int]:
    rule, today, zone = occasion.rulebook.reminders, occasion.today, occasion.zone
    just_told = start_of_day(today - timedelta(days=quiet_days(rule) - 1), zone)
    stages = [_passes(days, just_told, occasion) for days in rule.days]
    key = f"{today.isoformat()}"
    return (
        select(PointsAccount.member_id)
        .join(Lot, Lot.account_id == PointsAccount.id)
        .join(Member, Member.id == PointsAccount.member_id)
        .where(
            Lot.remaining_points > 0,
            Lot.expires_at > bindparam("now"),
            Lot.expires_at <= end_after(rule.days[0], today, zone),
            Member.state != "closed",
            ~PointsAccount.is_spending_frozen,
            Lot.thawed_available_at.is_(None),
            ~renews,
            or_(*stages),
            ~exists().where(
                Message.member_id == PointsAccount.member_id,
                Message.kind.in_(("points_lapsing", "kind_lapsing")),
                Message.key.endswith(f":{key}"),
            ),
        )
        .group_by(PointsAccount.member_id)
        .order_by(PointsAccount.member_id)
        .limit(limit)
    )


def _passes(days: int, just_told: datetime, occasion: Occasion) -> ColumnElement[bool]:
    """A lot is so many days from its end or less, and since then nobody said so, nor within the last days at all."""
    said = exists().where(
        LotReminder.lot_id == Lot.id,
        LotReminder.expires_at == Lot.expires_at,
        or_(LotReminder.days_left <= days, LotReminder.told_at >= just_told),
    )
    return and_(Lot.expires_at <= end_after(days, occasion.today, occasion.zone), ~said)


def _locked(statement: Any, occasion: Occasion, limit: int) -> Sequence[Any]:
    """The lots of a statement, read again under the locks of their accounts."""
    values = {"now": occasion.now}
    statement = statement.order_by(Lot.expires_at, Lot.id).limit(limit)
    accounts.lock_all({row.account_id for row in db.session.execute(statement, values)})
    return db.session.execute(statement, values).all()


def _tell_staff(count: int, occasion: Occasion) -> None:
    """That points do not end when the rulebook says so is for the merchant to know."""
    if count:
        after = {"lots": count}
        audit.record(
            staff_id=None, action="points.put_off", subject="points:0", now=occasion.now, after=after
        )


def _renewed(row: Any, occasion: Occasion) -> Extension:
    last_on = last_day_of(row.expires_at, occasion.zone)
    return Extension(row.id, row.expires_at, end_after(row.extension_days, last_on, occasion.zone))


def _delayed(row: Any, occasion: Occasion) -> Extension:
    notice = occasion.rulebook.reminders.notice_days_min
    return Extension(row.id, row.expires_at, end_after(notice, occasion.today, occasion.zone))


def _key(digest: Digest, occasion: Occasion) -> str:
    of_kind = "" if digest.points_kind == MAIN_KIND else f"{digest.points_kind}:"
    return f"points_lapsing:{digest.member_id}:{of_kind}{occasion.today.isoformat()}"


def _message(key: str, digest: Digest, occasion: Occasion) -> dict[str, Any]:
    lots = [[row.remaining_points, _last_on(row, occasion).isoformat()] for row in digest.lots]
    named = kind_named(digest.points_kind, occasion.rulebook)
    return {
        "member_id": digest.member_id,
        "kind": "kind_lapsing" if named else "points_lapsing",
        "key": key,
        "params": {"points": sum(row.remaining_points for row in digest.lots), "lots": lots, **named},
        "link": f"{LINK}?of={digest.points_kind}" if named else LINK,
        "created_at": occasion.now,
    }


def _told(lot: Any, message_id: int, occasion: Occasion) -> dict[str, Any]:
    days_left = (_last_on(lot, occasion) - occasion.today).days
    credited_on = lot.credited_at.astimezone(occasion.zone).date()
    return {
        "lot_id": lot.id,
        "expires_at": lot.expires_at,
        "days_left": days_left,
        "is_in_time": is_announced_in_time(
            days_left, credited_on, occasion.today, occasion.rulebook.reminders
        ),
        "message_id": message_id,
        "told_at": occasion.now,
    }


def _last_on(lot: Any, occasion: Occasion) -> date:
    return last_day_of(lot.expires_at, occasion.zone)
