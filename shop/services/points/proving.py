"""Proving every book: each night by the clock and on demand, in slices, so that nobody waits (X03, D-6)."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import current_app

from shop.books import audit, proofs
from shop.books.checking import take_time
from shop.books.proofs import RunningProof
from shop.transaction import transaction

NIGHT_HOUR = 3
ROWS_A_RUN = 200_000

log = logging.getLogger(__name__)


def prove_by_night(now: datetime) -> bool:
    """Start the night's proof from 03:00 shop time on, once a day, and go on with the one that runs.

    Returns whether a proof was finished.  Safe to run twice and on two machines.
    """
    if proofs.running() is None and _is_due(now):
        _start(None, now)
    return go_on(now)


def start_proof(staff_id: int, now: datetime) -> bool:
    """Prove everything now: what a small shop has is proved at once, the rest by the clock.  Returns whether it is done.

    When a proof already runs, this goes on with that one.
    """
    if proofs.running() is None:
        _start(staff_id, now)
    return go_on(now)


def go_on(now: datetime) -> bool:
    """Look at the next slices of the running proof, about 200,000 rows, and write down what was found.

    The slices only read.  A break is kept, logged and shown; it stops nothing.  Returns whether the proof was finished.
    """
    before = proofs.running()
    if before is None:
        return False
    if before.steps != len(proofs.STEPS):
        with transaction():
            proofs.give_up()
        return False
    further = _look(before)
    with transaction():
        if not proofs.write_down(before, further):
            return False
        if further.is_done:
            _finish(further, now)
    return further.is_done


def _start(staff_id: int | None, now: datetime) -> None:
    with transaction():
        proofs.start(staff_id, now)


def _look(proof: RunningProof) -> RunningProof:
    take_time()
    enough = proof.rows_checked + ROWS_A_RUN
    while not proof.is_done and proof.rows_checked < enough:
        proof = proofs.next_slice(proof)
    return proof


def _finish(proof: RunningProof, now: datetime) -> None:
    """Close the proof.  The end of its chain goes into the audit trail, itself a chain: each vouches for the other."""
    after = proofs.finish(proof, now)
    if proof.broken:
        log.error("the books do not add up: %s", "; ".join(proof.broken))
    audit.record(
        staff_id=proof.staff_id,
        action="books.check",
        subject="books",
        now=now,
        after=after,
        reason="; ".join(proof.broken)[:300],
    )


def _is_due(now: datetime) -> bool:
    """Whether the last proof was started before the latest 03:00 of the shop."""
    zone: ZoneInfo = current_app.config["SHOP_ZONE"]
    here = now.astimezone(zone)
    last = proofs.last_started_at()
    if last is None:
        return True
    before = last.astimezone(zone)
    return here.hour >= NIGHT_HOUR and (before.date() < here.date() or before.hour < NIGHT_HOUR)
