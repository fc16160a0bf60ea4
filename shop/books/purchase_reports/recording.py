"""A purchase made elsewhere is written down: the same rules decide as for an order of the mall."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select

from shop.books import audit, outbox, purchases
from shop.books.orders import growth
from shop.books.points import accounts
from shop.books.points.awarding import Source
from shop.books.points.deciding import decide
from shop.books.points.facts import facts_of
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import InvalidInput, KeyReused, MemberSuspended, NotFound
from shop.extensions import db, table_of
from shop.models import (
    Category,
    Lot,
    Member,
    PointsAccount,
    PointsEntry,
    Product,
    Purchase,
    PurchaseLine,
    Variant,
)
from shop.rules.points.earning import Awards, credited_at
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import BoughtLine, Channel, Occurrence
from shop.rules.points.tiers import growth_from_paid_cents
from shop.rules.reasons import Reason

CLOCK_SKEW = timedelta(minutes=5)
OLDEST = timedelta(days=400)
LINES_MAX = 200
KNOWN = select(Purchase.id, Purchase.member_id, Purchase.request_hash).where(
    Purchase.source == bindparam("source"), Purchase.external_id == bindparam("external_id")
)
STATE = select(Member.state).where(Member.id == bindparam("member_id"))
OF_SKUS = (
    select(Variant.sku, Category.slug.label("category"), Product.tags)
    .join(Product, Product.id == Variant.product_id)
    .outerjoin(Category, Category.id == Product.category_id)
    .where(Variant.sku.in_(bindparam("skus", expanding=True)))
)
ENTRIES = (
    select(
        PointsEntry.id,
        PointsEntry.points,
        PointsEntry.source_class,
        PointsEntry.rule_code,
        PointsEntry.rulebook_version,
        PointsEntry.reasons,
        PointsAccount.kind,
        Lot.available_at,
        Lot.expires_at,
    )
    .select_from(PointsEntry)
    .join(Lot, Lot.entry_id == PointsEntry.id)
    .join(PointsAccount, PointsAccount.id == PointsEntry.account_id)
    .where(PointsEntry.purchase_id == bindparam("purchase_id"), PointsEntry.kind == "earn")
    .order_by(PointsEntry.id)
)


@dataclass(frozen=True, kw_only=True)
class ReportedLine:
    """Goods of one kind: the cash paid for all pieces together, in cents."""

    cents: int
    quantity: int = 1
    sku: str | None = None
    category: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReportedPurchase:
    """What a till or a web shop says.  ``source`` names who says it, ``external_id`` is its number there.

    ``key`` is the key of a page: the same page sent again is the same purchase, though its moment is a later one.
    """

    source: str
    external_id: str
    at: datetime
    lines: tuple[ReportedLine, ...]
    channel: Channel = "elsewhere"
    store_id: int | None = None
    staff_id: int | None = None
    key: str = ""


@dataclass(frozen=True)
class AwardedPoints:
    """One entry that a purchase earned: spendable from ``available_at`` until ``expires_at``."""

    entry_id: int
    points: int
    source_class: str
    rule_code: str | None
    rulebook_version: int
    reasons: tuple[Reason, ...]
    available_at: datetime
    expires_at: datetime
    points_kind: str


@dataclass(frozen=True)
class RecordedPurchase:
    """A purchase that is written down, and what it earned when it was."""

    purchase_id: int
    member_id: int
    awards: tuple[AwardedPoints, ...]
    is_repeat: bool

    @property
    def points(self) -> int:
        """All points of the main kind together."""
        return sum(award.points for award in self.awards if award.points_kind == MAIN_KIND)


def record(
    member_id: int, reported: ReportedPurchase, now: datetime, *, has_trail: bool = True
) -> RecordedPurchase:
    """Record a purchase in the caller's transaction, and credit what it earns.  ``has_trail``: what staff do is audited.

    It is decided by the rulebook in force when it was made; the points wait the rulebook's waiting days from
    ``reported.at``.  The same source and external id again changes nothing and answers with the first purchase; with
    another body it raises KeyReused.  Raises NotFound and MemberSuspended; the caller has seen ``refuse_nonsense``.
    """
    state = db.session.scalar(STATE, {"member_id": member_id})
    if state is None or state == "closed":
        raise NotFound
    accounts.lock(member_id)
    request_hash = _hash_of(member_id, reported)
    if known := _known(reported, request_hash):
        return known
    if state != "active":
        raise MemberSuspended
    made = occasion_at(reported.at)
    purchase_id, awards = _write(member_id, reported, request_hash, made)
    _credit(member_id, purchase_id, awards, reported, replace(made, now=now))
    growth.add(member_id, growth_from_paid_cents(sum(line.cents for line in reported.lines)))
    outbox.put("purchase_recorded", f"purchase_recorded:{purchase_id}", now, {"purchase_id": purchase_id})
    if reported.staff_id is not None and has_trail:
        _audit(member_id, purchase_id, reported, now)
    return RecordedPurchase(purchase_id, member_id, _awarded(purchase_id), is_repeat=False)


def refuse_nonsense(reported: ReportedPurchase, now: datetime) -> None:
    """Raises InvalidInput for a moment in the future or too long ago, for no lines or negative cash."""
    sound = all(line.cents >= 0 and line.quantity > 0 for line in reported.lines)
    if not sound or not 1 <= len(reported.lines) <= LINES_MAX:
        raise InvalidInput
    if not now - OLDEST <= reported.at <= now + CLOCK_SKEW:
        raise InvalidInput


def _known(reported: ReportedPurchase, request_hash: str) -> RecordedPurchase | None:
    """The purchase already written under this name; refused when it was another one."""
    values = {"source": reported.source, "external_id": reported.external_id}
    row = db.session.execute(KNOWN, values).one_or_none()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyReused
    return RecordedPurchase(row.id, row.member_id, _awarded(row.id), is_repeat=True)


def _write(
    member_id: int, reported: ReportedPurchase, request_hash: str, made: Occasion
) -> tuple[int, Awards]:
    facts = facts_of(member_id, made)
    occurrence = Occurrence(
        at=made.now,
        zone=made.zone,
        lines=_bought(reported.lines),
        channel=reported.channel,
        member=facts,
    )
    awards = decide(member_id, occurrence, f"purchase:{reported.source}:{reported.external_id}", made)
    row = {
        "member_id": member_id,
        "channel": reported.channel,
        "source": reported.source,
        "external_id": reported.external_id,
        "request_hash": request_hash,
        "store_id": reported.store_id,
        "tier_code": facts.tier_code,
        "cents": occurrence.cents,
        "recorded_by_staff_id": reported.staff_id,
    }
    purchase_id = purchases.write(row, awards, made)
    lines = [
        {
            "purchase_id": purchase_id,
            "number": number,
            "sku": line.sku,
            "category": line.category,
            "cents": line.cents,
            "quantity": line.quantity,
            "refunded_cents": 0,
            "refunded_quantity": 0,
        }
        for number, line in enumerate(reported.lines, start=1)
    ]
    db.session.execute(insert(table_of(PurchaseLine)), lines)
    return purchase_id, awards


def _bought(lines: tuple[ReportedLine, ...]) -> tuple[BoughtLine, ...]:
    """Lines as the rules see them: a SKU of ours brings its category and tags."""
    skus = sorted({line.sku for line in lines if line.sku})
    known: Mapping[str, Any] = {}
    if skus:
        known = {row.sku: row for row in db.session.execute(OF_SKUS, {"skus": skus})}
    return tuple(
        BoughtLine(
            cents=line.cents,
            quantity=line.quantity,
            sku=line.sku,
            category=line.category or getattr(known.get(line.sku or ""), "category", None),
            tags=tuple(getattr(known.get(line.sku or ""), "tags", "").split()),
        )
        for line in lines
    )


def _credit(
    member_id: int, purchase_id: int, awards: Awards, reported: ReportedPurchase, occasion: Occasion
) -> None:
    source = Source(
        member_id=member_id,
        reference=f"purchase:{purchase_id}",
        available_at=max(occasion.now, credited_at(reported.at, occasion.rulebook.earning)),
        purchase_id=purchase_id,
    )
    left = [award.points for award in awards.awards]
    booked_today = replace(occasion, today=occasion.now.astimezone(occasion.zone).date())
    purchases.credit(purchase_id, awards, left, source, booked_today)


def _awarded(purchase_id: int) -> tuple[AwardedPoints, ...]:
    return tuple(
        AwardedPoints(
            row.id,
            row.points,
            row.source_class,
            row.rule_code,
            row.rulebook_version,
            tuple(Reason.from_document(reason) for reason in row.reasons),
            row.available_at,
            row.expires_at,
            row.kind,
        )
        for row in db.session.execute(ENTRIES, {"purchase_id": purchase_id})
    )


def _audit(member_id: int, purchase_id: int, reported: ReportedPurchase, now: datetime) -> None:
    audit.record(
        staff_id=reported.staff_id,
        action="purchase.record",
        subject=f"member:{member_id}",
        now=now,
        after={
            "purchase_id": purchase_id,
            "external_id": reported.external_id,
            "cents": sum(line.cents for line in reported.lines),
        },
    )


def _hash_of(member_id: int, reported: ReportedPurchase) -> str:
    key = reported.key or reported.at.isoformat()
    asked = {**asdict(reported), "at": key, "staff_id": None, "member_id": member_id}
    del asked["key"]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
