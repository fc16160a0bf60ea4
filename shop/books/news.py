"""What a version of the rulebook is news of: which one it follows, and what points buy by each."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import select

from shop.books.rulebooks import rulebook_of
from shop.extensions import db
from shop.models import RulebookVersion
from shop.rules.points.redeeming import OffsetRatio, offset_ratio
from shop.rules.rulebook import Rulebook


@dataclass(frozen=True)
class VersionNews:
    """A version that changes something.  The ratios are those at its publication and its start, where it changes them."""

    before: Rulebook
    after: Rulebook
    effective_on: str
    is_withdrawn: bool
    ratio_before: OffsetRatio | None
    ratio_after: OffsetRatio | None


def news_of(version: int) -> VersionNews | None:
    """The news of a version; None for the first one, and for one that changes nothing."""
    row = db.session.execute(
        select(RulebookVersion).where(RulebookVersion.id == version)
    ).scalar_one_or_none()
    if row is None:
        return None
    followed = db.session.scalar(
        select(RulebookVersion.document)
        .where(
            RulebookVersion.id != version,
            RulebookVersion.withdrawn_at.is_(None),
            (RulebookVersion.effective_at < row.effective_at)
            | ((RulebookVersion.effective_at == row.effective_at) & (RulebookVersion.id < version)),
        )
        .order_by(RulebookVersion.effective_at.desc(), RulebookVersion.id.desc())
        .limit(1)
    )
    if followed is None:
        return None
    before, after = rulebook_of(followed), rulebook_of(row.document)
    return None if before == after else _news(row, before, after)


def _news(row: RulebookVersion, before: Rulebook, after: Rulebook) -> VersionNews:
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    starts, told = row.effective_at, row.published_at
    changes = offset_ratio(before, starts) != offset_ratio(after, starts)
    return VersionNews(
        before=before,
        after=after,
        effective_on=starts.astimezone(zone).date().isoformat(),
        is_withdrawn=row.withdrawn_at is not None,
        ratio_before=offset_ratio(before, told) if changes else None,
        ratio_after=offset_ratio(after, starts) if changes else None,
    )
