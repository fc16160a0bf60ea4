"""What is asked: every page and action that has a budget, in rounds that are interleaved."""

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from flask import Flask
from sqlalchemy import select

from bench.measuring import Browser, Environ, ask, counting, median
from bench.programs import Program
from shop import clock
from shop.crypto import blind_index
from shop.demo.people import DEMO_PHONES, PASSWORD
from shop.extensions import db
from shop.models import Member, Order, PointsEntry, Staff, Variant
from shop.services.catalogue.stock import receive_stock
from shop.services.engagement.draw_editing import DrawEdit, PrizeEdit, create_draw, publish_draw
from shop.services.points.adjusting import adjust_points

HTML, POST, DESK = 6 * 1024, 2 * 1024, 15 * 1024
WARM_UP_ROUNDS = 3
SKU = "SPARKLING-DRINK-1"
PLENTY = 100_000
DRAW = "bench"
CONSTANT = "/healthz"  # answers a constant, touches nothing
FRAGMENT = {"HX-Request": "true"}


@dataclass(frozen=True)
class Budget:
    """What a page may cost: a ratio to the constant answer, statements, and bytes on the wire (None: no budget)."""

    ratio: int
    queries: int
    wire_bytes: int | None


@dataclass
class Page:
    """One thing that is asked; ``prepare`` makes the request of a round."""

    name: str
    budget: Budget
    prepare: Callable[[int], Environ]
    expects: int = 200
    days_apart: bool = False
    samples: list[int] = field(default_factory=list)
    queries: int = 0
    wire_bytes: int = 0

    @property
    def median_ns(self) -> float:
        """The CPU time of one request in the middle of all rounds."""
        return median(self.samples)


LIST_VISITOR, LIST_MEMBER = Budget(3, 0, HTML), Budget(11, 3, HTML)
PRODUCT = Budget(14, 5, 5 * 1024)
PART = Budget(8, 4, 3 * 1024)
OWN = Budget(15, 8, 5 * 1024)
ACT, PLACE = Budget(20, 10, POST), Budget(40, 20, POST)
BACK_OFFICE = Budget(30, 10, DESK)
PURCHASE, ANSWER = Budget(40, 24, POST), Budget(20, 6, 5 * 1024)


def measure_pages(app: Flask, rounds: int) -> tuple[float, list[Page]]:
    """Ask everything in so many interleaved rounds.  Returns the constant answer's CPU (ns), and the pages."""
    hello: list[int] = []
    visitor = Browser(app)
    with app.app_context():
        stock_up()
    pages = _pages(app)
    moment = clock.now()
    for turn in range(WARM_UP_ROUNDS + rounds):
        is_counted = turn >= WARM_UP_ROUNDS
        for _ in range(5):
            cpu_ns = ask(app, visitor.environ(CONSTANT)).cpu_ns
            hello += [cpu_ns] if is_counted else []
        for page in pages:
            _ask_once(app, page, turn, moment, is_counted=is_counted)
    return median(hello), pages


def _ask_once(app: Flask, page: Page, turn: int, moment: datetime, *, is_counted: bool) -> None:
    with ExitStack() as stack:
        if page.days_apart:
            stack.enter_context(clock.frozen(moment + timedelta(days=turn)))
        environ = page.prepare(turn)
        if turn == 1:  # warm, and counted apart: listening costs time
            with app.app_context():
                engine = db.engine
            with counting(engine) as statements:
                answer = ask(app, environ)
            page.queries = len(statements)
        else:
            answer = ask(app, environ)
    assert answer.status == page.expects, f"{page.name}: {answer.status}\n{answer.body.decode()[:1500]}"
    page.wire_bytes = answer.wire_bytes
    if is_counted:
        page.samples.append(answer.cpu_ns)


def stock_up() -> None:
    """The faithful member gets plenty of points, and there is plenty of one voucher, so that orders never end."""
    now = clock.now()
    staff_id = db.session.scalars(select(Staff.id).where(Staff.role == "owner")).one()
    member_id = db.session.scalars(
        select(Member.id).where(Member.phone_index == blind_index(DEMO_PHONES[4]))
    ).one()
    variant_id = db.session.scalars(select(Variant.id).where(Variant.sku == SKU)).one()
    receive_stock(variant_id, PLENTY, "bench", staff_id, "bench", now)
    adjust_points(member_id, 1_000_000, reason="bench", staff_id=staff_id, key="bench", now=now)
    edit = DrawEdit(
        title="bench",
        slug=DRAW,
        rules_text="",
        organiser="",
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=30),
        price_points=50,
        free_per_day=0,
        attempts_per_day=PLENTY,
        budget_points_per_day=None,
        claim_days=14,
        prizes=(
            _prize("20 积分", "points", 20, 600_000, is_consolation=True),
            _prize("谢谢", "nothing", 0, 400_000),
        ),
    )
    publish_draw(create_draw(edit, staff_id, now), staff_id, now)


def _prize(title: str, kind: str, points: int, weight_ppm: int, *, is_consolation: bool = False) -> PrizeEdit:
    return PrizeEdit(
        title=title,
        kind=kind,
        points=points,
        sku="",
        weight_ppm=weight_ppm,
        stock=None,
        is_consolation=is_consolation,
        picture="leaves",
        market_price_cents=0,
    )


