"""The ticket book: chances in one draw that cost no points.  Each movement is named by its reference, once."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.books.rulebooks import Occasion
from shop.extensions import db
from shop.models import Draw, TicketAccount, TicketEntry

QUIET = {"synchronize_session": False}
MINE = (TicketAccount.member_id == bindparam("member")) & (TicketAccount.draw_id == bindparam("draw"))
MOVE = (
    update(TicketAccount)
    .where(MINE, TicketAccount.balance + bindparam("tickets") >= 0)
    .values(balance=TicketAccount.balance + bindparam("tickets"))
)
LEFT = select(TicketAccount.balance).where(MINE)
OPEN_DRAW = (
    select(Draw.id, Draw.title)
    .where(Draw.state == "open", Draw.starts_at <= bindparam("now"), Draw.ends_at > bindparam("now"))
    .order_by(Draw.starts_at.desc(), Draw.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class OpenDraw:
    """A draw that tickets are for."""

    id: int
    title: str


def open_draw(occasion: Occasion) -> OpenDraw | None:
    """The draw for which tickets are given: of those that are open the one that opened last."""
    row = db.session.execute(OPEN_DRAW, {"now": occasion.now}).one_or_none()
    return OpenDraw(row.id, row.title) if row else None


def left(member_id: int, draw_id: int) -> int:
    """Tickets that a member still has for a draw."""
    return int(db.session.scalar(LEFT, {"member": member_id, "draw": draw_id}) or 0)


def give(
    member_id: int, draw_id: int, tickets: int, *, reference: str, source: str, occasion: Occasion
) -> None:
    """Give tickets.  A second gift under the same reference fails on the database's constraint."""
    assert tickets > 0, "a gift is positive"
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"member_id": member_id, "draw_id": draw_id, "balance": 0}
    db.session.execute(dialect.insert(TicketAccount).values(row).on_conflict_do_nothing())
    _move(member_id, draw_id, tickets)
    _write(member_id, draw_id, tickets, reference, source, occasion)


def take(
    member_id: int, draw_id: int, tickets: int, *, reference: str, source: str, occasion: Occasion
) -> None:
    """Take tickets that the member has: they go to another account of the same person."""
    assert tickets > 0, "what is taken is positive"
    moved = _move(member_id, draw_id, -tickets)
    assert moved, "more tickets taken than there were"
    _write(member_id, draw_id, -tickets, reference, source, occasion)


def take_one(member_id: int, draw_id: int, *, reference: str, occasion: Occasion) -> bool:
    """Use a ticket for an attempt.  False when there is none."""
    if not _move(member_id, draw_id, -1):
        return False
    _write(member_id, draw_id, -1, reference, "attempt", occasion)
    return True


def _move(member_id: int, draw_id: int, tickets: int) -> bool:
    values = {"member": member_id, "draw": draw_id, "tickets": tickets}
    return bool(db.session.execute(MOVE, values, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]


def _write(
    member_id: int, draw_id: int, tickets: int, reference: str, source: str, occasion: Occasion
) -> None:
    row = {
        "member_id": member_id,
        "draw_id": draw_id,
        "tickets": tickets,
        "reference": reference,
        "source": source,
        "day": occasion.today,
        "at": occasion.now,
    }
    db.session.execute(insert(TicketEntry).values(row))
