"""Points as tender: the redemptions of tills and what went back of them.  The points themselves move in the points book."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from shop.books.points import accounts
from shop.extensions import db, table_of
from shop.models import Hold, Redemption, RedemptionRefund

PREFIX = "redemption:"
BY_NUMBER = (
    select(
        Redemption.id,
        Redemption.number,
        Redemption.member_id,
        Redemption.store_id,
        Redemption.receipt,
        Redemption.bill_cents,
        Redemption.off_cents,
        Redemption.points,
        Redemption.rulebook_version,
        Hold.state,
        Hold.expires_at,
        Hold.reference,
    )
    .join(Hold, Hold.id == Redemption.hold_id)
    .where(Redemption.number == bindparam("number"))
)
REFUNDED = select(
    func.coalesce(func.sum(RedemptionRefund.points), 0).label("points"),
    func.coalesce(func.sum(RedemptionRefund.off_cents), 0).label("off_cents"),
).where(RedemptionRefund.redemption_id == bindparam("redemption_id"))
REFUND = select(RedemptionRefund.points, RedemptionRefund.off_cents).where(
    RedemptionRefund.redemption_id == bindparam("redemption_id"),
    RedemptionRefund.refund == bindparam("refund"),
)
OVERDUE = (
    select(Hold.reference)
    .where(
        Hold.state == "held", Hold.expires_at <= bindparam("now"), Hold.reference.startswith(PREFIX, autoescape=True)
    )
    .order_by(Hold.expires_at, Hold.id)
    .limit(bindparam("limit"))
)  # fmt: skip
NEW_REDEMPTION = insert(table_of(Redemption)).returning(table_of(Redemption).c.id)
NEW_REFUND = insert(table_of(RedemptionRefund))


@dataclass(frozen=True)
class Tender:
    """One redemption as it stands: ``state`` is that of its hold."""

    id: int
    number: str
    member_id: int
    store_id: int | None
    receipt: str
    bill_cents: int
    off_cents: int
    points: int
    rulebook_version: int
    state: str
    expires_at: datetime
    hold_reference: str


def hold_reference(number: str) -> str:
    """The reference under which a redemption's points are held."""
    return f"{PREFIX}{number}"


def redeem_reference(number: str) -> str:
    """The reference of the entry that spent a redemption's points."""
    return f"{PREFIX}{number}:redeem"


def open_redemption(values: dict[str, Any]) -> int:
    """Write a new redemption, whose hold was placed in the same transaction.  Returns its id."""
    return int(db.session.execute(NEW_REDEMPTION, values).scalar_one())


def tender_of(number: str) -> Tender | None:
    """A redemption by its number; read it again under the member's lock before deciding."""
    row = db.session.execute(BY_NUMBER, {"number": number}).one_or_none()
    return _tender(row) if row else None


def locked_tender(number: str) -> Tender | None:
    """A redemption while its member's account is locked: nobody else moves it until the transaction ends."""
    found = tender_of(number)
    if found is None:
        return None
    accounts.lock(found.member_id)
    return tender_of(number)


def refunded(redemption_id: int) -> tuple[int, int]:
    """Points and cents that went back so far."""
    row = db.session.execute(REFUNDED, {"redemption_id": redemption_id}).one()
    return int(row.points), int(row.off_cents)


def refund_of(redemption_id: int, refund: str) -> tuple[int, int] | None:
    """Points and cents of the refund that was made under this name, if any."""
    row = db.session.execute(REFUND, {"redemption_id": redemption_id, "refund": refund}).one_or_none()
    return (row.points, row.off_cents) if row else None


def record_refund(
    redemption_id: int, refund: str, *, points: int, off_cents: int, entry_id: int, now: datetime
) -> None:
    """Write that points went back by this entry."""
    row = {
        "redemption_id": redemption_id,
        "refund": refund,
        "points": points,
        "off_cents": off_cents,
        "entry_id": entry_id,
        "created_at": now,
    }
    db.session.execute(NEW_REFUND, row)


def overdue(now: datetime, limit: int) -> list[str]:
    """The references of holds whose till never came back."""
    return list(db.session.scalars(OVERDUE, {"now": now, "limit": limit}))


def _tender(row: Any) -> Tender:
    return Tender(
        id=row.id,
        number=row.number,
        member_id=row.member_id,
        store_id=row.store_id,
        receipt=row.receipt,
        bill_cents=row.bill_cents,
        off_cents=row.off_cents,
        points=row.points,
        rulebook_version=row.rulebook_version,
        state=row.state,
        expires_at=row.expires_at,
        hold_reference=row.reference,
    )
