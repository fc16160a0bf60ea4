"""Refunds reach the provider once, also when it does not answer at first."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from shop.adapters.payments import Bill, CashBack, Notice
from shop.errors import NoticeRefused, ProviderUnreachable
from shop.extensions import db
from shop.jobs.schedule import tell_what_happened
from shop.models import Order, OutboxEvent, Refund
from shop.queries.orders.quote import Ask
from shop.services.orders.checkout import place_order
from shop.services.orders.payments import record_payment_notice, start_payment
from shop.services.orders.unpaid import end_unpaid_orders
from tests.factories import MONDAY, make_member, make_product
from tests.orders import address_for, sku_of, wish_for

LATER = MONDAY + timedelta(hours=1)


class LameProvider:
    """A provider that can be away."""

    name = "lame"

    def __init__(self) -> None:
        self.is_away = True
        self.refunded: list[CashBack] = []

    def start(self, bill: Bill) -> str:
        self._answer()
        return f"https://lame.test/{bill.token}"

    def verify_notice(self, body: bytes, headers: Mapping[str, str], now: datetime) -> Notice:
        raise NoticeRefused

    def refund(self, cash_back: CashBack) -> None:
        self._answer()
        self.refunded.append(cash_back)

    def _answer(self) -> None:
        if self.is_away:
            raise ConnectionRefusedError


@pytest.fixture
def provider(app, monkeypatch):
    provider = LameProvider()
    monkeypatch.setitem(app.extensions, "payment_providers", {provider.name: provider})
    return provider


@pytest.fixture
def placed(provider):
    member_id = make_member()
    address_for(member_id)
    _, variant_id = make_product(points=0, cents=12900)
    return place_order(
        member_id, wish_for(member_id, Ask(sku=sku_of(variant_id), way="shipping")), "k" * 20, MONDAY
    )


def paid(placed) -> Notice:
    return Notice(
        provider="lame",
        notice_id="1",
        kind="paid",
        token=placed.payment_token,
        order_number=placed.number,
        amount_cents=12900,
        currency="CNY",
        reference="L1",
    )


def test_a_refund_is_sent_when_the_provider_answers_again_and_then_never_more(provider, placed):
    end_unpaid_orders(LATER)
    record_payment_notice(paid(placed), LATER)

    tell_what_happened(LATER)
    assert refund_state() == "queued"

    provider.is_away = False
    for minutes in (10, 20, 30):
        tell_what_happened(LATER + timedelta(minutes=minutes))

    assert refund_state() == "done"
    assert [each.amount_cents for each in provider.refunded] == [12900]
    events = db.session.scalars(select(OutboxEvent.state).where(OutboxEvent.kind == "refund_made")).all()
    assert events == ["done"]


def test_a_provider_that_is_away_charges_nobody_and_can_be_tried_again(provider, placed):
    member_id = db.session.scalars(select(Order.member_id)).one()

    with pytest.raises(ProviderUnreachable):
        start_payment(placed.payment_token, member_id, "lame", MONDAY)
    provider.is_away = False

    assert start_payment(placed.payment_token, member_id, "lame", MONDAY).token == placed.payment_token


def refund_state() -> str:
    db.session.rollback()
    return db.session.scalars(select(Refund.cash_state)).one()
