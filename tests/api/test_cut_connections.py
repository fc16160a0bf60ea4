"""A till whose line is cut sends again: on a real server, whether the first request got through or not."""

import json
import socket
from urllib.parse import urlsplit

import pytest

from tests.api.till import make_till
from tests.factories import make_member


def request_bytes(token: str, body: bytes, key: str) -> bytes:
    head = (
        "POST /api/v1/points/grants HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n"
        f"Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def send(address: tuple[str, int], content: bytes, *, reads: bool) -> bytes:
    """Send a request; without reading, the line is cut the moment after."""
    with socket.create_connection(address, timeout=30) as line:
        line.sendall(content)
        answer = b""
        while reads and (part := line.recv(65536)):
            answer += part
    return answer


@pytest.mark.server
def test_a_till_that_was_cut_off_gets_one_effect_and_one_answer(live_server, client):
    till, member_id = make_till(client), make_member()
    parts = urlsplit(live_server.url)
    address = (str(parts.hostname), int(parts.port or 80))
    body = json.dumps({"member": member_id, "points": 200, "reason": "断线"}).encode()
    content = request_bytes(till.token, body, "cut-off")

    for length in (10, len(content) - 5, len(content), len(content)):
        send(address, content[:length], reads=False)
    answers = [send(address, content, reads=True) for _ in range(2)]

    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert bodies[0] == bodies[1]
    assert json.loads(bodies[0])["points"] == 200
    assert b"Idempotency-Replayed: true" in answers[1]
    assert len(till.get(f"/members/{member_id}/ledger").json["entries"]) == 1
