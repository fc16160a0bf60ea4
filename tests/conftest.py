"""What every test may ask for: a shop on a clean database, a clock that stands still, people who are logged in.

``pytest --database sqlite`` (or ``postgresql``) keeps to one database; without it every test that touches the database
runs on both.  The shop, its database and its tables are made once; before each test the database is put back to the
state right after the migrations, and after each test the ledger is checked.
"""

import base64
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.globals import _cv_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop import clock as shop_clock
from shop import create_app
from shop.config import read_settings
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Member, Staff
from shop.web.face import shop_face
from tests.databases import Database, postgres_database, sqlite_database
from tests.factories import MONDAY, PASSWORD, make_staff
from tests.proof import assert_ledger_is_right
from tests.servers import LiveServer, run_command, running_server

DATABASES = {"sqlite": sqlite_database, "postgresql": postgres_database}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=[*DATABASES, "all"],
        default="all",
        help="the database to run on (default: both)",
    )


LONG_STORIES = (
    "tests/scenarios",
    "tests/model",
    "tests/browser",
    "tests/test_kill",
    "tests/test_database_killed",
    "tests/web/test_hostile_input",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long stories first, so that no process is left alone with one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG_STORIES))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what touches the database on each chosen one; what only looks through a browser, on the first."""
    if "migrated" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--database")
    names = list(DATABASES) if chosen == "all" else [chosen]
    if "browser" in metafunc.definition.path.parts:
        names = names[:1]
    if only := metafunc.definition.get_closest_marker("only_on"):
        names = [name for name in names if name in only.args]
    metafunc.parametrize("migrated", names, indirect=True, scope="session")


# The environment and the database


@pytest.fixture(scope="session")
def demo_shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which all processes of this run find the loaded demo."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo-shared"


@pytest.fixture(scope="session")
def shop_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The settings of a shop under test, as environment variables; without DATABASE_URL."""
    return {
        "SHOP_ENV": "development",
        "SECRET_KEY": "a secret for tests, long enough for the check",
        "DATA_KEY": base64.urlsafe_b64encode(b"k" * 32).decode(),
        "INSTANCE_FOLDER": str(tmp_path_factory.mktemp("instance")),
        "SHOP_TIMEZONE": "Asia/Shanghai",
    }


@pytest.fixture(scope="session")
def databases(shop_environment: dict[str, str]) -> Iterator[Callable[[str], Database]]:
    """The databases by name, each with all migrations, made once for this process when it is first asked for.

    A fixture with parameters would be thrown away and made anew at every change between the databases.
    """

    def migrate(url: str) -> None:
        run_command("db", "upgrade", environment={**shop_environment, "DATABASE_URL": url})

    with ExitStack() as stack:
        yield cache(lambda name: stack.enter_context(DATABASES[name](migrate)))


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, databases: Callable[[str], Database]) -> Database:
    """The database that this test runs on."""
    return databases(request.param)


@pytest.fixture(scope="session")
def shops(
    databases: Callable[[str], Database], shop_environment: dict[str, str]
) -> Iterator[Callable[[str], Flask]]:
    """The one shop of this process on each database, by its URL."""
    with ExitStack() as stack:

        @cache
        def shop_on(url: str) -> Flask:
            app = create_app(read_settings({**shop_environment, "DATABASE_URL": url}), TESTING=True)
            app.config["WTF_CSRF_ENABLED"] = False
            app.test_client_class = ShopClient
            stack.callback(close_engine, app)
            return app

        yield shop_on


def close_engine(app: Flask) -> None:
    """Let go of the database."""
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def shared_app(migrated: Database, shops: Callable[[str], Flask]) -> Flask:
    """The shop on the database of this test; tests ask for ``app``."""
    return shops(migrated.shared_url)


@pytest.fixture
def database(migrated: Database, shared_app: Flask) -> str:
    """The URL of a database without a trace of other tests."""
    with shared_app.app_context():
        migrated.restore(db.engine)
    return migrated.url


