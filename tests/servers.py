"""Real server processes for the tests: gunicorn and the job worker under the real supervisor, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

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
        """Wait until a web worker answers; raises with the log when none ever does."""
        self._wait_until(self._answers, "the server did not open")

    def wait_for_log(self, words: str) -> None:
        """Wait until the processes have printed these words."""
        self._wait_until(lambda: words in self.log(), f"nothing said {words!r}")

    def wait_for_job_worker(self) -> None:
        """Wait until a job worker runs."""
        self._wait_until(lambda: self._find_child("worker") is not None, "no job worker runs")

    def stop(self, *, times: int = 1) -> int:
        """Close the shop as Ctrl-C does, perhaps pressed several ``times``; returns the exit status."""
        if self._supervisor is None:
            return 0
        for _time in range(times):
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

    def _answers(self) -> bool:
        try:
            urllib.request.urlopen(f"{self.url}/healthz", timeout=5).close()
        except (OSError, urllib.error.URLError):
            return False
        return True

    def _wait_until(self, is_so: Callable[[], bool], complaint: str) -> None:
        for _ in range(PATIENCE_SECONDS * 10):
            if is_so():
                return
            if self._supervisor is None or self._supervisor.poll() is not None:
                break
            with suppress(subprocess.TimeoutExpired):
                self._supervisor.wait(0.1)
        raise RuntimeError(f"{complaint}:\n{self.log()}")

    def _child_running(self, word: str) -> int:
        child = self._find_child(word)
        if child is None:
            raise RuntimeError(f"no process runs {word}:\n{self.log()}")
        return child

    def _find_child(self, word: str) -> int | None:
        assert self._supervisor is not None, "the server is not running"
        for child in children_of(self._supervisor.pid):
            if word in command_line(child):
                return child
        return None


@contextmanager
def running_server(environment: Mapping[str, str], log: Path) -> Iterator[LiveServer]:
    """A shop that is open inside the block.  A supervisor that does not close by itself fails the test."""
    server = LiveServer(environment, log)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def run_command(*arguments: str, environment: Mapping[str, str]) -> str:
    """Run ``flask --app wsgi …`` in a process of its own and return what it prints; raises with its errors."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        text=True,
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


def command_line(process: int) -> list[str]:
    """The arguments with which a process was started; none when it is gone."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().split("\0")
    except OSError:
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
