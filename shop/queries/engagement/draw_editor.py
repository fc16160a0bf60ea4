"""Draws as the back office sees them: the list with its figures, one draw to edit, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from shop.books.draws.prizes import of_draw
from shop.books.rulebooks import occasion_at
from shop.extensions import db
from shop.models import Draw, DrawAttempt, DrawDay, Variant
from shop.rules.engagement.draw import PARTS
from shop.rules.engagement.prizes import PrizeCost, cents_of, cost_in_millicents

GIVEN = select(
    DrawDay.draw_id,
    func.sum(DrawDay.attempts).label("attempts"),
    func.sum(DrawDay.points_given).label("given"),
).group_by(DrawDay.draw_id)
TAKEN = (
    select(func.coalesce(func.sum(DrawAttempt.price_points), 0))
    .where(DrawAttempt.draw_id == Draw.id)
    .correlate(Draw)
    .scalar_subquery()
)
_given = GIVEN.subquery()
LIST = (
    select(
        Draw.id,
        Draw.slug,
        Draw.title,
        Draw.state,
        Draw.starts_at,
        Draw.ends_at,
        func.coalesce(_given.c.attempts, 0),
        TAKEN,
        func.coalesce(_given.c.given, 0),
    )
    .outerjoin(_given, _given.c.draw_id == Draw.id)
    .order_by(Draw.id.desc())
    .limit(100)
)
SKUS = select(Variant.id, Variant.sku).where(Variant.id.in_(bindparam("variants", expanding=True)))
FIGURES = LIST.where(Draw.id == bindparam("of_draw"))


@dataclass(frozen=True)
class DrawLine:
    """A draw with its figures so far: attempts, points taken for them, points given as prizes."""

    id: int
    slug: str
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    attempts: int
    points_taken: int
    points_given: int


@dataclass(frozen=True)
class PrizeLine:
    """A prize to edit."""

    title: str
    kind: str
    points: int
    sku: str
    weight_ppm: int
    stock: int | None
    won: int
    is_consolation: bool
    picture: str
    market_price_cents: int


@dataclass(frozen=True)
class DrawEditor:
    """A draw to edit."""

    line: DrawLine
    rules_text: str
    organiser: str
    price_points: int
    free_per_day: int
    attempts_per_day: int
    budget_points_per_day: int | None
    claim_days: int
    revision: int
    prizes: tuple[PrizeLine, ...]


@dataclass(frozen=True)
class Expectation:
    """What the typed prizes amount to: the sum of the shares, and an attempt's average cost in thousandths of a cent."""

    sum_ppm: int
    cost_millicents: int
    prize_cents: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the shares are 100 % together."""
        return self.sum_ppm == PARTS


def draw_lines() -> tuple[DrawLine, ...]:
    """All draws, the newest first."""
    return tuple(DrawLine(*row) for row in db.session.execute(LIST))


def draw_editor(draw_id: int) -> DrawEditor | None:
    """One draw with its prizes; None when there is none."""
    figures = db.session.execute(FIGURES, {"of_draw": draw_id}).one_or_none()
    if figures is None:
        return None
    draw = db.session.get_one(Draw, draw_id)
    found = of_draw(draw_id)
    variants = [prize.variant_id for prize in found if prize.variant_id]
    skus = {row.id: row.sku for row in db.session.execute(SKUS, {"variants": variants})} if variants else {}
    return DrawEditor(
        line=DrawLine(*figures),
        rules_text=draw.rules_text,
        organiser=draw.organiser,
        price_points=draw.price_points,
        free_per_day=draw.free_per_day,
        attempts_per_day=draw.attempts_per_day,
        budget_points_per_day=draw.budget_points_per_day,
        claim_days=draw.claim_days,
        revision=draw.revision,
        prizes=tuple(
            PrizeLine(
                title=prize.title,
                kind=prize.kind,
                points=prize.points,
                sku=skus.get(prize.variant_id or 0, ""),
                weight_ppm=prize.weight_ppm,
                stock=prize.stock,
                won=prize.won,
                is_consolation=prize.is_consolation,
                picture=prize.picture,
                market_price_cents=prize.market_price_cents,
            )
            for prize in found
        ),
    )


def expectation_of(costs: Sequence[PrizeCost], now: datetime) -> Expectation:
    """What a set of prizes amounts to under the offset ratio in force."""
    offset = occasion_at(now).rulebook.offset
    return Expectation(
        sum_ppm=sum(cost.weight_ppm for cost in costs),
        cost_millicents=cost_in_millicents(costs, offset),
        prize_cents=tuple(cents_of(cost, offset) for cost in costs),
    )
