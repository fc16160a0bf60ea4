"""Many people at the same moment: functions that start together, each in its own thread and application context."""

import threading
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from shop.extensions import db

PATIENCE_SECONDS = 60


@dataclass
class Outcome:
    """What became of one function: its result, or the error that it raised."""

    result: Any = None
    error: Exception | None = None


def run_together(functions: Iterable[Callable[[], Any]]) -> list[Outcome]:
    """Start all functions at one moment and wait for all; the outcomes are in the order of the functions.

    Each thread has its own database session and keeps the clock of the test.  Needs the ``app`` fixture.
    """
    tasks = list(functions)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    db.session.rollback()  # this thread must not stand in the way of the others
    outcomes = [Outcome() for _ in tasks]
    barrier = threading.Barrier(len(tasks))

    def run(function: Callable[[], Any], outcome: Outcome) -> None:
        with app.app_context():
            barrier.wait(PATIENCE_SECONDS)
            try:
                outcome.result = function()
            except Exception as error:  # noqa: BLE001 -- the test looks at it
                outcome.error = error

    threads = [
        threading.Thread(target=copy_context().run, args=(run, function, outcome), daemon=True)
        for function, outcome in zip(tasks, outcomes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a racing function did not come back"
    return outcomes


def results_of(outcomes: Iterable[Outcome]) -> list[Any]:
    """The results of those that did not raise."""
    return [outcome.result for outcome in outcomes if outcome.error is None]


def errors_of(outcomes: Iterable[Outcome]) -> list[Exception]:
    """What the others raised."""
    return [outcome.error for outcome in outcomes if outcome.error is not None]
