"""Draws as members see them: the list, the board with its odds, and what is left to each member."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from shop.books import tickets
from shop.books.draws.prizes import of_draw, offer_of
from shop.books.rulebooks import Occasion, occasion_at
from shop.extensions import db
from shop.models import Draw, DrawAttempt, DrawDay, DrawMemberDay, Member, Prize
from shop.queries.engagement.attempts import Attempt, Waiting, attempts_of, waiting_of
from shop.queries.points.balance import balance_of
from shop.rules.engagement.draw import PRIZES_MAX, PrizeView, odds
from shop.rules.engagement.prizes import prizes_in_play

WINNERS_SHOWN = 3
CARD_PICTURES = 3
SHOWN = (
    select(Draw)
    .where(Draw.state == "open", Draw.ends_at > bindparam("now"))
    .order_by(Draw.starts_at, Draw.id)
    .limit(20)
)
BY_SLUG = select(Draw).where(Draw.slug == bindparam("slug"), Draw.state != "draft")
PICTURES = (
    select(Prize.draw_id, Prize.picture, Prize.title)
    .where(Prize.draw_id.in_(bindparam("draws", expanding=True)), Prize.kind == "product")
    .order_by(Prize.draw_id, Prize.weight_ppm, Prize.id)
)
USED = select(DrawMemberDay.draw_id, DrawMemberDay.attempts, DrawMemberDay.free_used).where(
    DrawMemberDay.member_id == bindparam("member"),
    DrawMemberDay.day == bindparam("day"),
    DrawMemberDay.draw_id.in_(bindparam("draws", expanding=True)),
)
THIS_DAY = select(DrawDay.commitment, DrawDay.points_given).where(
    DrawDay.draw_id == bindparam("draw"), DrawDay.day == bindparam("day")
)
WINNERS = (
    select(Member.name, Member.avatar, DrawAttempt.odds, DrawAttempt.at)
    .join(Member, Member.id == DrawAttempt.member_id)
    .join(Prize, Prize.id == DrawAttempt.prize_id)
    .where(DrawAttempt.draw_id == bindparam("draw"), Prize.kind != "nothing", ~Prize.is_consolation)
    .order_by(DrawAttempt.id.desc())
    .limit(WINNERS_SHOWN)
)


@dataclass(frozen=True)
class Chances:
    """What a member can still do today.  ``next`` is how the next attempt is paid: free, ticket, points or none."""

    left: int
    free_left: int
    tickets: int
    next: str
    price_points: int


@dataclass(frozen=True)
class DrawCard:
    """A draw in the list."""

    slug: str
    title: str
    pictures: tuple[str, ...]
    price_points: int
    free_per_day: int
    free_left: int | None
    starts_at: datetime
    ends_at: datetime
    has_started: bool


@dataclass(frozen=True)
class OddsRow:
    """A prize with its real chance now, in parts per million, and what is left of it."""

    prize_id: int
    title: str
    picture: str
    parts: int
    sold_out: bool
    stock: int | None
    stock_left: int | None


@dataclass(frozen=True)
class Winner:
    """Who has just won what; the name is masked."""

    name: str
    avatar: str
    prize: str
    at: datetime


@dataclass(frozen=True)
class DrawPage:
    """Everything on the page of a draw.  The personal parts are None for a guest."""

    id: int
    slug: str
    title: str
    rules_text: str
    organiser: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    is_used_up: bool
    price_points: int
    free_per_day: int
    attempts_per_day: int
    claim_days: int
    cells: tuple[OddsRow, ...]
    odds: tuple[OddsRow, ...]
    consolation: str | None
    commitment: str | None
    winners: tuple[Winner, ...]
    chances: Chances | None
    balance_points: int
    attempts: tuple[Attempt, ...]
    waiting: Waiting | None


def draws_shown(now: datetime, member_id: int | None) -> tuple[DrawCard, ...]:
    """Draws that are open or about to start; for a member with the free chances left today."""
    draws = list(db.session.scalars(SHOWN, {"now": now}))
    if not draws:
        return ()
    draw_ids = [draw.id for draw in draws]
    pictures: dict[int, list[str]] = {}
    for row in db.session.execute(PICTURES, {"draws": draw_ids}):
        pictures.setdefault(row.draw_id, []).append(row.picture)
    used = _used(member_id, draw_ids, occasion_at(now).today) if member_id else {}
    return tuple(
        DrawCard(
            slug=draw.slug,
            title=draw.title,
            pictures=tuple(pictures.get(draw.id, ["gift"])[:CARD_PICTURES]),
            price_points=draw.price_points,
            free_per_day=draw.free_per_day,
            free_left=_free_left(draw, used.get(draw.id, (0, 0))) if member_id else None,
            starts_at=draw.starts_at,
            ends_at=draw.ends_at,
            has_started=draw.starts_at <= now,
        )
        for draw in draws
    )


def draw_page(slug: str, now: datetime, member_id: int | None) -> DrawPage | None:
    """A draw with its odds of this moment; None when there is none, or when it is still a draft."""
    draw = db.session.scalar(BY_SLUG, {"slug": slug})
    if draw is None:
        return None
    occasion = occasion_at(now)
    day = db.session.execute(THIS_DAY, {"draw": draw.id, "day": occasion.today}).one_or_none()
    prizes = of_draw(draw.id)
    in_play = _in_play(draw, prizes, day.points_given if day else 0)
    rows = _odds_rows(prizes, in_play)
    consolation = next((view.id for view in in_play or () if view.is_consolation), None)
    return DrawPage(
        id=draw.id,
        slug=draw.slug,
        title=draw.title,
        rules_text=draw.rules_text,
        organiser=draw.organiser,
        starts_at=draw.starts_at,
        ends_at=draw.ends_at,
        is_open=draw.state == "open" and draw.starts_at <= now < draw.ends_at,
        is_used_up=in_play is None,
        price_points=draw.price_points,
        free_per_day=draw.free_per_day,
        attempts_per_day=draw.attempts_per_day,
        claim_days=draw.claim_days,
        cells=tuple(rows[index % len(rows)] for index in range(PRIZES_MAX)) if rows else (),
        odds=tuple(sorted(rows, key=lambda row: row.parts)),
        consolation=next((row.title for row in rows if row.prize_id == consolation), None),
        commitment=day.commitment if day else None,
        winners=_winners(draw.id),
        **_personal(draw, member_id, occasion),
    )


def chances_of(slug: str, member_id: int, now: datetime) -> Chances:
    """What the member can still do today in this draw."""
    draw = db.session.execute(BY_SLUG, {"slug": slug}).scalar_one()
    return _chances(draw, member_id, occasion_at(now).today)


def _personal(draw: Draw, member_id: int | None, occasion: Occasion) -> dict[str, Any]:
    if member_id is None:
        return {"chances": None, "balance_points": 0, "attempts": (), "waiting": None}
    return {
        "chances": _chances(draw, member_id, occasion.today),
        "balance_points": balance_of(member_id, occasion.now).available,
        "attempts": attempts_of(member_id, draw.id),
        "waiting": waiting_of(member_id, draw.id, occasion.now),
    }


def _in_play(draw: Draw, prizes: Sequence[Prize], given: int) -> tuple[PrizeView, ...] | None:
    budget = draw.budget_points_per_day
    return prizes_in_play([offer_of(prize) for prize in prizes], None if budget is None else budget - given)


def _odds_rows(prizes: Sequence[Prize], in_play: Sequence[PrizeView] | None) -> list[OddsRow]:
    chances = {chance.prize_id: chance for chance in odds(in_play or ())}
    return [
        OddsRow(
            prize_id=prize.id,
            title=prize.title,
            picture=prize.picture,
            parts=chances[prize.id].parts if prize.id in chances else 0,
            sold_out=prize.id not in chances or chances[prize.id].sold_out,
            stock=prize.stock,
            stock_left=None if prize.stock is None else prize.stock - prize.won,
        )
        for prize in prizes
    ]


def _chances(draw: Draw, member_id: int, day: date) -> Chances:
    used = _used(member_id, [draw.id], day).get(draw.id, (0, 0))
    left = max(0, draw.attempts_per_day - used[0])
    free_left = _free_left(draw, used)
    held = min(left - free_left, tickets.left(member_id, draw.id))
    paid_by = "none" if not left else "free" if free_left else "ticket" if held else "points"
    return Chances(left, free_left, held, paid_by, draw.price_points if paid_by == "points" else 0)


def _free_left(draw: Draw, used: tuple[int, int]) -> int:
    return max(0, min(draw.free_per_day - used[1], draw.attempts_per_day - used[0]))


def _used(member_id: int, draw_ids: Sequence[int], day: date) -> dict[int, tuple[int, int]]:
    rows = db.session.execute(USED, {"member": member_id, "draws": draw_ids, "day": day})
    return {row.draw_id: (row.attempts, row.free_used) for row in rows}


def _winners(draw_id: int) -> tuple[Winner, ...]:
    rows = db.session.execute(WINNERS, {"draw": draw_id})
    return tuple(Winner(f"{row.name[:1]}**", row.avatar, row.odds["won"]["title"], row.at) for row in rows)
