"""Who may call: a key and nothing else, for what it was made for, until it is revoked."""

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import ApiKey, AuditEntry
from shop.services.merchant.api_keys import revoke_key
from tests.api.till import Till, make_till
from tests.factories import make_member, make_staff, make_store


def test_without_a_key_nobody_comes_in(client, clock):
    answer = client.get("/api/v1/products")

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "api_key_missing"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("token", ["sk_wrong", "", " ", "密钥", "x" * 5000])
def test_a_wrong_key_opens_nothing(client, clock, token):
    answer = Till(client, token.encode().decode("latin-1"), 0).get("/products")

    assert answer.status_code == 401


def test_a_session_of_a_member_or_of_staff_is_no_key(as_member, as_staff, clock):
    member_id = make_member()

    answers = [browser.get(f"/api/v1/members/{member_id}") for browser in (as_member(member_id), as_staff())]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_key_does_what_it_was_made_for_and_nothing_else(client, clock):
    till = make_till(client, "catalogue:read")

    refused = till.post("/points/grants", {"member": 1, "points": 5, "reason": "x"})

    assert till.get("/products").status_code == 200
    assert refused.status_code == 403
    assert refused.json["code"] == "scope_missing"
    assert "points:write" in refused.json["detail"]


def test_a_revoked_key_opens_nothing_any_more(client, clock):
    till, staff_id = make_till(client), make_staff()
    assert till.get("/products").status_code == 200

    revoke_key(till.key_id, staff_id=staff_id, now=clock.now)
    revoke_key(till.key_id, staff_id=staff_id, now=clock.now)

    assert till.get("/products").status_code == 401
    deeds = db.session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject == f"api_key:{till.key_id}")
        .order_by(AuditEntry.id)
    )
    assert list(deeds) == ["api_key.create", "api_key.revoke"]


def test_the_last_use_is_written_down_now_and_then(client, clock):
    till = make_till(client)
    first = clock.now
    till.get("/products")
    clock.move(minutes=5)
    till.get("/products")
    assert db.session.get_one(ApiKey, till.key_id).last_used_at == first
    db.session.rollback()

    later = clock.move(minutes=6)
    till.get("/products")

    assert db.session.get_one(ApiKey, till.key_id).last_used_at == later


def test_too_many_calls_are_told_to_wait(app, client, clock):
    app.config["API_CALLS_PER_MINUTE"] = 3
    till, other = make_till(client), make_till(client)

    answers = [till.get("/products") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert other.get("/products").status_code == 200
    clock.move(minutes=1)
    assert till.get("/products").status_code == 200


def test_guessing_keys_is_slowed_down(client, clock):
    answers = [Till(client, f"sk_guess-{number}", 0).get("/products") for number in range(31)]

    assert [answer.status_code for answer in answers] == [401] * 30 + [429]


# The owner's page


def test_an_owner_makes_a_key_that_is_shown_once(as_staff, client, clock):
    owner, store_id = as_staff("owner"), make_store()
    form = {"name": "小河路店收银台", "scopes": ["members:read", "points:read"], "store_id": store_id}

    made = owner.post("/merchant/developers/keys", data=form)

    token = made.text.partition('id="api-key" value="')[2].partition('"')[0]
    assert made.status_code == 201
    assert Till(client, token, 0).get(f"/members/{make_member()}").status_code == 200
    page = owner.get("/merchant/developers").text
    assert token not in page
    assert "小河路店收银台" in page
    assert token[-4:] in page
    assert db.session.scalar(select(ApiKey.token_hash)) != token


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "scopes": ["members:read"]},
        {"name": "收银台"},
        {"name": "收银台", "scopes": ["everything"]},
        {"name": "收银台", "scopes": ["members:read"], "store_id": "99"},
        {"name": "收银台", "scopes": ["members:read"], "points_per_month": "1e3"},
    ],
)
def test_a_key_that_makes_no_sense_is_refused(as_staff, form):
    answer = as_staff("owner").post("/merchant/developers/keys", data=form)

    assert answer.status_code == 422
    assert db.session.scalar(select(func.count(ApiKey.id))) == 0


def test_revoking_on_the_page_ends_the_key(as_staff, client, clock):
    till = make_till(client)

    as_staff("owner").post(f"/merchant/developers/keys/{till.key_id}/revocation")

    assert till.get("/products").status_code == 401


@pytest.mark.parametrize("role", ["editor", "cashier", "support"])
def test_only_owners_have_to_do_with_keys(as_staff, role):
    assert as_staff(role).get("/merchant/developers").status_code == 403
