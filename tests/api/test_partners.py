"""Points shared with a partner (E26): an own price, a budget a month, and a settlement that adds up from the ledger."""

from datetime import date

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import PointsEntry
from shop.queries.merchant.settlement import settlement_of
from shop.services.merchant.api_keys import KeyWish, create_key
from tests.api.till import Till, make_till
from tests.factories import MONDAY, make_member

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def partner(client, clock) -> Till:
    wish = KeyWish(
        name="隔壁面包店",
        scopes=("points:write", "redemptions:write"),
        store_id=None,
        points_per_month=10_000,
        cents_per_thousand=800,
    )
    key = create_key(wish, staff_id=None, now=MONDAY)
    return Till(client, key.token, key.id)


def give(till: Till, member_id: int, points: int) -> None:
    body = {"member": member_id, "points": points, "reason": "买面包"}
    assert till.post("/points/grants", body).status_code == 201


def redeem(till: Till, member_id: int, points: int) -> str:
    body = {"member": member_id, "points": points, "amount": 12690, "receipt": "B-1"}
    number = str(till.post("/redemptions", body).json["id"])
    till.post(f"/redemptions/{number}/capture")
    return number


def test_a_month_is_settled(partner, client):
    member_id = make_member()
    give(partner, member_id, 5000)
    partner.post("/points/deductions", {"member": member_id, "points": 1000, "reason": "退面包"})
    number = redeem(partner, member_id, 500)
    partner.post(f"/redemptions/{number}/refunds", {"refund_id": "R1", "points": 200})
    give(make_till(client), member_id, 7000)  # another program's points are not the partner's

    settled = settlement_of(partner.key_id, MARCH)

    assert (settled.given_points, settled.taken_back_points, settled.redeemed_points) == (5000, 1000, 300)
    assert (settled.partner_owes_cents, settled.redeemed_cents, settled.net_cents) == (3200, 300, 2900)


def test_each_month_stands_for_itself(partner, clock):
    member_id = make_member()
    give(partner, member_id, 1000)
    clock.move(days=31)
    redeem(partner, member_id, 900)

    march, april = (settlement_of(partner.key_id, first) for first in (MARCH, APRIL))

    assert (march.given_points, march.redeemed_points, march.net_cents) == (1000, 0, 800)
    assert (april.given_points, april.redeemed_points, april.net_cents) == (0, 900, -900)


def test_a_partner_s_points_stand_against_the_partner_s_account(partner, client):
    member_id = make_member()
    give(partner, member_id, 100)
    give(make_till(client), member_id, 100)

    accounts = db.session.scalars(select(PointsEntry.program_account).order_by(PointsEntry.id))

    assert list(accounts) == ["partner", "issued"]


def test_the_owner_reads_the_settlement(partner, as_staff):
    member_id = make_member()
    give(partner, member_id, 5000)
    owner = as_staff("owner")

    page = owner.get(f"/merchant/developers/keys/{partner.key_id}")
    before = owner.get(f"/merchant/developers/keys/{partner.key_id}?month=2026-02")

    assert "¥40.00" in page.text
    assert "¥40.00" not in before.text
    assert owner.get("/merchant/developers/keys/99").status_code == 404
    assert owner.get(f"/merchant/developers/keys/{partner.key_id}?month=9999-99").status_code == 200
