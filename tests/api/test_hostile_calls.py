"""Whatever a program sends: an answer below 500, a problem document, and nothing moved that was not meant."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

import shop.blueprints.api  # noqa: F401 -- declares the calls
from shop.web.api.calls import CALLS, Call
from shop.web.api.docs import example_body
from shop.web.api.openapi import PLACE
from tests.api.till import Till, make_till
from tests.factories import make_member, make_product
from tests.web.test_hostile_input import PARAMETERS, PLACES, moved

ODD = [
    None, True, -1, 1.5, 2**63, 10**400, "", "１２", "a\x00b", "\ud800", [], {}, "x" * 10_000,
]  # fmt: skip


@pytest.fixture
def till(client, clock) -> Till:
    make_product()
    make_member(points=50_000)
    return make_till(client)


def known_body(call: Call) -> dict[str, Any]:
    """The example's body with a member who exists."""
    if call.body is None:
        return {}
    text = example_body(call).replace("$MEMBER", "1").replace("$POINTS", "1").replace("$AMOUNT", "1")
    return dict(json.loads(text.replace("$NOW", "2026-03-02T04:00:00Z")))


def bodies(call: Call) -> Iterator[Any]:
    """Everything odd at once, and one field odd at a time."""
    known = known_body(call)
    yield from ({}, {"unknown": 1}, dict.fromkeys(known or ["a"], None))
    for name in known:
        yield {**{key: value for key, value in known.items() if key != name}}
        for odd in ODD:
            if odd != known[name]:
                yield {**known, name: odd}


def address(call: Call, place: str) -> str:
    return PLACE.sub(place, call.path)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_odd_calls_are_answered(till, call):
    wrong = []
    for odd in PLACES:
        answer = till.ask(call.method, address(call, odd), {} if call.takes_body else None, key="")
        wrong += [(odd, answer.status)] if answer.status_code >= 500 else []
    for name in PARAMETERS:
        answer = till.ask(call.method, f"{address(call, '1')}?{name}=%00&{name}=-1", key="")
        wrong += [(name, answer.status)] if answer.status_code >= 500 else []

    assert not wrong


@pytest.mark.parametrize("call", [call for call in CALLS if call.takes_body], ids=lambda call: call.name)
def test_odd_bodies_move_nothing(till, call):
    wrong = []
    for body in bodies(call):
        before = moved()
        answer = till.ask(call.method, address(call, "1"), body, key="")
        if answer.status_code >= 500 or (answer.status_code >= 400 and moved() != before):
            wrong.append((str(body)[:200], answer.status, answer.text[:200]))
        if answer.status_code >= 400 and answer.mimetype != "application/problem+json":
            wrong.append((str(body)[:200], answer.mimetype, ""))

    assert not wrong
