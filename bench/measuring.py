"""Measuring requests inside one process: CPU time, database statements, bytes."""

import gzip
import io
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Engine, event

Environ = dict[str, Any]
GZIP_LEVEL = 6


@dataclass
class Answer:
    """What an application answered, and the CPU time that it took in nanoseconds."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes
    cpu_ns: int

    @property
    def wire_bytes(self) -> int:
        """The size of the body as it travels."""
        return len(gzip.compress(self.body, GZIP_LEVEL)) if self.body else 0


def ask(application: Any, environ: Environ) -> Answer:
    """Send one prepared request straight into the application and measure nothing but it."""
    told: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _trouble: Any = None
    ) -> Callable[[bytes], None]:
        told[:] = [status, headers]
        return lambda _written: None

    started = time.process_time_ns()
    answered = application(environ, start_response)
    body = b"".join(answered)
    if hasattr(answered, "close"):
        answered.close()
    cpu_ns = time.process_time_ns() - started
    return Answer(int(told[0].split()[0]), told[1], body, cpu_ns)


@dataclass
class Browser:
    """A person with cookies, and a token for forms once a page has given one."""

    app: Flask
    cookies: dict[str, str] = field(default_factory=dict)
    csrf_token: str = ""

    def environ(
        self, path: str, fields: Mapping[str, object] | None = None, headers: Mapping[str, str] | None = None
    ) -> Environ:
        """A request as gunicorn would hand it over."""
        path, _, query = path.partition("?")
        form = {"csrf_token": self.csrf_token, **fields} if fields is not None else None
        body = urlencode(form).encode() if form is not None else b""
        environ: Environ = {
            "REQUEST_METHOD": "GET" if form is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "HTTP_ACCEPT_LANGUAGE": "zh-CN,zh;q=0.9",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if body else "",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in (headers or {}).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ

    def send(self, path: str, fields: Mapping[str, object] | None = None) -> Answer:
        """Ask, and keep the cookies that come back."""
        answer = ask(self.app, self.environ(path, fields))
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer


def median(samples: list[int]) -> float:
    """The middle of the samples, in nanoseconds."""
    return statistics.median(samples)


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """The statements that are sent meanwhile, without the beginning of transactions."""
    statements: list[str] = []

    def on_execute(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", on_execute)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", on_execute)
