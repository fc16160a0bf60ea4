"""Drawing: one attempt, decided and booked in one transaction; and the days and prizes that time brings on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.books import outbox, tickets
from shop.books.draws import attempts, days, prizes
from shop.books.draws.attempts import Fall, Payment
from shop.books.points import accounts, entries
from shop.books.points.accounts import LockedAccount
from shop.books.points.entries import Line
from shop.books.rulebooks import Occasion, occasion_at
from shop.errors import (
    DrawClosed,
    KeyReused,
    MemberSuspended,
    NoChancesLeft,
    NotFound,
    PrizesGone,
    QuoteChanged,
)
from shop.extensions import db
from shop.models import Draw, Member, Prize
from shop.rules.engagement.draw import odds, pick, roll
from shop.rules.engagement.prizes import attempt_price_reason, prize_reason, prizes_in_play
from shop.rules.points.expiry import start_of_day
from shop.transaction import transaction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Try:
    """What a member asks for: the text that goes into the number, and the points that the page said it costs."""

    text: str
    agreed_points: int


def attempt(slug: str, member_id: int, asked: Try, idempotency_key: str, now: datetime) -> int:
    """Pay for one attempt, decide it and book its prize.  Returns the attempt's id.

    The same key answers with the same attempt, whatever has changed since.  Raises NotFound, DrawClosed,
    NoChancesLeft, PrizesGone, InsufficientPoints, MemberSuspended, KeyReused, and QuoteChanged when it would cost more
    than the member agreed to; then nothing has moved.
    """
    key = f"{member_id}:{idempotency_key}"
    with transaction() as session:
        occasion = occasion_at(now)
        account = accounts.lock(member_id)
        draw = session.scalar(select(Draw).where(Draw.slug == slug).with_for_update(read=True))
        if draw is None or draw.state == "draft":
            raise NotFound
        if earlier := attempts.by_key(key):
            if earlier[1] != draw.id:
                raise KeyReused
            return earlier[0]
        _refuse_when_closed(draw, member_id, now)
        payment = _pay(draw, account, member_id, key, asked, occasion)
        return _decide(draw, member_id, key, payment, asked.text or str(member_id), occasion)


def open_draw_days(now: datetime) -> int:
    """Make the seeds of today and tomorrow for every open draw, so that their commitments stand before any attempt.

    Returns how many draws are open.  A repeat changes nothing.
    """
    with transaction() as session:
        is_open = (Draw.state == "open") & (Draw.starts_at <= now + ONE_DAY) & (Draw.ends_at > now)
        draw_ids = list(session.scalars(select(Draw.id).where(is_open).order_by(Draw.id)))
        for draw_id in draw_ids:
            today = occasion_at(now).today
            days.ensure(draw_id, today)
            days.ensure(draw_id, today + ONE_DAY)
    return len(draw_ids)


def forfeit_prizes(now: datetime) -> int:
    """End the claims whose time is over.  Returns how many."""
    with transaction():
        return attempts.forfeit_overdue(now)


def _refuse_when_closed(draw: Draw, member_id: int, now: datetime) -> None:
    if draw.state != "open" or not draw.starts_at <= now < draw.ends_at:
        raise DrawClosed
    if db.session.scalar(select(Member.state).where(Member.id == member_id)) != "active":
        raise MemberSuspended


def _pay(
    draw: Draw, account: LockedAccount, member_id: int, key: str, asked: Try, occasion: Occasion
) -> Payment:
    """A free chance first, then a ticket, then points."""
    if not days.count_attempt(draw, member_id, occasion.today):
        raise NoChancesLeft
    if days.use_free_chance(draw, member_id, occasion.today):
        return Payment("free", 0)
    reference = f"draw:{key}"
    if tickets.take_one(member_id, draw.id, reference=reference, occasion=occasion):
        return Payment("ticket", 0)
    if draw.price_points > asked.agreed_points:
        raise QuoteChanged
    if draw.price_points:
        line = Line("redeem", "redeemed", reference, (attempt_price_reason(draw.title),))
        entries.redeem_from(account, draw.price_points, line, occasion)
    return Payment("points", draw.price_points)


def _decide(draw: Draw, member_id: int, key: str, payment: Payment, text: str, occasion: Occasion) -> int:
    """Take the next number of the day, let it fall into the odds of this moment, and book what it won."""
    turn = days.next_turn(draw.id, occasion.today)
    offered = prizes.of_draw(draw.id)
    budget = draw.budget_points_per_day
    budget_left = None if budget is None else budget - turn.points_given
    in_play = prizes_in_play([prizes.offer_of(prize) for prize in offered], budget_left)
    if in_play is None:
        raise PrizesGone
    rolled = roll(turn.seed, text, turn.counter)
    won_id = pick(in_play, rolled)
    won = next(prize for prize in offered if prize.id == won_id)
    _take(draw, won, occasion)
    fall = Fall(turn.counter, text, rolled, attempts.odds_document(offered, odds(in_play), won))
    claim_by_at = _claim_by(draw, occasion) if won.kind == "product" else None
    attempt_id = attempts.record(draw, member_id, key, payment, fall, won, claim_by_at, occasion)
    _credit(draw, won, member_id, attempt_id, occasion)
    if won.kind != "nothing":
        outbox.put("draw_won", f"draw_won:{attempt_id}", occasion.now, {"attempt_id": attempt_id})
    return attempt_id


def _take(draw: Draw, won: Prize, occasion: Occasion) -> None:
    """The guards behind the odds: nobody else can have been here since the day's number was taken."""
    taken = prizes.take(won.id)
    assert taken, f"prize {won.id} was in the odds without stock"
    if won.kind == "points":
        fits = days.give_points(draw.id, occasion.today, won.points, draw.budget_points_per_day)
        assert fits, f"prize {won.id} was in the odds above the day's budget"


def _credit(draw: Draw, won: Prize, member_id: int, attempt_id: int, occasion: Occasion) -> None:
    if won.kind == "points":
        why = prize_reason(draw.title, won.title)
        line = Line("earn", "issued", f"draw-prize:{attempt_id}", (why,), source_class="draw")
        entries.earn(member_id, won.points, line, occasion)


def _claim_by(draw: Draw, occasion: Occasion) -> datetime:
    return start_of_day(occasion.today + (draw.claim_days + 1) * ONE_DAY, occasion.zone)
