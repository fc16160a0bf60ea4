"""A real Chromium on a real server: phones and desks, both colour schemes, with and without JavaScript."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from shop.extensions import db
from tests.databases import SqliteDatabase
from tests.demo_shop import demo_in
from tests.servers import LiveServer, running_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
PATIENCE_MILLISECONDS = 15_000


@dataclass
class Watch:
    """What went wrong in a page: its test fails if anything did."""

    faults: list[str] = field(default_factory=list)

    def over(self, page: Page, origin: str) -> None:
        """Note script errors, refusals by the content security policy, answers of 500, calls to other hosts."""
        page.on("pageerror", lambda error: self._on_script_error(str(error)))
        page.on("console", self._on_console)
        page.on("request", lambda request: self._on_request(request, origin))
        page.on("response", lambda answer: self._on_status(answer.status, answer.url))

    def _on_script_error(self, message: str) -> None:
        # Chromium itself reports a page transition that it had to skip; no script of ours runs then.
        if "Transition was aborted" not in message and "Transition was skipped" not in message:
            self.faults.append(f"script error: {message}")

    def _on_console(self, message: ConsoleMessage) -> None:
        # Chromium and htmx also report every answer of 4xx as an error; those are answers, and tests look at them.
        answers = ("Failed to load resource", "Response Status Error Code 4")
        if message.type == "error" and not any(text in message.text for text in answers):
            self.faults.append(f"console: {message.text}")

    def _on_request(self, request: Request, origin: str) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            self.faults.append(f"call to another host: {request.url}")

    def _on_status(self, status: int, url: str) -> None:
        if status >= 500:
            self.faults.append(f"{status} from {url}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each page has a context, and so cookies, of its own."""
    program = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    assert program, "no Chromium is installed: run scripts/install.sh test"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def open_shop(
    migrated: SqliteDatabase,
    shared_app: Flask,
    shop_environment: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveServer]:
    """One server for all tests of a file: to start its four processes takes longer than most stories do."""
    with shared_app.app_context():
        migrated.restore(db.engine)
    environment = {**shop_environment, "DATABASE_URL": migrated.url}
    with running_server(environment, tmp_path_factory.mktemp("server") / "server.log") as server:
        yield server


@pytest.fixture
def database(migrated: SqliteDatabase, shared_app: Flask, open_shop: LiveServer) -> str:
    """The URL of a database without a trace of other tests, while the server goes on."""
    with shared_app.app_context():
        migrated.restore_in_place(db.engine)
    Path(shared_app.config["FACE_STAMP"]).touch()  # name and colours of the test before are forgotten
    return migrated.url


@pytest.fixture
def live_server(app: Flask, open_shop: LiveServer) -> LiveServer:
    """The open shop, on the clean database of this test."""
    return open_shop


@pytest.fixture
def javascript() -> bool:
    """Whether scripts run; ``@pytest.mark.parametrize("javascript", [True, False])`` runs a test both ways."""
    return True


@pytest.fixture
def color_scheme() -> str:
    """ "light" or "dark"; parametrize it to look at both."""
    return "light"


@pytest.fixture
def locale() -> str:
    """The language that the browser asks for."""
    return "zh-CN"


@pytest.fixture
def open_window(
    browser: Browser, javascript: bool, color_scheme: str, locale: str
) -> Iterator[Callable[..., Page]]:
    """``open_window(origin, PHONE, touch=True)``: a new browser window with its own cookies; addresses may be paths.

    The test fails when a page reported a script error, a refused script or style, an answer of 500 or a call to
    another host.
    """
    watch = Watch()
    with ExitStack() as stack:

        def make(origin: str, size: dict[str, int], *, touch: bool = False) -> Page:
            context: BrowserContext = browser.new_context(
                base_url=origin,
                viewport=size,
                has_touch=touch,
                is_mobile=touch,
                device_scale_factor=2 if touch else 1,
                java_script_enabled=javascript,
                color_scheme=color_scheme,
                locale=locale,
                timezone_id="Asia/Shanghai",
                reduced_motion="reduce",
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MILLISECONDS)
            page = context.new_page()
            watch.over(page, origin)
            return page

        yield make
    assert not watch.faults, "\n".join(watch.faults)


@pytest.fixture
def phone_page(open_window: Callable[..., Page], live_server: LiveServer) -> Page:
    """A phone (390 × 844, touch) in the shop of this test, which is empty but for what the test has made."""
    return open_window(live_server.url, PHONE, touch=True)


@pytest.fixture
def desk_page(open_window: Callable[..., Page], live_server: LiveServer) -> Page:
    """A desk (1280 × 900, mouse) in the shop of this test."""
    return open_window(live_server.url, DESK)


@pytest.fixture
def demo_phone_page(open_window: Callable[..., Page], demo_server: LiveServer) -> Page:
    """A phone in the demo shop, which all tests share."""
    return open_window(demo_server.url, PHONE, touch=True)


@pytest.fixture
def demo_desk_page(open_window: Callable[..., Page], demo_server: LiveServer) -> Page:
    """A desk in the demo shop, which all tests share."""
    return open_window(demo_server.url, DESK)


@pytest.fixture(scope="session")
def demo_server(
    shop_environment: dict[str, str], demo_shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """One open demo shop for all tests that look at it: many members, orders and draws, made by ``demo load``."""
    folder = tmp_path_factory.mktemp("demo")
    demo = demo_in(folder, demo_shared, shop_environment)
    with running_server(demo.environment, folder / "server.log") as server:
        yield server


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """``axe(page)`` fails with every breach of the accessibility rules on the page as it stands."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return check
