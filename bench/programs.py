"""What programs ask through the JSON interface, with a key in place of a cookie."""

import io
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select

from bench.measuring import Environ
from shop import clock
from shop.crypto import blind_index
from shop.demo.people import DEMO_PHONES
from shop.extensions import db
from shop.models import Member
from shop.services.merchant.api_keys import KeyWish, create_key
from shop.web.api.scopes import SCOPES

LINES = 5


class Program:
    """A till with a key for everything, and a member to whom it sells."""

    def __init__(self, app: Flask) -> None:
        wish = KeyWish(name="bench", scopes=tuple(SCOPES), store_id=None, points_per_month=None)
        with app.app_context():
            self.token = create_key(wish, staff_id=None, now=clock.now()).token
            phone = blind_index(DEMO_PHONES[2])
            self.member_id = db.session.scalars(select(Member.id).where(Member.phone_index == phone)).one()
        self._numbers = count(1)

    def environ(self, path: str, body: Mapping[str, Any] | None = None) -> Environ:
        """A request as gunicorn would hand it over; each with an idempotency key of its own."""
        content = b"" if body is None else json.dumps(body).encode()
        return {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_AUTHORIZATION": f"Bearer {self.token}",
            "HTTP_IDEMPOTENCY_KEY": f"bench-{next(self._numbers)}",
            "HTTP_ACCEPT_LANGUAGE": "zh-CN",
            "CONTENT_TYPE": "application/json" if content else "",
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(content),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }

    def purchase(self, turn: int) -> Environ:
        """A purchase of five lines."""
        lines = [
            {"sku": f"BENCH-{number}", "category": "drinks", "amount": 2000, "quantity": 1}
            for number in range(LINES)
        ]
        body = {
            "external_id": f"bench-{turn}-{next(self._numbers)}",
            "member": self.member_id,
            "at": clock.now().isoformat(),
            "lines": lines,
        }
        return self.environ("/api/v1/purchases", body)

    def points(self, _turn: int) -> Environ:
        """What a member has."""
        return self.environ(f"/api/v1/members/{self.member_id}/points")

    def ledger(self, _turn: int) -> Environ:
        """A page of the ledger."""
        return self.environ(f"/api/v1/members/{self.member_id}/ledger")