@pytest.fixture
def app(shared_app: Flask, database: str) -> Iterator[Flask]:
    """A shop on a clean database, its application context pushed.  Afterwards the ledger must be right."""
    settings_before = dict(shared_app.config)
    with shared_app.app_context():
        shop_face()  # read once for each process: not while a test counts statements
        yield shared_app
        db.session.remove()
        shared_app.config.clear()
        shared_app.config.update(settings_before)
        assert_ledger_is_right()


@pytest.fixture
def make_app(database: str, shop_environment: dict[str, str]) -> Iterator[Callable[..., Flask]]:
    """Build another shop on the same database: ``make_app(WEB_WORKERS="3")`` with environment variables."""
    made: list[Flask] = []

    def make(**environment: str) -> Flask:
        app = create_app(
            read_settings({**shop_environment, "DATABASE_URL": database, **environment}), TESTING=True
        )
        app.test_client_class = ShopClient
        made.append(app)
        return app

    yield make
    for app in made:
        close_engine(app)


# Requests


class ShopClient(FlaskClient):
    """A browser without JavaScript.  Each request has an application context of its own, as on the real server."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            assert not db.session.new, "the test holds rows that it has not written"
            assert not db.session.dirty, "the test holds changes that it has not written"
            db.session.rollback()  # ends the test's own reading: it sees what the request has done
        return copy_context().run(self._open_alone, *args, **kwargs)

    def _open_alone(self, *args: Any, **kwargs: Any) -> TestResponse:
        _cv_app.set(None)  # type: ignore[arg-type]
        return super().open(*args, **kwargs)

    def fragment(self, path: str, *, method: str = "GET", **kwargs: Any) -> TestResponse:
        """Ask as htmx asks."""
        headers = {"HX-Request": "true", **kwargs.pop("headers", {})}
        return self.open(path, method=method, headers=headers, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def as_member(app: Flask) -> Callable[..., FlaskClient]:
    """``as_member(member_id)``: a browser in which this member has logged in with phone and password."""

    def log_in(member_id: int, password: str = PASSWORD) -> FlaskClient:
        phone = unseal(db.session.get_one(Member, member_id).phone_sealed)
        return logged_in(app.test_client(), "/login", phone=phone, password=password)

    return log_in


@pytest.fixture
def as_staff(app: Flask) -> Callable[..., FlaskClient]:
    """``as_staff("editor")``: a browser in which a new member of staff with this role has logged in."""

    def log_in(role: str = "owner") -> FlaskClient:
        email = db.session.get_one(Staff, make_staff(role)).email
        return logged_in(app.test_client(), "/merchant/login", email=email, password=PASSWORD)

    return log_in


def logged_in(client: FlaskClient, path: str, **credentials: str) -> FlaskClient:
    """Send the real login form; a login that is refused fails the test."""
    answer = client.post(path, data=credentials)
    assert answer.status_code == 303, f"login was refused: {answer.status}\n{answer.text}"
    return client


# Time


class Clock:
    """The shop's clock, standing still until the test moves it."""

    def __init__(self, at: datetime) -> None:
        self._stack = ExitStack()
        self.stand_at(at)

    @property
    def now(self) -> datetime:
        return shop_clock.now()

    def stand_at(self, moment: datetime) -> datetime:
        """Put the clock to a moment (with a time zone)."""
        self._stack.close()
        self._stack.enter_context(shop_clock.frozen(moment))
        return shop_clock.now()

    def move(self, **by: float) -> datetime:
        """Move the clock: ``clock.move(days=1, minutes=15)``."""
        return self.stand_at(self.now + timedelta(**by))

    def close(self) -> None:
        """Let the time run again."""
        self._stack.close()


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The shop's clock stands at noon of MONDAY; also for the requests and the racing threads of this test."""
    still = Clock(MONDAY)
    yield still
    still.close()


# Processes


@pytest.fixture
def live_environment(database: str, shop_environment: dict[str, str]) -> dict[str, str]:
    """The environment in which other processes work on the database of this test."""
    return {**shop_environment, "DATABASE_URL": database}


@pytest.fixture
def live_server(app: Flask, live_environment: dict[str, str], tmp_path: Path) -> Iterator[LiveServer]:
    """gunicorn (2 workers of 4 threads) and the job worker, on the database of this test."""
    with running_server(live_environment, tmp_path / "server.log") as server:
        yield server
