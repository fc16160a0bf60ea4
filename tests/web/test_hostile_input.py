"""Whatever a request contains: an answer below 500, and nothing moved that was not meant."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from shop.extensions import db
from tests.factories import make_member
from tests.walks import PageForm, read_page
from tests.web.every_address import Everything, make_everything

PLACES = [
    "-1",
    "0",
    "99999999999999999999",
    "%00",
    "%EF%BC%91",
    "..%2F..%2Fetc%2Fpasswd",
    "%E2%80%AE",
    "1e3",
    "x" * 3000,
]
TEXTS = [
    "", "-1", "0", "1000000000000", "9223372036854775808", "1e3", "NaN", "0x10", "１２", "1.5", "a\x00b", "\u202eabc",
    "👩‍🌾🌱", "' OR 1=1 --", "<script>alert(1)</script>", "{{ 7 * 7 }}", "../../etc/passwd", "\ud800",
]  # fmt: skip
ODD_PARAMETERS = ["", "-1", "9223372036854775808", "NaN", "１２", "a\x00b", "\u202eabc", "👩‍🌾🌱", "\ud800"]
NUMBERS_REFUSED = ["-1", "1000000000000", "9223372036854775808", "1e3", "NaN", "0x10", "１２", "1.5"]
ODD_VALUES = ("a\x00b", "１２", "-1", "\u202e")
ODD_AT_THE_DESK = ODD_VALUES[:2]  # of the many hundred fields of the back office
PARAMETERS = [
    "q", "sort", "after", "before", "category", "state", "kind", "month", "makeup", "version", "day", "counter", "sku",
    "qty", "points", "address_id", "store_id", "way", "item", "chosen", "code", "days", "tab", "staff", "area", "subject",
    "phone", "bill", "direction", "number", "tier", "next", "pieces_1", "shipping",
]  # fmt: skip
SHUT_TRIES = 6  # whatever a visitor sends to a members' address, the answer is the door
DOORS = ("auth.", "merchant_login.")  # these are tried by visitors
LAST = (
    "logout",
    "removal",
    "deletion",
    "state",
    "role",
    "ending",
    "cancellation",
    "closing",
    "password",
    "refund",
)
MOVED = text(
    "SELECT (SELECT sum(balance_points) FROM points_accounts), (SELECT sum(held_points) FROM points_accounts),"
    " (SELECT sum(debt_points) FROM points_accounts), (SELECT count(*) FROM points_entries),"
    " (SELECT sum(on_hand) FROM stock_levels), (SELECT sum(reserved) FROM stock_levels),"
    " (SELECT count(*) FROM orders), (SELECT count(*) FROM refunds), (SELECT count(*) FROM payments)"
)
COUNTED = re.compile(r"qty|points|units|below|pieces_\d+|agreed_points|.*-(points|cents|stock)|price_points")


@pytest.fixture
def everything(app, clock) -> Everything:
    return make_everything(app)


def moved() -> tuple[Any, ...]:
    db.session.rollback()
    return tuple(db.session.execute(MOVED).one())


def browser(everything: Everything, who: str) -> FlaskClient:
    if who == "visitor":
        return everything.app.test_client()
    return everything.member() if who == "member" else everything.owner()


def posts(everything: Everything, who: str, client: FlaskClient) -> list[tuple[str, str, PageForm | None]]:
    """Endpoint, address and form of everything that somebody can post to, what ends things last."""
    forms = everything.forms(client)
    found = []
    for rule in everything.rules("POST"):
        is_door = rule.endpoint.startswith(DOORS)
        is_mine = rule.rule.startswith("/merchant") is (who == "owner") and not is_door
        if is_mine or who == "visitor":
            found.append((rule.endpoint, *forms.get(rule.endpoint, (everything.address(rule), None))))
    return sorted(found, key=lambda each: each[1].endswith(LAST))


# Addresses


@pytest.mark.parametrize("who", ["visitor", "member", "owner"])
def test_odd_addresses_are_not_found(everything, who):
    client, wrong = browser(everything, who), []
    for rule in everything.rules("GET"):
        if not rule.arguments or (who == "owner") is not rule.rule.startswith("/merchant"):
            continue
        for name in rule.arguments:
            for odd in PLACES:
                answer = client.get(everything.address(rule, **{name: odd}))
                answer.close()
                if answer.status_code >= 500:
                    wrong.append((rule.rule, odd, answer.status))
    assert not wrong


@pytest.mark.parametrize("who", ["visitor", "member", "owner"])
def test_odd_parameters_are_answered(everything, who):
    client, wrong, before = browser(everything, who), [], moved()
    for rule in everything.rules("GET"):
        if (who == "owner") is not rule.rule.startswith("/merchant"):
            continue
        path = everything.address(rule)
        for odd in ODD_PARAMETERS:
            query = MultiDict((name, value) for name in PARAMETERS for value in (odd, odd, "1"))
            for answer in (
                client.get(path, query_string=_encoded(query)),
                client.fragment(path, query_string=_encoded(query)),  # type: ignore[attr-defined]
            ):
                answer.close()
                if answer.status_code >= 500:
                    wrong.append((rule.rule, odd, answer.status))
    assert not wrong
    assert moved() == before


def test_the_walk_knows_the_forms(everything):
    """A form that no page shows is tried with made-up fields only: there should be few of them."""
    unseen = {
        endpoint
        for who in ("visitor", "member", "owner")
        for endpoint, _address, form in posts(everything, who, browser(everything, who))
        if form is None and (who != "visitor" or endpoint.startswith(DOORS))
    }
    assert unseen == SHOWN_ELSEWHERE


def _encoded(query: MultiDict[str, str]) -> str:
    """As bytes would come: a lone surrogate is no text, a hostile client sends its bytes all the same."""
    return urlencode(list(query.items(multi=True)), errors="surrogatepass")


def test_every_page_exists(everything):
    """The walk over all addresses is worth something only when they lead to pages."""
    missing = []
    for who in ("member", "owner"):
        client = browser(everything, who)
        for rule in everything.rules("GET"):
            if (who == "owner") is rule.rule.startswith("/merchant") and rule.endpoint not in NO_PAGE:
                answer = client.get(everything.address(rule))
                answer.close()
                if answer.status_code != 200:
                    missing.append((rule.endpoint, everything.address(rule), answer.status))
    assert not missing


NO_PAGE = {  # they need more than an address, or lead on
    "media.show", "payments.state", "sandbox_pay.show", "static_file", "auth.login", "auth.login_code", "auth.register",
    "merchant_login.show", "health.ready", "merchant_setup.show", "merchant_purchases.new",
}  # fmt: skip


SHOWN_ELSEWHERE = {
    "payments.notice",  # comes from the provider
    "checkout.choose",  # htmx sends parts of the checkout's form there
    "checkout.send_code",  # stands in the checkout of an order of many points
    "merchant_draws.expect",  # and parts of the editor's there
    "auth.logout",  # no fields
    "merchant_login.log_out",
    "language.choose",  # stands at the door
}

# Forms


@pytest.mark.parametrize("who", ["visitor", "member"])
def test_odd_forms_move_nothing(everything, who):
    assert_odd_forms_move_nothing(everything, who)


@pytest.mark.only_on(
    "postgresql"
)  # its types are the strict ones; thousands of posts twice would tell nothing more
def test_odd_forms_of_the_back_office_move_nothing(everything):
    assert_odd_forms_move_nothing(everything, "owner")


def assert_odd_forms_move_nothing(everything: Everything, who: str) -> None:
    """Send each form everything odd.  A refusal changes nothing, and no answer is an error of ours."""
    client = browser(everything, who)
    wrong = []
    for endpoint, address, form in posts(everything, who, client):
        before = moved()
        is_shut = who == "visitor" and not endpoint.startswith(DOORS)
        odd_values = ODD_AT_THE_DESK if who == "owner" else ODD_VALUES
        for what, data in list(odd_bodies(form, odd_values))[: SHUT_TRIES if is_shut else None]:
            answer = client.post(address, **data)
            if answer.status_code >= 500:
                wrong.append((endpoint, what, answer.status))
            now = moved()
            if now != before and (answer.status_code >= 400 or "must not move" in what):
                wrong.append((endpoint, what, answer.status, before, now))
            if who != "visitor" and str(answer.location).endswith("/login"):
                wrong.append((endpoint, what, "logged out"))
            before = now
    assert not wrong, "\n".join(map(str, wrong))


def odd_bodies(form: PageForm | None, odd_values: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Bodies for one address: nothing, no form at all, everything odd at once, and one field odd at a time."""
    values = form.values if form else {}
    names = sorted(form.names - {"csrf_token"}) if form else []
    counted = [name for name in names if COUNTED.fullmatch(name)]
    yield "nothing", {"data": {}}
    yield "json: must not move", {"json": [1, {"qty": -1}]}
    yield (
        "broken multipart: must not move",
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    )
    yield (
        "no text: must not move",
        {"data": b"\xff\xfe=%zz&%00=%ff", "content_type": "application/x-www-form-urlencoded"},
    )
    for odd in TEXTS[::2]:
        everything_odd = dict.fromkeys(names or ["sku", "qty", "points", "code", "reason"], odd)
        yield f"all {odd!r}", _body({**everything_odd, "unknown": odd, "price_cents": "1"})
    for name in _one_of_each_kind(names):
        yield f"without {name}", _body({**values, name: []})
        yield f"{name} twice", _body({**values, name: [*values.get(name, ["1"]), "2"]})
        for odd in odd_values:
            must = ": must not move" if name in counted and odd in NUMBERS_REFUSED else ""
            yield f"{name}={odd!r}{must}", _body({**values, name: odd})
    for name in _one_of_each_kind(counted):
        for odd in NUMBERS_REFUSED:
            yield f"{name}={odd!r}: must not move", _body({**values, name: odd})
    for name in _one_of_each_kind(names)[:1]:
        yield f"{name} of a megabyte: must not move", _body({**values, name: "长" * 350_000})


