"""Lucky draws: the campaign, its prizes, each attempt, and the tickets that pay for one."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

DRAW_STATES = ("draft", "open", "closed")
PRIZE_KINDS = ("nothing", "points", "product")
PAID_WITH = ("free", "ticket", "points")
CLAIM_STATES = ("none", "waiting", "claimed", "forfeited")


class Draw(Model):
    """``revision`` counts changes of prizes and price; every attempt cites it."""

    __tablename__ = "draws"
    __table_args__ = (
        one_of("state", DRAW_STATES),
        *not_negative("price_points", "free_per_day", "attempts_per_day"),
        CheckConstraint(
            "budget_points_per_day IS NULL OR budget_points_per_day >= 0", name="budget_not_negative"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(40))
    rules_text: Mapped[str] = mapped_column(String(600), default="")
    organiser: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(16), default="draft")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    price_points: Mapped[int]
    free_per_day: Mapped[int]
    attempts_per_day: Mapped[int]
    budget_points_per_day: Mapped[int | None]
    claim_days: Mapped[int] = mapped_column(default=14)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class Prize(Model):
    """``weight_ppm`` are parts per million; all prizes of a draw sum to 1,000,000.  No stock means without limit."""

    __tablename__ = "prizes"
    __table_args__ = (
        one_of("kind", PRIZE_KINDS),
        *not_negative("points", "won", "market_price_cents"),
        CheckConstraint("weight_ppm BETWEEN 0 AND 1000000", name="weight_in_range"),
        CheckConstraint("stock IS NULL OR won <= stock", name="won_within_stock"),
        Index("ix_prizes_draw_id", "draw_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16))
    points: Mapped[int] = mapped_column(default=0)
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id"))
    weight_ppm: Mapped[int]
    stock: Mapped[int | None]
    won: Mapped[int] = mapped_column(default=0)
    is_consolation: Mapped[bool] = mapped_column(default=False)
    picture: Mapped[str] = mapped_column(String(80), default="gift")
    market_price_cents: Mapped[int] = mapped_column(default=0)


class DrawDay(Model):
    """One day of a draw: the seed (told the day after), its commitment (told at once), and what was given."""

    __tablename__ = "draw_days"
    __table_args__ = not_negative("attempts", "points_given")

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seed_sealed: Mapped[str] = mapped_column(String(200))
    commitment: Mapped[str] = mapped_column(String(64))
    attempts: Mapped[int] = mapped_column(default=0)
    points_given: Mapped[int] = mapped_column(default=0)


class DrawMemberDay(Model):
    """How often a member drew on a day, against the limit, and how many of these were the day's free ones."""

    __tablename__ = "draw_member_days"
    __table_args__ = not_negative("attempts", "free_used")

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    attempts: Mapped[int]
    free_used: Mapped[int] = mapped_column(default=0)


class DrawAttempt(Model):
    """One try: what it cost, the number drawn, the prize, and what is needed to verify it."""

    __tablename__ = "draw_attempts"
    __table_args__ = (
        one_of("claim_state", CLAIM_STATES),
        one_of("paid_with", PAID_WITH),
        *not_negative("price_points"),
        UniqueConstraint("draw_id", "day", "counter"),
        Index("ix_draw_attempts_member_id", "member_id", "draw_id", "id"),
        Index("ix_draw_attempts_draw_id_id", "draw_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    day: Mapped[date]
    counter: Mapped[int]
    member_text: Mapped[str] = mapped_column(String(40), default="")
    roll: Mapped[int]
    odds: Mapped[JsonObject] = mapped_column(Document)
    prize_id: Mapped[int] = mapped_column(ForeignKey("prizes.id"), index=True)
    paid_with: Mapped[str] = mapped_column(String(16))
    price_points: Mapped[int]
    draw_revision: Mapped[int]
    rulebook_version: Mapped[int] = mapped_column(ForeignKey("rulebook_versions.id"))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    claim_state: Mapped[str] = mapped_column(String(16), default="none")
    claim_by_at: Mapped[datetime | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    at: Mapped[datetime]


class TicketAccount(Model):
    """A member's chances in one draw that cost no points."""

    __tablename__ = "ticket_accounts"
    __table_args__ = not_negative("balance")

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    balance: Mapped[int]


class TicketEntry(Model):
    """One movement of tickets, named by its reference."""

    __tablename__ = "ticket_entries"
    __table_args__ = (
        CheckConstraint("tickets <> 0", name="tickets_move"),
        Index("ix_ticket_entries_member_id_draw_id", "member_id", "draw_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"))
    tickets: Mapped[int]
    reference: Mapped[str] = mapped_column(String(160), unique=True)
    source: Mapped[str] = mapped_column(String(24))
    day: Mapped[date]
    at: Mapped[datetime]
