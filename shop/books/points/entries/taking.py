"""Points go: spent, taken back, or at their end."""

from dataclasses import replace

from sqlalchemy import bindparam, select

from shop.books.points import accounts, extensions, lots
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries.lines import Line, with_reasons, write
from shop.books.rulebooks import Occasion
from shop.errors import PointsFrozen
from shop.extensions import db
from shop.models import PointsAccount, PointsEntry
from shop.rules.points.allocation import Take
from shop.rules.points.debt import cover_claw_back
from shop.rules.points.kinds import MAIN_KIND

KIND_OF = (
    select(PointsAccount.kind)
    .join(PointsEntry, PointsEntry.account_id == PointsAccount.id)
    .where(PointsEntry.id == bindparam("entry_id"))
)


def redeem(
    member_id: int, points: int, line: Line, occasion: Occasion, *, points_kind: str = MAIN_KIND
) -> int:
    """Spend points at once, soonest to expire first.  Raises InsufficientPoints and PointsFrozen.  Returns the entry."""
    return redeem_from(accounts.lock(member_id, points_kind), points, line, occasion)


def redeem_from(account: LockedAccount, points: int, line: Line, occasion: Occasion) -> int:
    """``redeem`` for a caller that has locked the account and moved nothing since."""
    assert points > 0, "a spending is positive"
    if line.kind == "redeem" and account.is_spending_frozen:
        raise PointsFrozen
    takes = lots.choose_affordable(account, points, occasion.now)
    entry_id = write(account, line, occasion, -points, balance=-points)
    lots.record_takes(entry_id, takes)
    _roll(account, entry_id, line, occasion)
    return entry_id


def take_held(account: LockedAccount, takes: tuple[Take, ...], line: Line, occasion: Occasion) -> int:
    """Spend points that a hold had set aside in these lots.  Only ``holds.capture`` calls this."""
    points = sum(take.points for take in takes)
    entry_id = write(account, line, occasion, -points, balance=-points, held=-points)
    lots.record_takes(entry_id, takes, were_held=True)
    _roll(account, entry_id, line, occasion)
    return entry_id


def claw_back(
    member_id: int,
    points: int,
    line: Line,
    own_entries: frozenset[int],
    occasion: Occasion,
    *,
    waive: bool = False,
    kept_points: int = 0,
    points_kind: str | None = None,
) -> int | None:
    """Take earned points back after a refund; what the lots cannot cover becomes debt, or is waived.

    They go from the account of the kind of the entry that ``line`` corrects (``points_kind`` where it corrects none);
    only the main kind is waived or settled with cash, any other is owed in its own kind.

    ``kept_points`` of what is missing were settled by keeping cash: they are let go.

    ``own_entries`` are the entries of the same order: their lots give first, after pending ones.  Returns the entry, or
    None when everything was waived.
    """
    account = accounts.lock(member_id, points_kind or _kind_of(line.corrects_entry_id))
    takes = lots.choose_for_claw_back(account.id, points, own_entries, occasion.now)
    covered = sum(take.points for take in takes)
    is_main = account.kind == MAIN_KIND
    rule = replace(occasion.rulebook.returns, shortage="waive" if waive and is_main else "debt")
    cover = cover_claw_back(points, covered, rule, kept_points=kept_points if is_main else 0)
    owed = cover.debt
    if covered + owed == 0:
        return None
    line = with_reasons(line, cover.reasons)
    entry_id = write(account, line, occasion, -covered - owed, balance=-covered, debt=owed)
    lots.record_takes(entry_id, takes)
    return entry_id


def _kind_of(entry_id: int | None) -> str:
    """The kind of points that an entry moved; the main one for no entry."""
    return db.session.scalar(KIND_OF, {"entry_id": entry_id}) or MAIN_KIND


def _roll(account: LockedAccount, entry_id: int, line: Line, occasion: Occasion) -> None:
    """A spending puts off the end of lots that roll with activity; what a merchant takes by hand does not."""
    if account.has_rolling_lots and line.kind == "redeem":
        extensions.roll(account.id, entry_id, occasion)
