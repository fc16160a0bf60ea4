"""The back office: stores that open and close."""

import pytest
from sqlalchemy import select

from shop.extensions import db
from shop.models import Store
from tests.factories import make_rulebook


@pytest.fixture
def editor(as_staff):
    make_rulebook()
    return as_staff("editor")


def test_stores_open_and_close(editor):
    values = {"name": "小河路店", "address": "小河路 12 号", "is_open": "y"}
    editor.post("/merchant/stores", data=values)
    store = db.session.scalars(select(Store)).one()
    assert store.is_open
    store_id = store.id

    editor.post(f"/merchant/stores/{store_id}", data={**values, "is_open": ""})
    db.session.rollback()

    assert editor.get(f"/merchant/stores/{store_id}").status_code == 200
    assert editor.get("/merchant/stores/99").status_code == 404
    assert editor.post("/merchant/stores", data={"name": "", "address": "\0"}).status_code == 422