def _pages(app: Flask) -> list[Page]:
    visitor = Browser(app)
    middle, faithful = _member(app, DEMO_PHONES[0]), _member(app, DEMO_PHONES[4])
    owner = _logged_in(app, "/merchant/login", email="owner@demo.test", password=PASSWORD)
    return [
        *_shelf_pages(app, visitor, middle),
        *_own_pages(app, middle, faithful),
        *_deeds(faithful),
        *_calls(Program(app)),
        Page("rules", OWN, _get(visitor, "/rules")),
        Page("back office: dashboard", BACK_OFFICE, _get(owner, "/merchant")),
        Page("back office: products", BACK_OFFICE, _get(owner, "/merchant/products")),
        Page("back office: orders", BACK_OFFICE, _get(owner, "/merchant/orders")),
        Page("back office: members", BACK_OFFICE, _get(owner, "/merchant/members")),
        Page("back office: audit trail", BACK_OFFICE, _get(owner, "/merchant/audit")),
    ]


def _shelf_pages(app: Flask, visitor: Browser, member: Browser) -> list[Page]:
    coffee = "/products/hand-drip-coffee"
    return [
        Page("home, visitor", LIST_VISITOR, _get(visitor, "/")),
        Page("list, visitor", LIST_VISITOR, _get(visitor, "/products")),
        Page("home, member", LIST_MEMBER, _get(member, "/")),
        Page("list, member", LIST_MEMBER, _get(member, "/products")),
        Page("product, visitor", PRODUCT, _get(visitor, coffee)),
        Page("product, member", PRODUCT, _get(member, coffee)),
        Page("list fragment, member", PART, _get(member, f"/products?{_second_page(app)}", FRAGMENT)),
    ]


def _own_pages(app: Flask, middle: Browser, faithful: Browser) -> list[Page]:
    number, entry_id = _examples(app)
    return [
        Page("member centre", OWN, _get(middle, "/member")),
        Page("points history", OWN, _get(faithful, "/member/points")),
        Page("points entry", OWN, _get(faithful, f"/member/points/{entry_id}")),
        Page("orders", OWN, _get(faithful, "/member/orders")),
        Page("order", OWN, _get(faithful, f"/orders/{number}")),
        Page("sign-in calendar", OWN, _get(middle, "/signin")),
        Page("draw", OWN, _get(middle, "/draws/weekend")),
        Page("cart", OWN, _get(middle, "/cart")),
        Page("checkout", OWN, _get(faithful, f"/checkout?sku={SKU}&qty=1")),
        Page("messages", OWN, _get(faithful, "/member/notifications")),
    ]


def _deeds(member: Browser) -> list[Page]:
    digest = _hidden(member, f"/checkout?sku={SKU}&qty=1", "digest")
    keys = count(1)

    def key() -> dict[str, object]:
        return {"idempotency_key": f"bench-{next(keys):018}"}

    def order(_turn: int) -> Environ:
        return member.environ("/checkout", {"sku": SKU, "qty": 1, "way": "none", "digest": digest, **key()})

    def draw(_turn: int) -> Environ:
        return member.environ(f"/draws/{DRAW}/attempts", {"agreed_points": 50, **key()})

    def change_cart(turn: int) -> Environ:
        return member.environ("/cart/items", {"sku": SKU, "qty": 1 + turn % 2})

    return [
        Page("POST sign in", ACT, lambda _turn: member.environ("/signin", {}), 303, days_apart=True),
        Page("POST draw", ACT, draw, 303),
        Page("POST add to cart", ACT, change_cart, 303),
        Page("POST place an order", PLACE, order, 303),
    ]


def _calls(program: Program) -> list[Page]:
    return [
        Page("API: record a purchase", PURCHASE, program.purchase, 201),
        Page("API: balance", ANSWER, program.points),
        Page("API: ledger", ANSWER, program.ledger),
    ]


def _get(browser: Browser, path: str, headers: dict[str, str] | None = None) -> Callable[[int], Environ]:
    return lambda _turn: browser.environ(path, headers=headers)


def _member(app: Flask, phone: str) -> Browser:
    return _logged_in(app, "/login", phone=phone, password=PASSWORD)


def _logged_in(app: Flask, path: str, **credentials: str) -> Browser:
    browser = Browser(app)
    browser.csrf_token = _hidden(browser, path, "csrf_token")
    answer = browser.send(path, credentials)
    assert answer.status == 303, answer.body.decode()
    pages = {"/login": f"/checkout?sku={SKU}&qty=1", "/merchant/login": "/merchant/members"}
    browser.csrf_token = _hidden(browser, pages[path], "csrf_token")
    return browser


def _hidden(browser: Browser, path: str, name: str) -> str:
    text = browser.send(path).body.decode()
    found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', text)
    assert found, f"no {name} on {path}:\n{text[:1500]}"
    return found[1]


def _examples(app: Flask) -> tuple[str, int]:
    """An order of the faithful member, and the entry of what it earned."""
    with app.app_context():
        statement = (
            select(Order.number, PointsEntry.id)
            .join(Member, Member.id == Order.member_id)
            .join(PointsEntry, PointsEntry.order_id == Order.id)
            .where(
                Member.phone_index == blind_index(DEMO_PHONES[4]),
                Order.state == "received",
                PointsEntry.kind == "earn",
            )
            .limit(1)
        )
        number, entry_id = db.session.execute(statement).one()
    return number, entry_id


def _second_page(app: Flask) -> str:
    """The query of the list's second page."""
    text = Browser(app).send("/products").body.decode()
    found = re.search(r'href="/products\?([^"]*after=[^"]*)"', text)
    assert found, "the list has no second page"
    return found[1].replace("&amp;", "&")
