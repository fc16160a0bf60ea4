"""One member's page in the back office: who it is, what they have, and every line of their ledger."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shop.books.rulebooks import occasion_at
from shop.books.tiers.history import decided_for
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Lot, Member, Order, PointsAccount, PointsEntry, SignIn, Staff, is_main_account
from shop.models.columns import JsonObject
from shop.queries.points.balance import Balance, balance_of
from shop.queries.points.tier import Change, changes_of
from shop.queries.points.tier_progress import Keeping, Progress, keeping_of, progress_of

PAGE = 25
LOTS_SHOWN_MAX = 60
ORDERS_SHOWN_MAX = 60

PROFILE = select(
    Member.id,
    Member.name,
    Member.avatar,
    Member.phone_sealed,
    Member.birthday_sealed,
    Member.state,
    Member.tier_code,
    Member.tier_since_at,
    Member.growth,
    Member.joined_at,
    Member.locale,
).where(Member.id == bindparam("member_id"))
LIFETIME = (
    select(PointsEntry.kind, func.sum(PointsEntry.points), func.count())
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(PointsAccount.member_id == bindparam("member_id"), is_main_account)
    .group_by(PointsEntry.kind)
)
PROOF = (
    select(
        PointsAccount.balance_points,
        PointsAccount.debt_points,
        func.coalesce(func.sum(Lot.remaining_points), 0),
    )
    .outerjoin(Lot, (Lot.account_id == PointsAccount.id) & (Lot.remaining_points > 0))
    .where(PointsAccount.member_id == bindparam("member_id"), is_main_account)
    .group_by(PointsAccount.id, PointsAccount.balance_points, PointsAccount.debt_points)
)
PAID = select(
    func.count(),
    func.coalesce(func.sum(Order.total_cents), 0),
    func.coalesce(func.sum(Order.refunded_cents), 0),
).where(Order.member_id == bindparam("member_id"), Order.paid_at.is_not(None))
SIGNED_DAYS = select(func.count()).select_from(SignIn).where(SignIn.member_id == bindparam("member_id"))
LEDGER = (
    select(
        PointsEntry.id,
        PointsEntry.occurred_at,
        PointsEntry.kind,
        PointsEntry.points,
        PointsEntry.balance_after_points,
        PointsEntry.reference,
        PointsEntry.rulebook_version,
        PointsEntry.reasons,
        Order.number,
        Staff.name,
        PointsAccount.kind,
    )
    .select_from(PointsEntry)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .outerjoin(Order, Order.id == PointsEntry.order_id)
    .outerjoin(Staff, Staff.id == PointsEntry.staff_id)
    .where(PointsAccount.member_id == bindparam("member_id"), PointsEntry.id < bindparam("before"))
    .order_by(PointsEntry.id.desc())
    .limit(PAGE + 1)
)
LOTS = (
    select(
        Lot.id,
        Lot.source_class,
        Lot.points,
        Lot.remaining_points,
        Lot.held_points,
        Lot.credited_at,
        Lot.available_at,
        Lot.expires_at,
        PointsAccount.kind,
    )
    .select_from(Lot)
    .join(PointsAccount, PointsAccount.id == Lot.account_id)
    .where(
        PointsAccount.member_id == bindparam("member_id"),
        Lot.remaining_points > 0,
        Lot.expires_at > bindparam("now"),
    )
    .order_by(Lot.expires_at, Lot.id)
    .limit(LOTS_SHOWN_MAX)
)
ORDERS = (
    select(
        Order.number,
        Order.state,
        Order.placed_at,
        Order.total_points,
        Order.total_cents,
        Order.refunded_points,
    )
    .where(Order.member_id == bindparam("member_id"))
    .order_by(Order.id.desc())
    .limit(ORDERS_SHOWN_MAX)
)
ANY_ID = 2**31 - 1


@dataclass(frozen=True)
class Profile:
    """Who it is.  ``phone`` is the whole number; pages show it masked.  The birthday is only told to be there."""

    id: int
    name: str
    avatar: str
    phone: str
    has_birthday: bool
    state: str
    tier_code: str
    tier_name: str
    progress: Progress
    keeping: Keeping | None
    tier_why: str
    tier_changes: tuple[Change, ...]
    tier_since_at: datetime
    growth: int
    joined_at: datetime
    locale: str | None


@dataclass(frozen=True)
class Overview:
    """What the member has and had.  ``entries_points`` must equal ``lots_points`` less ``debt_points``."""

    balance: Balance
    balance_points: int
    debt_points: int
    entries_points: int
    lots_points: int
    entries_count: int
    earned_points: int
    used_points: int
    expired_points: int
    orders_paid: int
    paid_cents: int
    refunded_cents: int
    signed_days: int

    @property
    def adds_up(self) -> bool:
        return (
            self.entries_points == self.balance_points - self.debt_points
            and self.lots_points == self.balance_points
        )


@dataclass(frozen=True)
class LedgerRow:
    """One entry, with its stored reasons, the order it belongs to and who wrote it by hand."""

    id: int
    occurred_at: datetime
    kind: str
    points: int
    balance_after_points: int
    reference: str
    rulebook_version: int
    reasons: list[JsonObject]
    order_number: str | None
    staff_name: str | None
    points_kind: str


@dataclass(frozen=True)
class LedgerPage:
    rows: tuple[LedgerRow, ...]
    next_before: int | None


@dataclass(frozen=True)
class LotRow:
    """Points of one batch that are left."""

    id: int
    source_class: str
    points: int
    remaining_points: int
    held_points: int
    credited_at: datetime
    available_at: datetime
    expires_at: datetime
    points_kind: str


@dataclass(frozen=True)
class OrderRow:
    number: str
    state: str
    placed_at: datetime
    total_points: int
    total_cents: int
    refunded_points: int


def profile_of(member_id: int, now: datetime) -> Profile | None:
    """The member, with the name of the tier in the rulebook in force."""
    row = db.session.execute(PROFILE, {"member_id": member_id}).one_or_none()
    if row is None:
        return None
    occasion = occasion_at(now)
    rulebook = occasion.rulebook
    decided = decided_for(member_id, row.tier_code, occasion)
    names = {tier.code: tier.name for tier in rulebook.tiers}
    return Profile(
        id=row.id,
        name=row.name,
        avatar=row.avatar,
        phone=unseal(row.phone_sealed),
        has_birthday=row.birthday_sealed is not None,
        state=row.state,
        tier_code=row.tier_code,
        tier_name=names.get(row.tier_code, row.tier_code),
        progress=progress_of(member_id, row.growth, row.tier_code, occasion),
        keeping=keeping_of(member_id, decided, occasion),
        tier_why=decided.held.why,
        tier_changes=changes_of(member_id, rulebook),
        tier_since_at=row.tier_since_at,
        growth=row.growth,
        joined_at=row.joined_at,
        locale=row.locale,
    )


def overview_of(member_id: int, now: datetime) -> Overview:
    """The member's sums, in five statements; all but the balance are over the whole time."""
    named = {"member_id": member_id}
    by_kind = {row[0]: (int(row[1]), int(row[2])) for row in db.session.execute(LIFETIME, named)}
    sums = {kind: points for kind, (points, _count) in by_kind.items()}
    balance_points, debt_points, lots_points = db.session.execute(PROOF, named).one()
    orders_paid, paid_cents, refunded_cents = db.session.execute(PAID, named).one()
    return Overview(
        balance=balance_of(member_id, now),
        balance_points=balance_points,
        debt_points=debt_points,
        entries_points=sum(sums.values()),
        lots_points=int(lots_points),
        entries_count=sum(count for _points, count in by_kind.values()),
        earned_points=sums.get("earn", 0) + sums.get("grant", 0),
        used_points=-sums.get("redeem", 0) - sums.get("restore", 0),
        expired_points=-sums.get("expire", 0),
        orders_paid=int(orders_paid),
        paid_cents=int(paid_cents),
        refunded_cents=int(refunded_cents),
        signed_days=int(db.session.scalar(SIGNED_DAYS, named) or 0),
    )


def ledger_of(member_id: int, before: int | None = None) -> LedgerPage:
    """A page of the member's entries, newest first."""
    values = {"member_id": member_id, "before": ANY_ID if before is None else before}
    rows = [LedgerRow(*tuple(row)) for row in db.session.execute(LEDGER, values)]
    shown = tuple(rows[:PAGE])
    return LedgerPage(shown, shown[-1].id if len(rows) > PAGE else None)


def lots_of(member_id: int, now: datetime) -> list[LotRow]:
    """The batches that still have points, soonest to lapse first."""
    return [LotRow(*row) for row in db.session.execute(LOTS, {"member_id": member_id, "now": now})]


def orders_of(member_id: int) -> list[OrderRow]:
    """The member's latest orders."""
    return [OrderRow(*row) for row in db.session.execute(ORDERS, {"member_id": member_id})]
