"""The only code that commits: one unit of work per use case.

On SQLite a write takes the write lock at once (BEGIN IMMEDIATE), and the writers of one machine queue on a file lock in
front of it, because SQLite's own waiting is unfair.  On PostgreSQL the time-outs of ``shop/database.py`` apply.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from flask import current_app
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import scoped_session

from shop.errors import TransactionLost
from shop.extensions import db

TURN = ".turn"
"""The second file of the queue: a sweep that writes again and again lets everybody in between."""
RETRIABLE_STATES = frozenset({"40001", "40P01"})

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_enclosed: ContextVar[list[BaseException] | None] = ContextVar("enclosed", default=None)
_alongside: ContextVar[list[Callable[[], None]] | None] = ContextVar("alongside", default=None)
_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("afterwards", default=None)


@contextmanager
def transaction() -> Iterator[scoped_session[Session]]:
    """Do everything inside as one database transaction: all of it, or none.

    Raises AssertionError inside another transaction: a use case never calls a use case.  Raises TransactionLost when
    the database gave the work up; repeating it with the same idempotency key is safe.
    """
    assert not _writing.get(), "a transaction inside another one"
    if (failures := _enclosed.get()) is not None:
        with _part_of_one_commit(failures):
            yield db.session
        return
    db.session.rollback()  # ends the request's reading transaction: writers must see the present
    token, callbacks = _writing.set(True), _afterwards.set([])
    try:
        with _write_queue():
            yield db.session
            _write_alongside()
            db.session.commit()
        done = _afterwards.get() or []
    except DBAPIError as error:
        db.session.rollback()
        if _is_retriable(error):
            raise TransactionLost from error
        raise
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _writing.reset(token)
        _afterwards.reset(callbacks)
    for callback in done:
        callback()


@contextmanager
def one_commit() -> Iterator[scoped_session[Session]]:
    """Let every transaction inside be part of this one: what a program is answered is kept in the commit of the effect.

    When one of them fails, all of it is undone, even if somebody caught the failure.
    """
    failures: list[BaseException] = []
    with transaction() as session:
        writing, enclosed = _writing.set(False), _enclosed.set(failures)
        try:
            yield session
        finally:
            _enclosed.reset(enclosed)
            _writing.reset(writing)
        assert not failures, "a part of one commit failed"


@contextmanager
def _part_of_one_commit(failures: list[BaseException]) -> Iterator[None]:
    token = _writing.set(True)
    try:
        yield
    except BaseException as error:
        failures.append(error)
        raise
    finally:
        _writing.reset(token)


@contextmanager
def alongside(write: Callable[[], None]) -> Iterator[None]:
    """Let the next transaction also ``write`` this, in the same commit: the receipt that a reaction has run.

    When nothing inside opened a transaction, it is written in one of its own at the end.
    """
    pending = [write]
    token = _alongside.set(pending)
    try:
        yield
        if pending:
            with transaction():
                pass
    finally:
        _alongside.reset(token)


def _write_alongside() -> None:
    pending = _alongside.get() or []
    while pending:
        pending.pop()()


def after_commit(callback: Callable[[], None]) -> None:
    """Run ``callback`` once this transaction is safely written; never when it is not.  For waking, not for truth."""
    pending = _afterwards.get()
    assert pending is not None, "after_commit() outside a transaction"
    pending.append(callback)


def is_writing() -> bool:
    """Whether this thread is inside ``transaction()`` or ``one_commit()``."""
    return _writing.get() or _enclosed.get() is not None


@contextmanager
def _write_queue() -> Iterator[None]:
    path: Path | None = current_app.config["WRITE_LOCK"]
    if path is None:
        yield
        return
    with path.open("a") as file:
        with path.with_suffix(TURN).open(
            "a"
        ) as turn:  # held by whoever is next, so that nobody comes twice before them
            fcntl.flock(turn, fcntl.LOCK_EX)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_retriable(error: DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in RETRIABLE_STATES or "database is locked" in str(error.orig)
