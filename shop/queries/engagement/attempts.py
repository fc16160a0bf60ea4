"""Attempts as a member sees them, and the proof of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from shop.books.rulebooks import occasion_at
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Draw, DrawAttempt, DrawDay, Order, Prize, Product, Variant
from shop.models.columns import JsonObject
from shop.queries.points.balance import last_day_before
from shop.rules.engagement.draw import roll
from shop.rules.engagement.prizes import place_of, stretch_of
from shop.rules.orders.ways import ways_for

COLUMNS = (
    DrawAttempt.id,
    DrawAttempt.day,
    DrawAttempt.counter,
    DrawAttempt.member_id,
    DrawAttempt.member_text,
    DrawAttempt.roll,
    DrawAttempt.odds,
    DrawAttempt.prize_id,
    DrawAttempt.paid_with,
    DrawAttempt.price_points,
    DrawAttempt.claim_state,
    DrawAttempt.claim_by_at,
    DrawAttempt.at,
)
MINE = (
    select(*COLUMNS)
    .where(DrawAttempt.member_id == bindparam("member"), DrawAttempt.draw_id == bindparam("draw"))
    .order_by(DrawAttempt.id.desc())
    .limit(bindparam("shown"))
)
ONE = (
    select(*COLUMNS, Draw.slug, Draw.title, Order.number, Product.title.label("product"), Product.kind)
    .join(Draw, Draw.id == DrawAttempt.draw_id)
    .join(Prize, Prize.id == DrawAttempt.prize_id)
    .outerjoin(Order, Order.id == DrawAttempt.order_id)
    .outerjoin(Variant, Variant.id == Prize.variant_id)
    .outerjoin(Product, Product.id == Variant.product_id)
    .where(DrawAttempt.id == bindparam("attempt"), DrawAttempt.member_id == bindparam("member"))
)
NEWS = (
    select(DrawAttempt.member_id, DrawAttempt.odds, DrawAttempt.claim_by_at, Draw.slug, Draw.title)
    .join(Draw, Draw.id == DrawAttempt.draw_id)
    .where(DrawAttempt.id == bindparam("attempt"), DrawAttempt.claim_by_at.is_not(None))
)
WAITING = select(func.count(), func.min(DrawAttempt.claim_by_at), func.min(DrawAttempt.id)).where(
    DrawAttempt.member_id == bindparam("member"),
    DrawAttempt.draw_id == bindparam("draw"),
    DrawAttempt.claim_state == "waiting",
    DrawAttempt.claim_by_at > bindparam("now"),
)
DAYS = (
    select(DrawDay.day, DrawDay.commitment, DrawDay.seed_sealed, DrawDay.attempts)
    .where(DrawDay.draw_id == bindparam("draw"), DrawDay.day <= bindparam("last"))
    .order_by(DrawDay.day.desc())
    .limit(14)
)
TO_VERIFY = (
    select(*COLUMNS, DrawDay.seed_sealed)
    .join(DrawDay, (DrawDay.draw_id == DrawAttempt.draw_id) & (DrawDay.day == DrawAttempt.day))
    .where(
        DrawAttempt.draw_id == bindparam("draw"),
        DrawAttempt.day == bindparam("day"),
        DrawAttempt.counter == bindparam("counter"),
    )
)


@dataclass(frozen=True)
class Attempt:
    """One try: its number of the day, the number drawn (0 to 999,999), and the stretch that its prize held."""

    id: int
    day: date
    counter: int
    text: str
    roll: int
    prize_id: int
    title: str
    kind: str
    points: int
    picture: str
    first: int
    last: int
    paid_with: str
    price_points: int
    claim_state: str
    claim_by_at: datetime | None
    claim_last_on: date | None
    at: datetime


@dataclass(frozen=True)
class AttemptPage:
    """An attempt with its draw, and for a product prize its goods, its order, and how it can get to the member."""

    attempt: Attempt
    slug: str
    draw_title: str
    product: str | None
    order_number: str | None
    ways: tuple[str, ...]
    can_claim: bool


@dataclass(frozen=True)
class Waiting:
    """Product prizes that wait for their member: how many, the last day for the first, and which that is."""

    count: int
    last_on: date | None
    attempt_id: int | None


@dataclass(frozen=True)
class PrizeNews:
    """What a member is told of a product prize: the last moment to claim it stands in the page it leads to."""

    member_id: int
    slug: str
    draw_title: str
    prize: str
    last_on: date


@dataclass(frozen=True)
class DayProof:
    """A day's commitment, and once the day is over its seed (hex)."""

    day: date
    commitment: str
    seed: str | None
    attempts: int


