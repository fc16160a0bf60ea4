"""The back office's hand on draws: saving, opening and closing, each with its audit row."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from shop.books import audit
from shop.books.draws import days, prizes
from shop.books.rulebooks import occasion_at
from shop.errors import (
    DrawAddressTaken,
    DrawClosed,
    DrawEditedMeanwhile,
    DrawRefused,
    NotFound,
    PrizeInUse,
    PrizeSkuUnknown,
)
from shop.extensions import db
from shop.models import Draw, Prize, Variant
from shop.models.columns import JsonObject
from shop.rules.engagement.draw import PrizeDraft, draw_faults
from shop.transaction import transaction

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class PrizeEdit:
    """A prize as typed; ``sku`` names the goods of a product prize."""

    title: str
    kind: str
    points: int
    sku: str
    weight_ppm: int
    stock: int | None
    is_consolation: bool
    picture: str
    market_price_cents: int


@dataclass(frozen=True, kw_only=True)
class DrawEdit:
    """A draw as typed."""

    title: str
    slug: str
    rules_text: str
    organiser: str
    starts_at: datetime
    ends_at: datetime
    price_points: int
    free_per_day: int
    attempts_per_day: int
    budget_points_per_day: int | None
    claim_days: int
    prizes: tuple[PrizeEdit, ...]


def create_draw(edit: DrawEdit, staff_id: int, now: datetime) -> int:
    """Begin a new draw as a draft.  Returns its id.  Raises DrawAddressTaken, PrizeSkuUnknown."""
    with transaction() as session:
        _refuse_taken_address(edit.slug, None)
        statement = insert(Draw).values(**_own_values(edit), state="draft", created_at=now).returning(Draw.id)
        draw_id = int(session.execute(statement).scalar_one())
        _save_prizes(draw_id, edit)
        _audit("draw.create", draw_id, staff_id, now, None, edit)
        return draw_id


def save_draw(draw_id: int, edit: DrawEdit, seen_revision: int, staff_id: int, now: datetime) -> None:
    """Save a draft, or change an open draw: then it must be sound, and later attempts cite the next revision.

    Raises NotFound, DrawClosed, DrawEditedMeanwhile, DrawAddressTaken, DrawRefused, PrizeInUse, PrizeSkuUnknown.
    """
    with transaction() as session:
        draw = _locked(draw_id)
        if draw.state == "closed":
            raise DrawClosed
        if draw.revision != seen_revision:
            raise DrawEditedMeanwhile
        _refuse_taken_address(edit.slug, draw_id)
        if draw.state == "open":
            _refuse_faults([_draft_of(prize) for prize in edit.prizes])
        before = _document(draw)
        for name, value in _own_values(edit).items():
            setattr(draw, name, value)
        draw.revision += 1
        session.flush()
        _save_prizes(draw_id, edit)
        _audit("draw.save", draw_id, staff_id, now, before, edit)


def publish_draw(draw_id: int, staff_id: int, now: datetime) -> None:
    """Open a draft, with the seeds of its first days.  A repeat changes nothing.  Raises DrawRefused, DrawClosed."""
    with transaction():
        draw = _locked(draw_id)
        if draw.state == "open":
            return
        if draw.state == "closed" or draw.ends_at <= now:
            raise DrawClosed
        offered = prizes.of_draw(draw_id)
        _refuse_faults(
            [
                PrizeDraft(each.weight_ppm, each.stock, each.is_consolation, each.market_price_cents)
                for each in offered
            ]
        )
        draw.state = "open"
        today = occasion_at(now).today
        days.ensure(draw_id, today)
        days.ensure(draw_id, today + ONE_DAY)
        _audit_state("draw.publish", draw_id, "draft", "open", staff_id, now)


def close_draw(draw_id: int, staff_id: int, now: datetime) -> None:
    """End a draw for good; prizes already won can still be claimed.  A repeat changes nothing."""
    with transaction():
        draw = _locked(draw_id)
        if draw.state == "closed":
            return
        before, draw.state = draw.state, "closed"
        _audit_state("draw.close", draw_id, before, "closed", staff_id, now)


def _locked(draw_id: int) -> Draw:
    draw = db.session.scalar(select(Draw).where(Draw.id == draw_id).with_for_update())
    if draw is None:
        raise NotFound
    return draw


def _refuse_taken_address(slug: str, draw_id: int | None) -> None:
    owner = db.session.scalar(select(Draw.id).where(Draw.slug == slug))
    if owner is not None and owner != draw_id:
        raise DrawAddressTaken


def _refuse_faults(drafts: list[PrizeDraft]) -> None:
    if faults := draw_faults(drafts):
        raise DrawRefused(faults)


def _draft_of(prize: PrizeEdit) -> PrizeDraft:
    return PrizeDraft(prize.weight_ppm, prize.stock, prize.is_consolation, prize.market_price_cents)


def _own_values(edit: DrawEdit) -> dict[str, object]:
    return {name: value for name, value in asdict(edit).items() if name != "prizes"}


def _save_prizes(draw_id: int, edit: DrawEdit) -> None:
    """Write the prizes in their order: what stands at a place is changed, what is left over goes."""
    known = prizes.of_draw(draw_id)
    for position, typed in enumerate(edit.prizes):
        values = _prize_values(typed)
        if position < len(known):
            _change_prize(known[position], values)
        else:
            row = {"draw_id": draw_id, "position": position, **values}
            db.session.execute(insert(Prize).values(row))
    for prize in known[len(edit.prizes) :]:
        if prize.won:
            raise PrizeInUse(prize.title)
        db.session.execute(delete(Prize).where(Prize.id == prize.id))
    db.session.flush()


def _change_prize(prize: Prize, values: dict[str, object]) -> None:
    is_another = (values["kind"], values["variant_id"]) != (prize.kind, prize.variant_id)
    stock = values["stock"]
    if prize.won and (is_another or (isinstance(stock, int) and stock < prize.won)):
        raise PrizeInUse(prize.title)
    for name, value in values.items():
        setattr(prize, name, value)


def _prize_values(typed: PrizeEdit) -> dict[str, object]:
    values = {name: value for name, value in asdict(typed).items() if name != "sku"}
    return {**values, "variant_id": _variant_of(typed)}


def _variant_of(typed: PrizeEdit) -> int | None:
    if typed.kind != "product":
        return None
    variant_id = db.session.scalar(select(Variant.id).where(Variant.sku == typed.sku))
    if variant_id is None:
        raise PrizeSkuUnknown(typed.sku)
    return variant_id


def _document(draw: Draw) -> JsonObject:
    """What the audit trail keeps of a draw."""
    listed = [
        f"{prize.title} {prize.weight_ppm} ppm, {'' if prize.stock is None else prize.stock}"
        for prize in prizes.of_draw(draw.id)
    ]
    return {
        "title": draw.title,
        "price_points": draw.price_points,
        "free_per_day": draw.free_per_day,
        "attempts_per_day": draw.attempts_per_day,
        "budget_points_per_day": draw.budget_points_per_day,
        "prizes": listed,
    }


def _audit(
    action: str, draw_id: int, staff_id: int, now: datetime, before: JsonObject | None, edit: DrawEdit
) -> None:
    draw = db.session.get_one(Draw, draw_id, populate_existing=True)
    assert draw.slug == edit.slug, "the audit trail tells of what was saved"
    subject = f"draw:{draw_id}"
    audit.record(
        staff_id=staff_id, action=action, subject=subject, now=now, before=before, after=_document(draw)
    )


def _audit_state(action: str, draw_id: int, before: str, after: str, staff_id: int, now: datetime) -> None:
    audit.record(
        staff_id=staff_id,
        action=action,
        subject=f"draw:{draw_id}",
        now=now,
        before={"state": before},
        after={"state": after},
    )
