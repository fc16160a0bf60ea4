"""Points come: as a new lot, with an end that a policy decides."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shop.books.points import accounts, extensions
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries.lines import Line, credit
from shop.books.points.lots import NewLot
from shop.books.rulebooks import Occasion
from shop.rules.points import expiry
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.reasons import Reason
from shop.rules.rulebook import ExpiryPolicy, SourceClass

WAITING_KINDS = frozenset({"earn", "grant"})
"""What waits while earning is frozen; what a merchant gives by hand (adjust) does not."""


def earn(
    member_id: int,
    points: int,
    *,
    source_class: SourceClass,
    reference: str,
    occasion: Occasion,
    reasons: Sequence[Reason] = (),
    order_id: int | None = None,
    available_at: datetime | None = None,
    kind: str = "earn",
    program_account: str = "issued",
    staff_id: int | None = None,
    account: LockedAccount | None = None,
    policy: ExpiryPolicy | None = None,
    expires_at: datetime | None = None,
    corrects_entry_id: int | None = None,
    rule_code: str | None = None,
    purchase_id: int | None = None,
    points_kind: str = MAIN_KIND,
) -> int:
    """Credit points as a new lot whose expiry the rulebook's class decides.  Debt is filled first.  Returns the entry.

    ``kind`` and ``program_account`` differ for grants and adjustments.  ``available_at`` later than now: pending points.
    ``account``: from a caller that has locked it and moved nothing since; it says which kind of points.  ``policy`` is a
    rule's own expiry instead of the class's or kind's; ``expires_at`` an end that was given from outside (an import, a
    reinstatement).  While earning is frozen the points wait as pending ones.
    """
    assert points > 0, "an earning is positive"
    account = account or accounts.lock(member_id, points_kind)
    line = Line(
        kind,
        program_account,
        reference,
        reasons,
        source_class,
        order_id,
        corrects_entry_id,
        staff_id,
        rule_code,
        purchase_id,
    )
    policy = policy or _policy(account.kind, source_class, occasion)
    lot = _lot(points, source_class, occasion, available_at or occasion.now, expires_at, policy)
    if account.is_earning_frozen and kind in WAITING_KINDS:
        lot = replace(lot, available_at=expiry.FROZEN, thawed_available_at=lot.available_at)
    entry_id = credit(account, line, occasion, points, lot, ())
    _roll(account, entry_id, lot, occasion)
    return entry_id


def _lot(
    points: int,
    source_class: SourceClass,
    occasion: Occasion,
    available_at: datetime,
    expires_at: datetime | None,
    policy: ExpiryPolicy,
) -> NewLot:
    """The lot with an end from outside, or with that of a policy."""
    lot = NewLot(
        points=points,
        source_class=source_class,
        credited_at=occasion.now,
        available_at=available_at,
        expires_at=expires_at or occasion.now,
        rulebook_version=occasion.version,
    )
    if expires_at is not None:
        return lot
    return _under(policy, lot, occasion)


def _policy(points_kind: str, source_class: SourceClass, occasion: Occasion) -> ExpiryPolicy:
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
        expires_at=expiry.expires_at(policy, occasion.now, occasion.zone),
        extension=expiry.EXTENSIONS.get(policy.kind),
        extension_days=policy.days if policy.kind in expiry.EXTENSIONS else 0,
        extensions_left=policy.times,
    )
