"""Which rulebook is in force at a moment, and the occasion on which something is booked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Text, bindparam, cast, insert, select, text

from shop.extensions import db
from shop.models import RulebookVersion
from shop.rules.rulebook import Rulebook, parse_rulebook, rulebook_document

PUBLICATION_LOCK = 7_202_612  # any number that no other advisory lock uses

DOCUMENT = cast(RulebookVersion.document, Text).label(
    "document"
)  # parsed once for each process, not at each reading
IN_FORCE = (
    select(RulebookVersion.id, DOCUMENT)
    .where(RulebookVersion.effective_at <= bindparam("now"), RulebookVersion.withdrawn_at.is_(None))
    .order_by(RulebookVersion.effective_at.desc(), RulebookVersion.id.desc())
    .limit(1)
)
VERSION = select(RulebookVersion.id, DOCUMENT).where(RulebookVersion.id == bindparam("version"))


COMING = (
    select(RulebookVersion.id, RulebookVersion.effective_at, DOCUMENT)
    .where(
        RulebookVersion.effective_at > bindparam("after"),
        RulebookVersion.effective_at <= bindparam("until"),
        RulebookVersion.withdrawn_at.is_(None),
    )
    .order_by(RulebookVersion.effective_at, RulebookVersion.id)
)


@dataclass(frozen=True)
class Occasion:
    """When something happens, and under which rulebook: what every entry cites."""

    now: datetime
    today: date
    zone: ZoneInfo
    version: int
    rulebook: Rulebook


def occasion_at(now: datetime) -> Occasion:
    """The occasion of this moment, under the rulebook in force.  Raises LookupError when none was ever published."""
    row = db.session.execute(IN_FORCE, {"now": now}).one_or_none()
    if row is None:
        raise LookupError("no rulebook has been published yet")
    return occasion_of(now, row.id, row.document)


def occasion_under(version: int, now: datetime) -> Occasion:
    """This moment, under a version that decided something earlier (a refund, a promise): nothing is retroactive."""
    row = db.session.execute(VERSION, {"version": version}).one()
    return occasion_of(now, row.id, row.document)


def occasions_until(moment: datetime, occasion: Occasion) -> list[Occasion]:
    """This occasion, and the first one of each version that begins until then, in order."""
    rows = db.session.execute(COMING, {"after": occasion.now, "until": moment})
    return [occasion, *(occasion_of(row.effective_at, row.id, row.document) for row in rows)]


def occasion_of(now: datetime, version: int, document: str) -> Occasion:
    """The occasion of this moment under a version whose document was read along with something else."""
    return occasion_with(_parsed(document), now, version)


def occasion_with(rulebook: Rulebook, now: datetime, version: int = 0) -> Occasion:
    """The occasion of a moment under this rulebook; without a version it is a draft, under which nothing is booked."""
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    return Occasion(now=now, today=now.astimezone(zone).date(), zone=zone, version=version, rulebook=rulebook)


def rulebook_of(document: Mapping[str, Any]) -> Rulebook:
    """The rulebook of a published document; parsed once for each process."""
    return _parsed(json.dumps(document, sort_keys=True))


def lock_publication() -> None:
    """Let publications wait for each other; SQLite's writers do so anyway."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": PUBLICATION_LOCK})


def publish(
    rulebook: Rulebook, *, effective_at: datetime, staff_id: int | None, note: str, now: datetime
) -> int:
    """Add the next version.  Returns its number; versions are only ever added."""
    statement = insert(RulebookVersion).values(
        document=rulebook_document(rulebook),
        effective_at=effective_at,
        published_at=now,
        published_by_staff_id=staff_id,
        note=note,
    )
    return int(db.session.execute(statement.returning(RulebookVersion.id)).scalar_one())


@lru_cache(maxsize=64)
def _parsed(document: str) -> Rulebook:
    return parse_rulebook(json.loads(document))
