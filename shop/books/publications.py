"""A version of the rulebook becomes the next one: with the notice that its changes need, and never for the past."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import delete, select, update

from shop.books import audit, outbox
from shop.books.rulebooks import occasion_at, publish
from shop.errors import (
    LaterVersionScheduled,
    NotFound,
    NoticeTooShort,
    PointsKindInUse,
    PublicationTooEarly,
    VersionStarted,
)
from shop.extensions import db
from shop.models import (
    Member,
    OutboxEvent,
    PointsAccount,
    Product,
    RulebookDraft,
    RulebookVersion,
    further_accounts,
)
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.notice import earliest_start, worsening
from shop.rules.rulebook import (
    Change,
    Rulebook,
    RulebookInvalid,
    changes_between,
    parse_rulebook,
    rulebook_document,
)

QUIET = {"synchronize_session": False}
KINDS_HELD = (
    select(PointsAccount.kind)
    .where(
        PointsAccount.id.in_(further_accounts),
        PointsAccount.balance_points + PointsAccount.debt_points > 0,
    )
    .distinct()
)
KINDS_ASKED = (
    select(Product.points_kind).where(Product.points_kind != MAIN_KIND, Product.state == "on_sale").distinct()
)


@dataclass(frozen=True)
class Publication:
    """Who publishes, when, from when on (None: at once), and the key under which a repeat is known."""

    effective_at: datetime | None
    staff_id: int | None
    note: str
    now: datetime
    key: str

    @property
    def event_key(self) -> str:
        return f"rulebook_published:{self.key}"

    @property
    def starts_at(self) -> datetime:
        return self.effective_at or self.now


@dataclass(frozen=True)
class Notice:
    """What a version would worsen, and the first date that keeps the notice; nothing worse: no date."""

    worse: tuple[Change, ...]
    days: int
    earliest_at: datetime | None


def notice_for(rulebook: Rulebook, starts_at: datetime, now: datetime) -> Notice:
    """The notice that a rulebook needs which would follow at that moment.

    The days are those of the version in force now or, when they are more, of the one it follows.  A shop without a
    version or without members has promised nobody anything.
    """
    current = _in_force(now)
    if current is None or not _has_members():
        return Notice((), 0, None)
    followed = _in_force(starts_at) or current
    days = max(current.publishing.notice_days, followed.publishing.notice_days)
    worse = worsening(followed, rulebook, starts_at)
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return Notice(worse, days, earliest_start(now, days, zone) if worse else None)


def check_moment(rulebook: Rulebook, publication: Publication) -> None:
    """Raises PublicationTooEarly for the past, NoticeTooShort with the earliest date, and PointsKindInUse for a kind of
    points that would vanish while members have some of it or goods are priced in it.
    """
    if publication.starts_at < publication.now:
        raise PublicationTooEarly
    _refuse_lost_kinds(rulebook, publication.now)
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    notice = notice_for(rulebook, publication.starts_at, publication.now)
    if notice.earliest_at and publication.starts_at < notice.earliest_at:
        raise NoticeTooShort(notice.earliest_at, notice.earliest_at.astimezone(zone).date(), notice.days)


def _refuse_lost_kinds(rulebook: Rulebook, now: datetime) -> None:
    used = sorted({*db.session.scalars(KINDS_HELD), *db.session.scalars(KINDS_ASKED)})
    lost = [code for code in used if not rulebook.has_kind(code)]
    if lost:
        current = occasion_at(now).rulebook
        raise PointsKindInUse(tuple(kind.name if (kind := current.kind(code)) else code for code in lost))


def published_before(key: str) -> int | None:
    """The version that the same key published, if it did."""
    statement = select(OutboxEvent.payload).where(OutboxEvent.key == f"rulebook_published:{key}")
    payload = db.session.scalar(statement)
    return int(payload["version"]) if payload else None


def make_version(rulebook: Rulebook, publication: Publication) -> int:
    """Add the next version, announce it and end the draft that it was.  Call ``lock_publication`` first."""
    check_moment(rulebook, publication)
    now, starts_at = publication.now, publication.starts_at
    before, after = _differences(rulebook, starts_at)
    version = publish(
        rulebook, effective_at=starts_at, staff_id=publication.staff_id, note=publication.note, now=now
    )
    end_draft(rulebook)
    outbox.put("rulebook_published", publication.event_key, now, {"version": version})
    audit.record(
        staff_id=publication.staff_id,
        action="rulebook.publish",
        subject=f"rulebook:{version}",
        now=now,
        before=before,
        after={**after, "effective_at": starts_at.isoformat()},
        reason=publication.note,
    )
    return version


def withdraw(version: int, *, staff_id: int | None, reason: str, now: datetime) -> bool:
    """Take back a version that has not started.  False when it was withdrawn already.

    Raises NotFound, VersionStarted, and LaterVersionScheduled: what was announced as following it goes first.
    """
    row = db.session.execute(
        select(RulebookVersion.effective_at, RulebookVersion.withdrawn_at).where(
            RulebookVersion.id == version
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    if row.withdrawn_at is not None:
        return False
    if row.effective_at <= now:
        raise VersionStarted
    place = (RulebookVersion.effective_at, RulebookVersion.id)
    later = select(RulebookVersion.id).where(
        RulebookVersion.withdrawn_at.is_(None),
        (place[0] > row.effective_at) | ((place[0] == row.effective_at) & (place[1] > version)),
    )
    if db.session.scalar(later.limit(1)) is not None:
        raise LaterVersionScheduled
    db.session.execute(
        update(RulebookVersion).where(RulebookVersion.id == version).values(withdrawn_at=now),
        execution_options=QUIET,
    )
    outbox.put("rulebook_withdrawn", f"rulebook_withdrawn:{version}", now, {"version": version})
    audit.record(
        staff_id=staff_id, action="rulebook.withdraw", subject=f"rulebook:{version}", now=now, reason=reason
    )
    return True


def end_draft(rulebook: Rulebook) -> None:
    """The draft ends when it is what was published; what somebody wrote meanwhile stays."""
    kept = db.session.scalar(select(RulebookDraft.document))
    if kept is None:
        return
    try:
        is_the_same = parse_rulebook(kept) == rulebook
    except RulebookInvalid:
        return
    if is_the_same:
        db.session.execute(delete(RulebookDraft), execution_options=QUIET)


def _in_force(at: datetime) -> Rulebook | None:
    try:
        return occasion_at(at).rulebook
    except LookupError:
        return None


def _has_members() -> bool:
    return db.session.scalar(select(Member.id).where(Member.state != "closed").limit(1)) is not None


def _differences(rulebook: Rulebook, starts_at: datetime) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What the audit row shows: the values that change, before and after; the whole document for the first version."""
    followed = _in_force(starts_at)
    if followed is None:
        return None, rulebook_document(rulebook)
    changes = changes_between(followed, rulebook)
    return {change.path: change.old for change in changes}, {change.path: change.new for change in changes}
