"""Errors for programs: RFC 9457 problem documents with a stable code, a sentence, and every fault with its path."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from shop.errors import Busy, NotFound, ShopError, TooManyRequests
from shop.rules.faults import Fault
from shop.web.api.calls import PREFIX
from shop.web.api.writing import to_json
from shop.web.rulebook_words.faults import sentence_of

CODES: Mapping[int, str] = {
    400: "malformed_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "not_json",
}
RETRY_AFTER_SECONDS = "5"


def problem_of(error: ShopError) -> Response:
    """A refusal: its own code and sentence, its numbers, and its faults if it has any."""
    numbers = {name: value for name, value in vars(error).items() if isinstance(value, int | str)}
    faults = [each for each in vars(error).get("faults", ()) if isinstance(each, Fault)]
    answer = problem(
        error.status, error.code, str(error), params=numbers, errors=errors_of(faults) if faults else None
    )
    if error.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="shifen"'
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    elif isinstance(error, Busy):
        answer.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return answer


def problem_of_http(error: HTTPException) -> Response:
    """No such address, another method, too large, not JSON."""
    status = error.code or 500
    code = CODES.get(status, CODES[400] if status < 500 else "internal_error")
    answer = problem(status, code, _sentence(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def problem_of_bug(incident: str) -> Response:
    """A mistake of ours: the log has the record under this number."""
    return problem(500, "internal_error", _sentence(500), params={"incident": incident})


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    params: Mapping[str, Any] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    """A problem document."""
    document: dict[str, Any] = {
        "type": f"{PREFIX}/docs#problem-{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "instance": request.path,
        "code": code,
    }
    if params:
        document["params"] = params
    if errors is not None:
        document["errors"] = errors
    answer = Response(to_json(document), status, content_type="application/problem+json")
    answer.headers["Cache-Control"] = "no-store"
    answer.vary.add("Accept-Language")
    return answer


def errors_of(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """Each fault with its path, its code, and what to do about it in words."""
    return [{"path": each.path, "code": each.code, "message": sentence_of(each)} for each in faults]


def _sentence(status: int) -> str:
    if status == HTTPStatus.NOT_FOUND:
        return str(NotFound())
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return _("这个地址不支持这种请求方法。")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _("请求正文太大了，最多 256 KB。")
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        return _("请求正文要是 JSON，并带上 Content-Type: application/json。")
    if status >= 500:
        return _("我们这边出了错，什么都没有改动。可以带同一个 Idempotency-Key 再试。")
    return _("这个请求读不懂。")
