"""What happens around every call: who asks, whether they may, what was sent, and the answer, once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, request

from shop.clock import now
from shop.errors import (
    ApiKeyMissing,
    ApiKeyUnknown,
    IdempotencyKeyMalformed,
    IdempotencyKeyMissing,
    KeyReused,
    ScopeMissing,
)
from shop.extensions import csrf
from shop.queries.merchant.api_keys import CallingKey, key_of_token
from shop.services.merchant.api_keys import mark_key_used
from shop.services.merchant.api_requests import Answer, Asked, answer_once, answer_unkept
from shop.web.api.calls import PREFIX, Call, declare
from shop.web.api.pace import count_call, count_wrong_key
from shop.web.api.reading import BODY_BYTES_MAX, body_document, hash_of_request, read_body, read_query
from shop.web.api.writing import to_json

IDEMPOTENCY_KEY_LENGTH_MAX = 100
TOKEN_LENGTH_MAX = 200
SEEN_EVERY = timedelta(minutes=10)
BEARER = "Bearer "

bp = Blueprint("api", __name__, url_prefix=PREFIX)


@dataclass(frozen=True)
class Caller:
    """Who asks, when, and under which idempotency key ("" for none)."""

    key: CallingKey
    now: datetime
    idempotency_key: str


@dataclass(frozen=True)
class Reply:
    """What a call answers: a frozen dataclass or a JSON object, and where a new thing stands.

    ``is_repeat``: the thing was known by its own name, and this is its first answer.
    """

    content: Any
    location: str | None = None
    is_repeat: bool = False


View = Callable[..., Reply]


def call(declared: Call) -> Callable[[View], View]:
    """Serve a declared call by a function of ``caller``, the parts of the path, and ``body`` or ``query`` if it has one."""
    declare(declared)

    def decorate(view: View) -> View:
        def answer(**places: Any) -> Response:
            return _answer(declared, view, places)

        answer.__name__, answer.__module__ = declared.name, view.__module__
        answer.__doc__ = view.__doc__
        csrf.exempt(answer)  # no cookie authorizes a call, so no other site can send one for somebody
        bp.add_url_rule(declared.path, endpoint=declared.name, view_func=answer, methods=[declared.method])
        return view

    return decorate


def _answer(declared: Call, view: View, places: Mapping[str, Any]) -> Response:
    request.max_content_length = BODY_BYTES_MAX
    caller = _caller(declared, now())
    document = body_document() if declared.takes_body else {}
    asked = Asked(caller.key.id, caller.idempotency_key, hash_of_request(document))
    if first := _first_answer(caller.key, asked):
        return _response(first)
    given = dict(places)
    if declared.takes_body:
        given["body"] = read_body(declared.body, document) if declared.body else document
    if declared.query:
        given["query"] = read_query(declared.query)

    def make() -> Answer:
        reply = view(caller, **given)
        return Answer(declared.status, to_json(reply.content), reply.location, reply.is_repeat)

    return _response(answer_once(asked, make, caller.now) if asked.key else answer_unkept(make))


def _caller(declared: Call, moment: datetime) -> Caller:
    """Authenticate by the key alone: sessions of members and staff never count here."""
    token = _token()
    idempotency_key = _idempotency_key(declared)
    key = key_of_token(token, idempotency_key)
    if key is None:
        count_wrong_key(request.remote_addr or "unknown", moment)
        raise ApiKeyUnknown
    count_call(key.id, moment)
    if declared.scope and declared.scope not in key.scopes:
        raise ScopeMissing(declared.scope)
    if declared.repeats == "key" and not idempotency_key:
        raise IdempotencyKeyMissing
    if key.last_used_at is None or moment - key.last_used_at > SEEN_EVERY:
        mark_key_used(key.id, moment)
    return Caller(key, moment, idempotency_key)


def _token() -> str:
    header = request.headers.get("Authorization", "")
    if not header.startswith(BEARER):
        raise ApiKeyMissing
    token = header.removeprefix(BEARER).strip()
    if not token or len(token) > TOKEN_LENGTH_MAX or not token.isascii():
        raise ApiKeyUnknown
    return token


def _idempotency_key(declared: Call) -> str:
    """The key of the request; a call that changes nothing needs none, and one that was sent means nothing."""
    if declared.repeats == "read" or "Idempotency-Key" not in request.headers:
        return ""
    key = request.headers["Idempotency-Key"]
    visible = key.isascii() and key.isprintable() and " " not in key
    if not 1 <= len(key) <= IDEMPOTENCY_KEY_LENGTH_MAX or not visible:
        raise IdempotencyKeyMalformed
    return key


def _first_answer(key: CallingKey, asked: Asked) -> Answer | None:
    """What was answered before, read along with the key."""
    earlier = key.earlier
    if earlier is None:
        return None
    if earlier.request_hash != asked.request_hash:
        raise KeyReused
    return Answer(earlier.status, earlier.body, earlier.location, is_repeat=True)


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    if answer.location:
        response.headers["Location"] = answer.location
    if answer.is_repeat:
        response.headers["Idempotency-Replayed"] = "true"
    return response
