"""A draft is tried on the shop's own history (D-1): in memory, in the background, touching nothing."""

import gc
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import bindparam, insert, select, update

from shop.books import audit
from shop.books.past import History, history_since
from shop.books.rulebooks import rulebook_of
from shop.errors import DraftMissing, InvalidInput, NotFound, RulebookRefused
from shop.extensions import db
from shop.models import RulebookDraft, RulebookVersion, Simulation
from shop.rules.points.simulation import (
    Captured,
    Comparison,
    Counted,
    Credited,
    Figures,
    Movement,
    PutOff,
    Released,
    Replay,
    VersionOf,
    compare,
)
from shop.rules.rulebook import Rulebook, RulebookInvalid, parse_rulebook
from shop.transaction import transaction

DAYS_MAX = 730
LEASE = timedelta(minutes=2)
FOLLOWING = Credited | Counted | Captured | Released | PutOff
"""Events that only go on with something that happened before."""
STEPS = 40
"""How often progress is written during one run."""
QUIET = {"synchronize_session": False}
VERSIONS = (
    select(RulebookVersion.id, RulebookVersion.effective_at, RulebookVersion.document)
    .where(RulebookVersion.withdrawn_at.is_(None))
    .order_by(RulebookVersion.effective_at, RulebookVersion.id)
)
NEXT = (
    select(Simulation.id, Simulation.document, Simulation.days)
    .where(
        (Simulation.state == "queued")
        | ((Simulation.state == "running") & (Simulation.leased_until_at <= bindparam("now")))
    )
    .order_by(Simulation.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
Report = Callable[[int], bool]
"""Told the progress in thousandths; answers whether to go on."""


class SimulationCancelled(Exception):
    """Somebody asked the run to stop."""


def request_simulation(
    days: int, *, staff_id: int | None, now: datetime, document: Mapping[str, Any] | None = None
) -> int:
    """Queue a run of the draft (or of ``document``) over the last ``days`` days.  Returns its id.

    Raises InvalidInput for other than 1 to 730 days, DraftMissing, and RulebookRefused for a draft with faults.
    """
    if not 1 <= days <= DAYS_MAX:
        raise InvalidInput
    with transaction() as session:
        asked = document if document is not None else session.scalar(select(RulebookDraft.document))
        if asked is None:
            raise DraftMissing
        try:
            parse_rulebook(asked)
        except RulebookInvalid as invalid:
            raise RulebookRefused(invalid.faults) from invalid
        row = {
            "document": dict(asked),
            "days": days,
            "requested_by_staff_id": staff_id,
            "requested_at": now,
        }
        simulation_id = int(
            session.execute(insert(Simulation).values(row).returning(Simulation.id)).scalar_one()
        )
        audit.record(
            staff_id=staff_id, action="rulebook.simulate", subject=f"simulation:{simulation_id}", now=now,
            after={"days": days},
        )  # fmt: skip
    return simulation_id


def cancel_simulation(simulation_id: int, now: datetime) -> None:
    """Stop a run that has not ended.  A repeat changes nothing.  Raises NotFound."""
    with transaction() as session:
        if session.scalar(select(Simulation.id).where(Simulation.id == simulation_id)) is None:
            raise NotFound
        session.execute(
            update(Simulation)
            .where(Simulation.id == simulation_id, Simulation.state.in_(("queued", "running")))
            .values(state="cancelled", ended_at=now),
            execution_options=QUIET,
        )


def run_simulations(now: datetime) -> int:
    """By the clock: run what is queued, one after the other.  Returns how many.

    A run whose worker died is taken up again when its lease is over.
    """
    count = 0
    while claimed := _claim(now):
        _run(*claimed, now)
        count += 1
    return count


def simulate_document(
    document: Mapping[str, Any], days: int, now: datetime, report: Report | None = None
) -> tuple[Comparison, int]:
    """Replay like :func:`simulate`, at once, from a document.  Raises RulebookRefused."""
    try:
        drafted = parse_rulebook(document)
    except RulebookInvalid as invalid:
        raise RulebookRefused(invalid.faults) from invalid
    return simulate(drafted, days, now, report)


def simulate(
    drafted: Rulebook, days: int, now: datetime, report: Report | None = None
) -> tuple[Comparison, int]:
    """Replay the last ``days`` days under the rulebooks that were in force and under a draft.

    Returns the comparison and how many things had happened.  Nothing is written.  Raises SimulationCancelled when
    ``report`` says so.
    """
    versions = _Versions()
    current = versions.at(now, None)
    history = _history(versions, days, now, (*versions.numbered.values(), drafted))
    keeps_tiers = _ladder(current) == _ladder(drafted)
    run = _Run(history, now - timedelta(days=days), now)
    live = run.live(versions, _half(report, 0))
    draft = run.drafted(drafted, _half(report, 500), keeps_tiers=keeps_tiers)
    happened = sum(not isinstance(event, FOLLOWING) for event in history.events)
    return compare(live, draft, now_live=current, drafted=drafted), happened


def replay_live(days: int, now: datetime, on_movement: Movement | None = None) -> Replay:
    """The live rulebooks on their own history, finished: must come out as the books have it."""
    versions = _Versions()
    history = _history(versions, days, now, tuple(versions.numbered.values()))
    run = _Run(history, now - timedelta(days=days), now)
    replay = run.of_versions(versions)
    replay.figures.on_movement = on_movement
    run.through(replay, None)
    return replay


def _history(versions: "_Versions", days: int, now: datetime, asked: tuple[Rulebook, ...]) -> History:
    zone = current_app.config["SHOP_ZONE"]
    with _without_collection():
        history = history_since(now - timedelta(days=days), now, zone, versions.numbered, asked)
    db.session.rollback()  # everything is in memory: no reading transaction stays open while it is worked out
    return history


@dataclass(frozen=True)
class _Run:
    """One history, from ``since`` to ``now``, for as many replays as are wanted."""

    history: History
    since: datetime
    now: datetime

    def live(self, versions: "_Versions", report: Report | None) -> Figures:
        return self.through(self.of_versions(versions), report)

    def drafted(self, rulebook: Rulebook, report: Report | None, *, keeps_tiers: bool) -> Figures:
        at_once = (self.since + timedelta(microseconds=1),)
        replay = self._replay(lambda _at, _version: rulebook, at_once, keeps_tiers=keeps_tiers)
        return self.through(replay, report)

    def of_versions(self, versions: "_Versions") -> Replay:
        return self._replay(versions.at, versions.moments, keeps_tiers=True)

    def through(self, replay: Replay, report: Report | None) -> Figures:
        """Let everything happen.  Raises SimulationCancelled when ``report`` says so."""
        with _without_collection():
            return self._through(replay, report)

    def _through(self, replay: Replay, report: Report | None) -> Figures:
        events = self.history.events
        every = max(1, len(events) * 2 // STEPS)
        for number, event in enumerate(events):
            if report is not None and number % every == 0 and not report(number * 1000 // len(events)):
                raise SimulationCancelled
            replay.apply(event)
        return replay.finish(self.now)

    def _replay(self, version_of: VersionOf, changes: Sequence[datetime], *, keeps_tiers: bool) -> Replay:
        return Replay(
            self.history.openings,
            version_of,
            current_app.config["SHOP_ZONE"],
            keeps_tiers=keeps_tiers,
            since=self.since,
            changes=changes,
            budgets=self.history.budgets,
            put_offs=[event for event in self.history.events if isinstance(event, PutOff)],
        )


@contextmanager
def _without_collection() -> Iterator[None]:
    """A replay keeps a hundred thousand small things and makes no circles: looking for some costs a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Versions:
    """Every published rulebook, by number and by the moment from which it was in force."""

    def __init__(self) -> None:
        rows = db.session.execute(VERSIONS).all()
        self.moments = [row.effective_at for row in rows]
        self._rulebooks = [rulebook_of(row.document) for row in rows]
        self.numbered = {row.id: rulebook for row, rulebook in zip(rows, self._rulebooks, strict=True)}

    def at(self, moment: datetime, version: int | None) -> Rulebook:
        """The version that decided an event, or the one in force at its moment."""
        if version is not None:
            return self.numbered[version]
        return self._rulebooks[max(0, bisect_right(self.moments, moment) - 1)]


def _half(report: Report | None, from_permille: int) -> Report | None:
    """Progress of one of the two replays, as a part of the whole."""
    if report is None:
        return None
    return lambda permille: report(from_permille + permille // 2)


def _ladder(rulebook: Rulebook) -> tuple[object, ...]:
    return tuple((tier.code, tier.growth_from) for tier in rulebook.tiers), rulebook.tier_policy


def _claim(now: datetime) -> tuple[int, dict[str, Any], int] | None:
    with transaction() as session:
        row = session.execute(NEXT, {"now": now}).one_or_none()
        if row is None:
            return None
        _set(row.id, state="running", leased_until_at=now + LEASE)
        return row.id, row.document, row.days


def _run(simulation_id: int, document: dict[str, Any], days: int, now: datetime) -> None:
    def report(permille: int) -> bool:
        with transaction():
            return _set(
                simulation_id, only_running=True, progress_permille=permille, leased_until_at=now + LEASE
            )

    try:
        comparison, events = simulate(parse_rulebook(document), days, now, report)
    except SimulationCancelled:
        return
    except Exception:
        with transaction():
            _set(simulation_id, only_running=True, state="failed", ended_at=now)
        raise
    done = {"state": "done", "progress_permille": 1000, "result": comparison.document, "events": events}
    with transaction():
        _set(simulation_id, only_running=True, ended_at=now, **done)


def _set(simulation_id: int, *, only_running: bool = False, **values: object) -> bool:
    statement = update(Simulation).where(Simulation.id == simulation_id)
    if only_running:
        statement = statement.where(Simulation.state == "running")
    changed = db.session.execute(statement.values(**values), execution_options=QUIET)
    return bool(changed.rowcount)  # type: ignore[attr-defined]
