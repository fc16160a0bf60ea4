"""On SQLite writers queue: one that writes again and again lets those in who wait."""

import fcntl
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import current_app

from shop.transaction import TURN, transaction

PATIENCE_SECONDS = 30


@contextmanager
def in_a_thread(function):
    """Run a function beside this thread, in an application context of its own."""
    app = current_app._get_current_object()

    def run():
        with app.app_context():
            function()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def wait_until_somebody_is_next():
    """Until another writer stands directly before the lock."""
    with Path(current_app.config["WRITE_LOCK"]).with_suffix(TURN).open("a") as turn:
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(turn, fcntl.LOCK_UN)


@pytest.mark.only_on("sqlite")
def test_whoever_waits_comes_before_the_next_batch(app):
    order = []

    def sign_in():
        with transaction():
            order.append("sign-in")

    with transaction():
        waiting = in_a_thread(sign_in)
        waiting.__enter__()
        wait_until_somebody_is_next()
        order.append("first batch")
    with transaction():
        order.append("second batch")
    waiting.__exit__(None, None, None)

    assert order == ["first batch", "sign-in", "second batch"]
