"""Keeps the shop open: gunicorn and the job worker, started together, restarted when they die, stopped together.

Ctrl-C and SIGTERM close the shop: both get SIGTERM and up to 25 seconds to finish what they are doing.  Standard
library only, because a supervisor must not fail with what it supervises.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 25
LOOK_SECONDS = 0.2
SHORT_LIFE_SECONDS = 10
SHORT_LIVES_MAX = 5
PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process that must be running, and how its last lives went."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    short_lives: int = 0
    restart_at: float = field(default=0.0)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=die_with_supervisor,  # noqa: PLW1509 -- this process has one thread
        )

    def look_after(self) -> None:
        """Restart the process if it has died: at once after a long life, ever later after short ones."""
        now = time.monotonic()
        if self.process is not None and (status := self.process.poll()) is not None:
            self.process = None
            is_short = now - self.started_at < SHORT_LIFE_SECONDS
            self.short_lives = self.short_lives + 1 if is_short else 0
            self.restart_at = now + (2**self.short_lives / 4 if is_short else 0)
            say(f"the {self.name} ended with status {status}")
        if self.process is None and now >= self.restart_at and not self.is_hopeless:
            self.start()

    @property
    def is_hopeless(self) -> bool:
        return self.short_lives >= SHORT_LIVES_MAX

    def ask_to_stop(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()

    def end(self, deadline: float) -> None:
        """Wait until the deadline, then insist."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"the {self.name} did not stop in {STOP_SECONDS} seconds and was killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def die_with_supervisor() -> None:
    """Linux only: the child gets SIGTERM when the supervisor is killed, and does not keep the port."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PARENT_DEATH_SIGNAL, signal.SIGTERM)


def say(text: str) -> None:
    print(f"shifen: {text}", flush=True)


def port_answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def children() -> list[Child]:
    python = sys.executable
    return [
        Child("web server", [python, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]),
        Child("job worker", [python, "-m", "flask", "--app", "wsgi", "worker"]),
    ]


class Closing:
    """Set by a signal.  A plain flag on purpose: the lock of a ``threading.Event`` hangs when a second signal comes while
    the handler of the first one holds it, as when a whole process group is told to stop."""

    is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        self.is_asked = True


def keep_open(family: list[Child], port: int, closing: Closing) -> int:
    """Look after the children until someone closes the shop (0) or one of them cannot live (1)."""
    is_announced = False
    while not closing.is_asked:
        time.sleep(LOOK_SECONDS)
        for child in family:
            child.look_after()
            if child.is_hopeless:
                say(f"the {child.name} does not stay up; closing")
                return 1
        if not is_announced and port_answers(port):
            is_announced = True
            say(f"open at http://127.0.0.1:{port} (Ctrl-C closes)")
    return 0


def close(family: list[Child]) -> None:
    """Stop all children: together, because each may need the whole time."""
    deadline = time.monotonic() + STOP_SECONDS
    for child in family:
        child.ask_to_stop()
    for child in family:
        child.end(deadline)


def main() -> int:
    """Run until told to stop; returns the exit status."""
    port = int(os.environ.get("PORT") or 8000)
    if port_answers(port):
        say(f"port {port} is already in use. Choose another: PORT={port + 1} make run")
        return 1
    closing = Closing()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, closing.ask)
    family = children()
    try:
        return keep_open(family, port, closing)
    finally:
        close(family)
        say("closed")


if __name__ == "__main__":
    sys.exit(main())
