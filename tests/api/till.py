"""A program with a key: it asks as a till would, and looks at answers as one would."""

import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shop.services.merchant.api_keys import KeyWish, create_key
from shop.web.api.scopes import SCOPES
from tests.factories import MONDAY

_keys = itertools.count(1)


@dataclass
class Till:
    """``post`` makes a new idempotency key each time, unless one is given; ``key=None`` sends none."""

    client: FlaskClient
    token: str
    key_id: int

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, *, key: str | None = "", **options: Any) -> TestResponse:
        return self.ask("POST", path, body, key=key, **options)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        raw: bytes | None = None,
    ) -> TestResponse:
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": "zh-CN", **(headers or {})}
        if key is not None:
            sent["Idempotency-Key"] = key or f"till-{next(_keys)}"
        content: dict[str, Any] = {}
        if raw is not None or body is not None:
            content = {
                "data": raw if raw is not None else json.dumps(body),
                "content_type": "application/json",
            }
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **content)


def make_till(
    client: FlaskClient,
    *scopes: str,
    store_id: int | None = None,
    points_per_month: int | None = None,
    now: datetime = MONDAY,
) -> Till:
    """A till with a new key for these scopes; for all of them when none is named."""
    wish = KeyWish(
        name="收银台", scopes=scopes or tuple(SCOPES), store_id=store_id, points_per_month=points_per_month
    )
    key = create_key(wish, staff_id=None, now=now)
    return Till(client, key.token, key.id)


def codes_of(answer: TestResponse) -> Sequence[tuple[str, str]]:
    """Path and code of each fault of a problem document."""
    return [(each["path"], each["code"]) for each in answer.json["errors"]]
