"""Prizes of a draw: what can be won now, and taking one from the stock."""

from sqlalchemy import bindparam, select, update

from shop.extensions import db
from shop.models import Prize
from shop.rules.engagement.prizes import PrizeOffer

QUIET = {"synchronize_session": False}
OF_DRAW = select(Prize).where(Prize.draw_id == bindparam("of_draw")).order_by(Prize.position, Prize.id)
WIN = (
    update(Prize)
    .where(Prize.id == bindparam("prize"), (Prize.stock.is_(None)) | (Prize.won < Prize.stock))
    .values(won=Prize.won + 1)
)


def of_draw(draw_id: int) -> list[Prize]:
    """The prizes in the order of the board, as they stand in the database at this moment."""
    fresh = {"populate_existing": True}
    return list(db.session.scalars(OF_DRAW, {"of_draw": draw_id}, execution_options=fresh))


def offer_of(prize: Prize) -> PrizeOffer:
    """A prize as the rules need it."""
    return PrizeOffer(
        id=prize.id,
        kind=prize.kind,  # type: ignore[arg-type]
        points=prize.points,
        weight_ppm=prize.weight_ppm,
        stock_left=None if prize.stock is None else prize.stock - prize.won,
        is_consolation=prize.is_consolation,
    )


def take(prize_id: int) -> bool:
    """Take one of a prize.  False when the last one is gone."""
    return bool(db.session.execute(WIN, {"prize": prize_id}, execution_options=QUIET).rowcount)  # type: ignore[attr-defined]
