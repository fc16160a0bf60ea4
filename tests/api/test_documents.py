"""The OpenAPI document and the docs page tell the truth: real answers fit the schema, and every example works."""

import json
from typing import Any

import pytest
from flask import Flask

from shop.extensions import db
from shop.models import Order, Product
from shop.queries.points.rulebook import document_of
from shop.web.api.calls import CALLS
from shop.web.api.openapi import openapi_document, template_of
from tests.api.examples import Shell, examples_of
from tests.api.schemas import mistakes
from tests.api.till import Till, make_till
from tests.factories import AT_ONCE, MONDAY, ensure_rulebook, make_member, make_product
from tests.services.orders.stories import buy, sku_of


def pasted(app: Flask, till: Till) -> dict[str, Any]:
    """The answers to every example of the page, by the name of the call, in a shop where they can work."""
    ensure_rulebook()
    product_id, variant_id = make_product(points=680)
    _voucher, voucher_id = make_product(title="到店券", kind="voucher", points=100)
    ticket = buy(make_member(points=100), voucher_id, way="none", key="a-key-that-is-a-voucher")
    variables = {
        "SHOP": app.config["SHOP_URL"],
        "KEY": till.token,
        "NOW": MONDAY.isoformat(),
        "SKU": sku_of(variant_id),
        "POINTS": "680",
        "AMOUNT": "0",
        "SLUG": db.session.get_one(Product, product_id).slug,
        "CODE": str(db.session.get_one(Order, ticket.order_id).pickup_code),
        "RULEBOOK": json.dumps(document_of(AT_ONCE)),
    }
    shell, answers = Shell(app.test_client(), variables), {}
    calls = {call.name: call for call in CALLS}
    for name, command in examples_of(app.test_client().get("/api/v1/docs").text):
        if name == "void_redemption":
            again = shell.run(commands(app)["hold_redemption"])
            shell.variables["REDEMPTION_TO_VOID"] = again.json["id"]
        answers[name] = shell.run(command)
        for variable, field in calls[name].gives.items():
            if answers[name].status_code < 300:
                shell.variables[variable] = str(answers[name].json[field])
    return answers


def commands(app: Flask) -> dict[str, str]:
    return dict(examples_of(app.test_client().get("/api/v1/docs").text))


@pytest.fixture
def answers(app, client, clock) -> dict[str, Any]:
    return pasted(app, make_till(client))


def test_every_example_of_the_docs_page_works(answers):
    wrong = [
        (call.name, answers[call.name].status_code, answers[call.name].text)
        for call in CALLS
        if answers[call.name].status_code != call.status
    ]

    assert not wrong
    assert len(answers) == len(CALLS)


def test_real_answers_are_what_the_document_says(app, answers):
    document = openapi_document(app.config["SHOP_URL"])
    wrong = []
    for call in CALLS:
        operation = document["paths"][template_of(call)][call.method.lower()]
        schema = operation["responses"][str(call.status)]["content"]["application/json"]["schema"]
        wrong += [f"{call.name} {each}" for each in mistakes(answers[call.name].json, schema, document)]

    assert not wrong


def test_problems_are_what_the_document_says(app, client, clock):
    till = make_till(client)
    document = openapi_document("")
    problems = [
        client.get("/api/v1/products"),
        till.get("/members/99"),
        till.post("/points/grants", {"member": 1, "points": 0}),
        till.ask("DELETE", "/members"),
        till.post("/points/grants", raw=b"["),
    ]

    wrong = [
        each
        for answer in problems
        for each in mistakes(answer.json, document["components"]["schemas"]["Problem"], document)
    ]

    assert not wrong
    assert {answer.mimetype for answer in problems} == {"application/problem+json"}
    assert [answer.status_code for answer in problems] == [answer.json["status"] for answer in problems]


def test_every_route_is_in_the_document(app):
    document = openapi_document("")
    told = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    real = {
        (method, template_of_rule(rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in ("api.docs", "api.openapi")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert told == real


def template_of_rule(rule: str) -> str:
    return rule.removeprefix("/api/v1").replace("<int:", "<").replace("<", "{").replace(">", "}")


def test_the_document_is_whole(client):
    document = client.get("/api/v1/openapi.json").json
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    references = set(_references(document))

    assert document["openapi"] == "3.1.0"
    assert len(names) == len(set(names)) == len(CALLS)
    assert all(reference.startswith("#/components/") for reference in references)
    for reference in references:
        _kind, name = reference.removeprefix("#/components/").split("/")
        assert name in document["components"][_kind]


def _references(part: Any) -> Any:
    if isinstance(part, dict):
        for name, inner in part.items():
            yield from [inner] if name == "$ref" else _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_the_docs_page_is_open_and_speaks_the_reader_s_language(client, language):
    answer = client.get("/api/v1/docs", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert "curl" in answer.text
    assert all(f'id="{call.name}"' in answer.text for call in CALLS)


def test_a_refusal_leads_to_its_place_on_the_docs_page(client, clock):
    page = client.get("/api/v1/docs").text
    problems = {error.code for call in CALLS for error in call.problems}

    assert all(f'id="problem-{code}"' in page for code in problems)
    assert client.get("/api/v1/products").json["type"] == "/api/v1/docs#problem-api_key_missing"