def _body(values: dict[str, Any]) -> dict[str, Any]:
    """As a form is sent, with lone surrogates as their bytes."""
    return {"data": _encoded(MultiDict(values)), "content_type": "application/x-www-form-urlencoded"}


def _one_of_each_kind(names: list[str]) -> list[str]:
    """``prizes-0-title`` stands for the titles of all prizes."""
    kinds: dict[str, str] = {}
    for name in names:
        kinds.setdefault(re.sub(r"-\d+", "-0", name), name)
    return list(kinds.values())


# Others' things


def test_what_belongs_to_somebody_else_is_not_there(everything, as_member):
    stranger = as_member(make_member(points=500))
    mine = ("number", "token", "entry_id", "address_id", "message_id", "attempt_id", "coupon_code")
    forms = everything.forms(browser(everything, "member"))
    before, wrong = moved(), []
    for method in ("GET", "POST"):
        for rule in everything.rules(method):
            if rule.rule.startswith("/merchant") or not set(mine) & rule.arguments:
                continue
            path = everything.address(rule)
            _address, form = forms.get(rule.endpoint, ("", None))
            answer = stranger.open(
                path, method=method, data=form.values if form and method == "POST" else None
            )
            if answer.status_code != 404:
                wrong.append((method, path, answer.status))
    assert not wrong
    assert moved() == before


def test_somebody_elses_address_is_no_place_to_send_to(everything, as_member):
    stranger_id = make_member(points=5000)
    stranger = as_member(stranger_id)
    before = moved()
    page = stranger.get(
        f"/checkout?sku={everything.values['sku']}&address_id={everything.values['address_id']}"
    )
    assert "林小满" not in page.text.partition("<main")[2]

    form = next(form for form in read_page(page.text).forms if "digest" in form.names)
    stranger.post("/checkout", data={**form.values, "address_id": everything.values["address_id"]})

    assert moved() == before


def test_another_device_is_ended_by_its_owner_alone(everything, as_member):
    stranger = as_member(make_member())

    stranger.post(f"/member/settings/devices/{everything.values['login_id']}/ending")

    assert everything.member().get("/member").status_code == 200
