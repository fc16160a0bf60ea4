"""The audit trail: what was written is what the chain proves."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from shop.books import audit
from shop.transaction import transaction

NOON = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize("moment", [NOON, NOON.astimezone(UTC)])
def test_a_moment_told_in_any_zone_keeps_the_chain_whole(app: Flask, moment: datetime) -> None:
    with transaction():
        audit.record(
            staff_id=None, action="order.ship", subject="order:1", now=moment, after={"state": "shipped"}
        )

    assert audit.first_broken() == (1, None)
