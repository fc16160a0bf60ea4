"""Members at real browsers on the other side of a real socket: they try again until the shop has answered."""

import http.client
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

TRIES_MAX = 200
SECONDS_PER_TRY = 15
WAIT_SECONDS = 0.1


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, and the page."""

    status: int
    location: str
    text: str


class _StayHere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: object) -> None:
        return None


class Shopper:
    """One member's browser.  A request without an answer is sent again, unchanged, as a person taps again."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar()), _StayHere()
        )
        self.unanswered = 0

    def log_in(self, phone: str, password: str) -> None:
        """Log in by the real form."""
        answer = self.post("/login", phone=phone, password=password, csrf_token=self.token_on("/login"))
        assert answer.status == 303, answer.text

    def token_on(self, path: str) -> str:
        """The token of the first form of a page."""
        return self.field_on(path, "csrf_token")

    def field_on(self, path: str, name: str) -> str:
        """What stands in a hidden field of a page."""
        text = self.get(path).text
        found = re.search(rf'name="{name}"[^>]*value="([^"]+)"', text)
        assert found, f"no {name} on {path}:\n{text[:2000]}"
        return found[1]

    def get(self, path: str) -> Answer:
        return self._send(urllib.request.Request(self._url + path))

    def post(self, path: str, **fields: object) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        return self._send(urllib.request.Request(self._url + path, data=body, method="POST"))

    def _send(self, request: urllib.request.Request) -> Answer:
        for _ in range(TRIES_MAX):
            try:
                with self._opener.open(request, timeout=SECONDS_PER_TRY) as answer:
                    return Answer(answer.status, "", answer.read().decode())
            except urllib.error.HTTPError as refusal:
                with refusal:
                    if refusal.code < 500:
                        location = refusal.headers.get("Location") or ""
                        return Answer(refusal.code, location, refusal.read().decode())
            except (OSError, http.client.HTTPException):
                self.unanswered += 1
            threading.Event().wait(WAIT_SECONDS)
        raise AssertionError(f"no answer from {request.full_url}")
