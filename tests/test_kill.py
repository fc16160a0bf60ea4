"""kill -9 in the middle: processes of the running shop die while people order, sign in and draw; nothing is half done."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.clock import now
from shop.extensions import db
from shop.models import (
    DrawAttempt,
    Message,
    Order,
    OrderLine,
    OutboxEvent,
    OutboxReceipt,
    PointsEntry,
    SignIn,
    StockLevel,
)
from shop.reactions.dispatch import work_off_outbox
from shop.services.members.joining import insert_member
from shop.transaction import transaction
from tests.draws import make_draw
from tests.factories import PASSWORD, make_member, make_product, make_rulebook
from tests.servers import LiveServer, run_command
from tests.shoppers import Shopper

pytestmark = pytest.mark.server

MEMBERS = 4
ROUNDS = 12
WEB_KILLS = 5
JOB_KILLS = 2
EVENTS = 300
REACTIONS = 3  # a newcomer gets the pack, is rewarded if a rule says so, and welcomed
A_LEASE = timedelta(seconds=61)
PATIENCE_SECONDS = 60
SECONDS_BETWEEN_KILLS = 0.5


class Customer(threading.Thread):
    """A member who orders, draws and signs in again and again, and remembers what the shop said to each key."""

    def __init__(self, url: str, number: int) -> None:
        super().__init__(daemon=True)
        self.shopper = Shopper(url)
        self._phone = phone_of(number)
        self._number = number
        self.said: dict[tuple[str, str], str] = {}
        self.trouble: list[str] = []

    def run(self) -> None:
        try:
            self.shopper.log_in(self._phone, PASSWORD)
            self._csrf_token = self.shopper.token_on("/checkout?sku=COFFEE&qty=1")
            self._digest = self.shopper.field_on("/checkout?sku=COFFEE&qty=1", "digest")
            for turn in range(ROUNDS):
                self._ask("order", f"order-{self._number}-{turn:012}")
                self._ask("draw", f"draw-{self._number}-{turn:012}")
                self.shopper.post("/signin", csrf_token=self._csrf_token)
        except Exception as error:  # noqa: BLE001 -- the test shows it
            self.trouble.append(repr(error))

    def ask_again(self) -> dict[tuple[str, str], str]:
        """Send everything once more, with the same keys."""
        return {(deed, key): self._send(deed, key) for deed, key in self.said}

    def _ask(self, deed: str, key: str) -> None:
        self.said[deed, key] = self._send(deed, key)

    def _send(self, deed: str, key: str) -> str:
        fields: dict[str, object] = {"csrf_token": self._csrf_token, "idempotency_key": key}
        if deed == "order":
            fields |= {"sku": "COFFEE", "qty": 1, "way": "none", "digest": self._digest}
            answer = self.shopper.post("/checkout", **fields)
        else:
            answer = self.shopper.post("/draws/weekend/attempts", **fields, agreed_points=50)
        assert answer.status == 303, f"{deed} {key}: {answer.status}\n{answer.text[:3000]}"
        return answer.location


def phone_of(number: int) -> str:
    return f"+861390000{number:04d}"


def open_shop() -> None:
    """Members with points, a voucher with plenty of stock, and an open draw, at the present moment."""
    make_rulebook()
    for number in range(MEMBERS):
        make_member(phone=phone_of(number), points=50_000)
    make_product(points=100, on_hand=1_000, kind="voucher", variant={"sku": "COFFEE"})
    make_draw(now=now(), attempts_per_day=1_000)


def pause(seconds: float) -> None:
    threading.Event().wait(seconds)


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE_SECONDS * 100):
        if is_so():
            return
        pause(0.01)
    raise AssertionError("it never happened")


def number_of(column: object, *conditions: object) -> int:
    statement = select(func.count(column)).where(*conditions)  # type: ignore[arg-type]
    counted = db.session.scalar(statement) or 0
    db.session.rollback()
    return counted


def test_killed_processes_leave_nothing_half_done(app, live_server: LiveServer, live_environment):
    open_shop()
    customers = [Customer(live_server.url, number) for number in range(MEMBERS)]
    for customer in customers:
        customer.start()
    wait_until(lambda: any(customer.said for customer in customers))

    killed = 0
    for turn in range(WEB_KILLS):
        killed += live_server.kill_web_workers()
        if turn < JOB_KILLS:
            live_server.wait_for_job_worker()
            live_server.kill_job_worker()
        pause(SECONDS_BETWEEN_KILLS)
    for customer in customers:
        customer.join(PATIENCE_SECONDS)

    assert [customer.trouble for customer in customers] == [[]] * MEMBERS
    assert killed >= WEB_KILLS
    assert sum(customer.shopper.unanswered for customer in customers) > 0, "nobody was hit by the kills"
    assert_every_deed_was_done_once(customers)
    assert "BROKEN" not in run_command("ledger", "check", environment=live_environment)

    for customer in customers:
        assert customer.ask_again() == customer.said
    assert_every_deed_was_done_once(customers)


def assert_every_deed_was_done_once(customers: list[Customer]) -> None:
    """One order and one attempt for each key, whole: with its line, its entry and its unit of stock."""
    for deed in ("order", "draw"):
        answers = Counter(
            place for customer in customers for (kind, _), place in customer.said.items() if kind == deed
        )
        assert set(answers.values()) == {1}, "two keys got the same answer"
        assert len(answers) == MEMBERS * ROUNDS
    asked = MEMBERS * ROUNDS
    assert number_of(Order.id) == number_of(Order.id, Order.state == "paid") == asked
    assert number_of(OrderLine.id) == asked
    assert number_of(PointsEntry.id, PointsEntry.reference.like("order:%:redeem")) == asked
    assert number_of(DrawAttempt.id) == asked
    assert db.session.scalar(select(func.sum(StockLevel.sold))) == asked
    assert number_of(SignIn.day) == MEMBERS * len(set(db.session.scalars(select(SignIn.day))))
    db.session.rollback()


def test_killed_job_worker_tells_everything_once(app, live_server: LiveServer):
    make_rulebook()
    live_server.wait_for_job_worker()

    with transaction():
        for number in range(EVENTS):
            insert_member(phone_of(number), "阿岚", None, now())
    wait_until(lambda: number_of(OutboxReceipt.event_id) > 0)
    live_server.kill_job_worker()
    told = number_of(OutboxReceipt.event_id)
    while work_off_outbox(now() + A_LEASE):  # another worker, when the lease of the killed one has run out
        pass

    assert 0 < told < EVENTS * REACTIONS, "the worker was not killed in the middle"
    assert number_of(OutboxEvent.id) == number_of(OutboxEvent.id, OutboxEvent.state == "done") == EVENTS
    assert number_of(OutboxReceipt.event_id) == EVENTS * REACTIONS
    assert number_of(Message.id) == number_of(Message.member_id.distinct()) == EVENTS
