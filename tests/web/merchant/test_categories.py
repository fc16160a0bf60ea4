"""The back office of the catalogue: categories on two levels."""

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Category
from tests.factories import make_rulebook


@pytest.fixture
def editor(as_staff):
    make_rulebook()
    return as_staff("editor")


def test_categories_have_two_levels(editor):
    editor.post("/merchant/categories", data={"name": "吃喝", "slug": "food", "position": "1"})
    food = db.session.scalars(select(Category)).one().id
    editor.post("/merchant/categories", data={"name": "茶", "parent": str(food)})
    tea = db.session.scalars(select(Category.id).where(Category.name == "茶")).one()

    third = editor.post("/merchant/categories", data={"name": "白茶", "parent": str(tea)})
    under_itself = editor.post(f"/merchant/categories/{food}", data={"name": "吃喝", "parent": str(food)})
    taken = editor.post("/merchant/categories", data={"name": "别的", "slug": "food"})
    kept = editor.post(f"/merchant/categories/{food}/removal")

    assert (third.status_code, under_itself.status_code, taken.status_code) == (422, 422, 409)
    assert kept.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Category)) == 2
    editor.post(f"/merchant/categories/{tea}/removal")
    editor.post(f"/merchant/categories/{food}/removal")
    assert not db.session.scalar(select(func.count()).select_from(Category))


@pytest.mark.parametrize("field", ["name", "slug", "parent", "position"])
@pytest.mark.parametrize("value", ["\0", "x" * 9000, "-1", "😀 " * 90])
def test_strange_categories_are_refused(editor, field, value):
    values = {"name": "吃喝", field: value}

    assert editor.post("/merchant/categories", data=values).status_code in (422, 303)
