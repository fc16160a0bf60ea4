"""Points come: as a new lot, with an end that a policy decides."""

from dataclasses import replace
from datetime import datetime

from shop.books.points import accounts, extensions
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries.lines import Line, credit
from shop.books.points.lots import NewLot
from shop.books.rulebooks import Occasion
from shop.rules.points import expiry
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import ExpiryPolicy

WAITING_KINDS = frozenset({"earn", "grant"})
"""What waits while earning is frozen; what a merchant gives by hand (adjust) does not."""


def earn(
    member_id: int,
    points: int,
    line: Line,
    occasion: Occasion,
    *,
    available_at: datetime | None = None,
    policy: ExpiryPolicy | None = None,
    expires_at: datetime | None = None,
    account: LockedAccount | None = None,
    points_kind: str = MAIN_KIND,
) -> int:
    """Credit points as a new lot whose expiry the class of the line decides.  Debt is filled first.  Returns the entry.

    ``available_at`` later than now: pending points.  ``policy`` is a rule's own expiry instead of the class's or kind's;
    ``expires_at`` an end that was given from outside (an import, a reinstatement).  ``account``: from a caller that has
    locked it and moved nothing since; it says which kind of points.  While earning is frozen the points wait as pending
    ones.
    """
    assert points > 0, "an earning is positive"
    assert line.source_class, "an earning has a class"
    account = account or accounts.lock(member_id, points_kind)
    lot = NewLot(
        points=points,
        source_class=line.source_class,
        credited_at=occasion.now,
        available_at=available_at or occasion.now,
        expires_at=expires_at or occasion.now,
        rulebook_version=occasion.version,
    )
    if expires_at is None:
        lot = _under(policy or _policy(account.kind, line.source_class, occasion), lot, occasion)
    if account.is_earning_frozen and line.kind in WAITING_KINDS:
        lot = replace(lot, available_at=expiry.FROZEN, thawed_available_at=lot.available_at)
    entry_id = credit(account, line, occasion, points, lot, ())
    _roll(account, entry_id, lot, occasion)
    return entry_id


def _policy(points_kind: str, source_class: str, occasion: Occasion) -> ExpiryPolicy:
    """How long points last: those of a further kind as it says itself, those of the main one by source class."""
    kind = occasion.rulebook.kind(points_kind)
    return kind.expiry if kind else occasion.rulebook.expiry.policy_for(source_class)


def _roll(account: LockedAccount, entry_id: int, lot: NewLot, occasion: Occasion) -> None:
    """An earning puts off the end of lots that roll with activity."""
    if lot.extension == "activity" and not account.has_rolling_lots:
        accounts.start_rolling(account.id)
    elif account.has_rolling_lots:
        extensions.roll(account.id, entry_id, occasion)


def _under(policy: ExpiryPolicy, lot: NewLot, occasion: Occasion) -> NewLot:
    """The lot with the end of its policy, and how that end may move."""
    return replace(
        lot,
        expires_at=expiry.end_of_lot(policy, lot.credited_at, lot.available_at, occasion.zone),
        extension=expiry.EXTENSIONS.get(policy.kind),
        extension_days=policy.days if policy.kind in expiry.EXTENSIONS else 0,
        extensions_left=policy.times,
    )
