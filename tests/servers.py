"""Real server processes for the tests: gunicorn and the job worker under the real supervisor, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_SECONDS = 60


class LiveServer:
    """One running shop: ``url`` is its origin; its processes can be killed by hand."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = log
        self._environment = {
            **os.environ,
            "WEB_WORKERS": "2",
            **environment,
            "PORT": str(self.port),
            "SHOP_URL": self.url,
        }
        self._supervisor: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start all processes and wait until the shop answers."""
        with self._log.open("ab") as log:
            self._supervisor = subprocess.Popen(
                [sys.executable, "scripts/supervise.py"],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_open()

    def wait_until_open(self) -> None:
        """Wait until a worker answers; raises with the log when none ever does."""
        for _ in range(PATIENCE_SECONDS * 10):
            with suppress(OSError, urllib.error.URLError):
                urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
                return
            if self._supervisor is None or self._supervisor.poll() is not None:
                break
            with suppress(subprocess.TimeoutExpired):
                self._supervisor.wait(0.1)
        raise RuntimeError(f"the server did not open:\n{self.log()}")

    def stop(self) -> int:
        """Close the shop as Ctrl-C does; returns the exit status."""
        if self._supervisor is None:
            return 0
        self._supervisor.send_signal(signal.SIGINT)
        status = self._supervisor.wait(PATIENCE_SECONDS)
        self._supervisor = None
        return status

    def kill_web_workers(self) -> int:
        """kill -9 all web workers; gunicorn starts new ones.  Returns how many were killed."""
        master = self._child_running("gunicorn")
        return sum(_kill(worker) for worker in children_of(master))

    def kill_web_server(self) -> int:
        """kill -9 gunicorn and its workers; the supervisor starts it again.  Returns how many were killed."""
        master = self._child_running("gunicorn")
        workers = children_of(master)
        return _kill(master) + sum(_kill(worker) for worker in workers)

    def kill_job_worker(self) -> int:
        """kill -9 the job worker; the supervisor starts it again.  Returns how many were killed."""
        return _kill(self._child_running("worker"))

    def log(self) -> str:
        """Everything that the processes have printed so far."""
        return self._log.read_text(errors="replace")

    def _child_running(self, word: str) -> int:
        assert self._supervisor is not None, "the server is not running"
        for child in children_of(self._supervisor.pid):
            arguments = Path(f"/proc/{child}/cmdline").read_text().split("\0")
            if word in arguments:
                return child
        raise RuntimeError(f"no process runs {word}:\n{self.log()}")


@contextmanager
def running_server(environment: Mapping[str, str], log: Path) -> Iterator[LiveServer]:
    """A shop that is open inside the block.  A supervisor that does not close by itself fails the test."""
    server = LiveServer(environment, log)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def run_command(*arguments: str, environment: dict[str, str], **options: Any) -> str:
    """Run ``flask --app wsgi …`` in a process of its own and return what it prints; raises with its errors."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        text=True,
        **options,
    )
    if done.returncode:
        raise RuntimeError(
            f"flask {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def children_of(process: int) -> list[int]:
    """The processes that this process started and that still run."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def free_port() -> int:
    """A port on which nobody listens at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _kill(process: int) -> int:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1
