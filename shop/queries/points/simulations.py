"""Simulations: what runs, and what came out, with the members' masked names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from shop.extensions import db
from shop.models import Member, Simulation, Staff

COLUMNS = (
    Simulation.id,
    Simulation.days,
    Simulation.state,
    Simulation.progress_permille,
    Simulation.events,
    Simulation.result,
    Simulation.requested_at,
    Simulation.ended_at,
    Simulation.document,
    Staff.name.label("staff_name"),
)
ONE = select(*COLUMNS).outerjoin(Staff, Staff.id == Simulation.requested_by_staff_id)


@dataclass(frozen=True)
class SimulationView:
    """One run.  ``result`` is None until it is done."""

    id: int
    days: int
    state: str
    progress_permille: int
    events: int
    result: Mapping[str, Any] | None
    requested_at: datetime
    ended_at: datetime | None
    document: Mapping[str, Any]
    staff_name: str | None

    @property
    def is_over(self) -> bool:
        return self.state not in ("queued", "running")


def simulation(simulation_id: int) -> SimulationView | None:
    """One run; None when there is no such."""
    row = db.session.execute(ONE.where(Simulation.id == simulation_id)).one_or_none()
    return SimulationView(**row._mapping) if row else None


def names_of(member_ids: list[int]) -> dict[int, str]:
    """Members' names for a list of winners and losers."""
    if not member_ids:
        return {}
    rows = db.session.execute(
        select(Member.id, Member.name, Member.phone_last4).where(Member.id.in_(member_ids))
    )
    return {row.id: f"{row.name} **** {row.phone_last4}" for row in rows}