@dataclass(frozen=True)
class Verification:
    """An attempt worked out again.  ``text`` is shown to its own member only."""

    day: date
    counter: int
    text: str | None
    roll: int
    title: str
    stored_roll: int
    stored_title: str

    @property
    def matches(self) -> bool:
        """Whether what was given is what comes out."""
        return (self.roll, self.title) == (self.stored_roll, self.stored_title)


def attempts_of(member_id: int, draw_id: int, shown: int = 10) -> tuple[Attempt, ...]:
    """The member's latest attempts in a draw."""
    rows = db.session.execute(MINE, {"member": member_id, "draw": draw_id, "shown": shown})
    return tuple(_attempt(row) for row in rows)


def attempt_of(member_id: int, attempt_id: int, now: datetime) -> AttemptPage | None:
    """One attempt of this member; None when there is none, or when it is someone else's."""
    row = db.session.execute(ONE, {"member": member_id, "attempt": attempt_id}).one_or_none()
    if row is None:
        return None
    can_claim = row.claim_state == "waiting" and row.claim_by_at > now
    ways = ways_for([row.kind]) if row.kind else ()
    return AttemptPage(_attempt(row), row.slug, row.title, row.product, row.number, ways, can_claim)


def prize_news(attempt_id: int) -> PrizeNews | None:
    """The news of a product prize that was won; None for any other attempt."""
    row = db.session.execute(NEWS, {"attempt": attempt_id}).one_or_none()
    if row is None:
        return None
    last_on = last_day_before(row.claim_by_at)
    assert last_on, "a claim ends"
    return PrizeNews(row.member_id, row.slug, row.title, row.odds["won"]["title"], last_on)


def waiting_of(member_id: int, draw_id: int, now: datetime) -> Waiting:
    """The member's prizes of a draw that wait to be claimed."""
    row = db.session.execute(WAITING, {"member": member_id, "draw": draw_id, "now": now}).one()
    count, claim_by_at, attempt_id = row
    return Waiting(count, last_day_before(claim_by_at) if claim_by_at else None, attempt_id)


def days_of(draw_id: int, now: datetime) -> tuple[DayProof, ...]:
    """The last two weeks of a draw, today first: seeds of days that are over are open."""
    today = occasion_at(now).today
    rows = db.session.execute(DAYS, {"draw": draw_id, "last": today})
    return tuple(
        DayProof(row.day, row.commitment, unseal(row.seed_sealed) if row.day < today else None, row.attempts)
        for row in rows
    )


def verify(
    draw_id: int, day: date, counter: int, member_id: int | None, now: datetime
) -> Verification | None:
    """Work an attempt out again from its seed and the odds stored with it; None before its day is over."""
    if day >= occasion_at(now).today:
        return None
    values = {"draw": draw_id, "day": day, "counter": counter}
    row = db.session.execute(TO_VERIFY, values).one_or_none()
    if row is None:
        return None
    rolled = roll(bytes.fromhex(unseal(row.seed_sealed)), row.member_text, row.counter)
    listed = row.odds["prizes"]
    place = place_of(_parts(row.odds), rolled)
    return Verification(
        day=day,
        counter=counter,
        text=row.member_text if row.member_id == member_id else None,
        roll=rolled,
        title=listed[place]["title"],
        stored_roll=row.roll,
        stored_title=row.odds["won"]["title"],
    )


def _attempt(row: Any) -> Attempt:
    odds: JsonObject = row.odds
    won = odds["won"]
    place = next(index for index, each in enumerate(odds["prizes"]) if each["id"] == row.prize_id)
    first, last = stretch_of(_parts(odds), place)
    return Attempt(
        id=row.id,
        day=row.day,
        counter=row.counter,
        text=row.member_text,
        roll=row.roll,
        prize_id=row.prize_id,
        title=won["title"],
        kind=won["kind"],
        points=won["points"],
        picture=won["picture"],
        first=first,
        last=last,
        paid_with=row.paid_with,
        price_points=row.price_points,
        claim_state=row.claim_state,
        claim_by_at=row.claim_by_at,
        claim_last_on=last_day_before(row.claim_by_at) if row.claim_by_at else None,
        at=row.at,
    )


def _parts(odds: JsonObject) -> Sequence[int]:
    return [each["parts"] for each in odds["prizes"]]
