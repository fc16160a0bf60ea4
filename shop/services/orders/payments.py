"""Cash: starting a payment, recording what providers tell us, and sending refunds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from shop.adapters.payments import Bill, CashBack, Notice, PaymentProvider, providers
from shop.books import outbox
from shop.books.orders.paying import mark_paid
from shop.books.points import accounts
from shop.books.rulebooks import occasion_at
from shop.crypto import new_token
from shop.errors import NotFound, OrderMoved, PaymentTimeOver, ProviderUnreachable
from shop.extensions import db
from shop.models import Order, Payment, PaymentNotice, Refund
from shop.rules.orders.payment_states import PAYMENT_STATE_AFTER, Action, decide_notice
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
FIND = (
    select(
        Payment.id,
        Payment.token,
        Payment.provider,
        Payment.state,
        Payment.amount_cents,
        Payment.currency,
        Payment.order_id,
        Order.number,
        Order.member_id,
        Order.state.label("order_state"),
        Order.pay_by_at,
    )
    .join(Order, Order.id == Payment.order_id)
    .where(Payment.token == bindparam("token"))
)
KNOWN = select(PaymentNotice.outcome).where(
    PaymentNotice.provider == bindparam("provider"), PaymentNotice.notice_id == bindparam("notice_id")
)
WAITING = select(Payment.token).where(
    Payment.order_id == bindparam("order_id"),
    Payment.provider == bindparam("provider"),
    Payment.state == "pending",
)
CLOSE_OTHERS = (
    update(Payment)
    .where(
        Payment.order_id == bindparam("of_order"),
        Payment.id != bindparam("but_payment"),
        Payment.state == "pending",
    )
    .values(state="closed", closed_at=bindparam("at"))
)
TO_SEND = (
    select(
        Refund.reference, Refund.cents, Refund.cash_state, Payment.token, Payment.provider, Payment.currency
    )
    .join(Payment, Payment.id == Refund.payment_id)
    .where(Refund.id == bindparam("refund_id"))
)
SENT = (
    update(Refund)
    .where(Refund.id == bindparam("sent_refund"), Refund.cash_state != "done")
    .values(cash_state="done", done_at=bindparam("at"))
)


@dataclass(frozen=True)
class StartedPayment:
    """Where the person pays, and the token of the payment that was started (a new one after a refusal)."""

    token: str
    url: str


@dataclass(frozen=True)
class _Payment:
    """A payment with its order, as they are at this moment."""

    id: int
    token: str
    provider: str
    state: str
    amount_cents: int
    currency: str
    order_id: int
    number: str
    member_id: int
    order_state: str
    pay_by_at: datetime


def start_payment(token: str, member_id: int, provider_name: str, now: datetime) -> StartedPayment:
    """Send the member to a provider.  A repeat starts the same payment again; a closed one is followed by a new one.

    Raises NotFound (also for another member's payment or an unknown provider), OrderMoved when nothing is left to pay,
    PaymentTimeOver, ProviderUnreachable.
    """
    provider = _provider(provider_name)
    with transaction():
        accounts.lock(member_id)
        payment = _find(token)
        if payment is None or payment.member_id != member_id:
            raise NotFound
        if payment.order_state != "placed":
            raise OrderMoved
        if payment.pay_by_at <= now:
            raise PaymentTimeOver
        started = _open_with(payment, provider.name, now)
    bill = Bill(
        token=started,
        order_number=payment.number,
        amount_cents=payment.amount_cents,
        currency=payment.currency,
        pay_by_at=payment.pay_by_at,
    )
    try:
        return StartedPayment(started, provider.start(bill))
    except OSError as error:
        raise ProviderUnreachable from error


def receive_notice(provider_name: str, body: bytes, headers: Mapping[str, str], now: datetime) -> Action:
    """A provider tells us something: verify it, record it, act on it.  Raises NotFound and NoticeRefused."""
    notice = _provider(provider_name).verify_notice(body, headers, now)
    return record_payment_notice(notice, now)


def record_payment_notice(notice: Notice, now: datetime) -> Action:
    """Do what a verified notice asks, once, whatever its repetition, order or delay (``rules/orders/payment_states``).

    Answers with what was done; a repeat answers as the first did.  Raises NotFound for a payment that is not ours.
    """
    with transaction() as session:
        seen = _find(notice.token)
        if seen is None:
            raise NotFound
        accounts.lock(seen.member_id)
        known: Action | None = session.scalar(
            KNOWN, {"provider": notice.provider, "notice_id": notice.notice_id}
        )
        if known is not None:
            return known
        payment = _find(notice.token) or seen  # again: somebody may have moved it before we had the lock
        action = decide_notice(
            payment.state, payment.order_state, notice.kind, matches=_matches(payment, notice)
        )
        _write_notice(payment.id, notice, action, now)
        _act(action, payment, notice, now)
        return action


def send_refund(refund_id: int, now: datetime) -> None:
    """Have the provider give cash back, with the refund's reference as its idempotency key.

    A repeat sends nothing.  Raises ProviderUnreachable; the outbox tries again later.  Its receipt is written in the
    one transaction here, after the provider has answered.
    """
    refund = db.session.execute(TO_SEND, {"refund_id": refund_id}).one_or_none()
    db.session.rollback()  # ends the reading: no database transaction waits for the provider
    if refund is None or refund.cents == 0 or refund.cash_state == "done":
        return
    cash_back = CashBack(
        token=refund.token, reference=refund.reference, amount_cents=refund.cents, currency=refund.currency
    )
    try:
        _provider(refund.provider).refund(cash_back)
    except OSError as error:
        raise ProviderUnreachable from error
    with transaction() as session:
        session.execute(SENT, {"sent_refund": refund_id, "at": now}, execution_options=QUIET)


def _provider(name: str) -> PaymentProvider:
    provider = providers().get(name)
    if provider is None:
        raise NotFound
    return provider


def _find(token: str) -> _Payment | None:
    row = db.session.execute(FIND, {"token": token}).one_or_none()
    return _Payment(**row._mapping) if row else None


def _open_with(payment: _Payment, provider_name: str, now: datetime) -> str:
    """The token of the order's waiting payment with this provider; a new one when there is none."""
    asked = {"order_id": payment.order_id, "provider": provider_name}
    if waiting := db.session.scalar(WAITING, asked):
        return waiting
    values = {"of_order": payment.order_id, "but_payment": 0, "at": now}
    db.session.execute(CLOSE_OTHERS, values, execution_options=QUIET)
    row = {
        "token": new_token(),
        "order_id": payment.order_id,
        "provider": provider_name,
        "amount_cents": payment.amount_cents,
        "currency": payment.currency,
        "created_at": now,
    }
    db.session.execute(insert(Payment).values(row))
    return str(row["token"])


def _matches(payment: _Payment, notice: Notice) -> bool:
    """Whether provider, amount, currency and order of a notice are those of our payment (invariant O4)."""
    ours = (payment.provider, payment.amount_cents, payment.currency, payment.number)
    return ours == (notice.provider, notice.amount_cents, notice.currency, notice.order_number)


def _write_notice(payment_id: int, notice: Notice, action: Action, now: datetime) -> None:
    row = {
        "provider": notice.provider,
        "notice_id": notice.notice_id,
        "payment_id": payment_id,
        "kind": notice.kind,
        "amount_cents": notice.amount_cents,
        "outcome": action,
        "received_at": now,
    }
    db.session.execute(insert(PaymentNotice).values(row))


def _act(action: Action, payment: _Payment, notice: Notice, now: datetime) -> None:
    """Move the payment, and with it the order or a refund.  ignore and reject change nothing."""
    if action not in PAYMENT_STATE_AFTER:
        return
    if action == "capture":
        others = {"of_order": payment.order_id, "but_payment": payment.id, "at": now}
        db.session.execute(CLOSE_OTHERS, others, execution_options=QUIET)
    _move_payment(action, payment, notice, now)
    if action == "capture":
        assert mark_paid(payment.order_id, occasion_at(now)), "a placed order under its lock can be paid"
    elif action == "refund_late":
        _refund_late(payment, now)


def _move_payment(action: Action, payment: _Payment, notice: Notice, now: datetime) -> None:
    values: dict[str, object] = {
        "capture": {"captured_at": now, "provider_reference": notice.reference},
        "close": {"closed_at": now},
        "refund_late": {"provider_reference": notice.reference, "refunded_cents": payment.amount_cents},
    }[action]  # type: ignore[assignment]
    moved = db.session.execute(
        update(Payment)
        .where(Payment.id == payment.id, Payment.state == payment.state)
        .values(state=PAYMENT_STATE_AFTER[action], **values),
        execution_options=QUIET,
    )
    assert moved.rowcount == 1, "a payment moves under its member's lock"  # type: ignore[attr-defined]


def _refund_late(payment: _Payment, now: datetime) -> None:
    """The money is real, but the order no longer waits for it: give it back, and never reopen the order."""
    row = {
        "order_id": payment.order_id,
        "payment_id": payment.id,
        "reference": f"late:{payment.token}",
        "points": 0,
        "cents": payment.amount_cents,
        "cash_state": "queued",
        "reason": "paid_late",
        "created_at": now,
    }
    refund_id = int(db.session.execute(insert(Refund).values(row).returning(Refund.id)).scalar_one())
    outbox.put("refund_made", f"refund_made:{refund_id}", now, {"refund_id": refund_id})
