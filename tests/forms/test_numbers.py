"""Numbers as people type them: read exactly or refused, with the sentence that says what to write."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form

from shop.forms.numbers import MultiplierField, QuantityField, WholeField, YuanField


class Numbers(Form):
    points = WholeField("积分", low=0, high=1000, message="写 0 到 1000 的整数。")
    limit = WholeField("每人最多", optional=True)
    position = WholeField("排在第几", default=7)
    price = YuanField("现金", high=999_999_999)
    factor = MultiplierField("倍数", optional=True)
    pieces = QuantityField(default=1)


VALID = {"points": "680", "price": "19.90"}


def filled(*sent: tuple[str, str], **typed: str) -> Numbers:
    return Numbers(MultiDict([*(VALID | typed).items(), *sent]))


@pytest.fixture(autouse=True)
def words(app):
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("name", "typed", "read"),
    [
        ("points", " 680 ", 680), ("points", "0", 0), ("limit", "", None), ("limit", "3", 3),
        ("position", "", 7), ("position", "0", 0), ("pieces", "", 1), ("pieces", "12", 12),
        ("price", "19.9", 1990), ("price", "¥19.90", 1990), ("price", "1,234.50", 123450), ("price", "5", 500),
        ("factor", "1.25", 1250),
    ],
)  # fmt: skip
def test_number_is_read(name, typed, read):
    form = filled(**{name: typed})

    assert form.validate(), form.errors
    assert form[name].data == read


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("points", ""), ("points", "1001"), ("points", "-1"), ("points", "+5"), ("points", "1e2"), ("points", "1.5"),
        ("points", "６８０"), ("points", "9" * 13), ("price", ""), ("price", "19.905"), ("price", "19,90"),
        ("price", "10000000"), ("price", "NaN"), ("factor", "1.2345"), ("pieces", " 1"), ("pieces", "0"),
        ("limit", "5" + " " * 40 + "x"),
    ],
)  # fmt: skip
def test_number_is_refused_and_stands_as_it_was_typed(name, typed):
    form = filled(**{name: typed})

    assert not form.validate()
    assert form[name].data is None
    assert form[name]._value() == typed[:40]


def test_number_sent_twice_is_refused():
    form = filled(("points", "5"))

    assert not form.validate()
    assert form.points.errors == ["写 0 到 1000 的整数。"]


def test_cleared_number_is_cleared_though_one_is_stored():
    form = Numbers(MultiDict(VALID | {"limit": ""}), data={"limit": 3})

    assert form.validate()
    assert form.limit.data is None


def test_stored_number_is_written_as_people_write_it():
    form = Numbers(None, data={"points": 680, "price": 1990, "factor": 1250})

    assert [form[name]._value() for name in ("points", "price", "factor")] == ["680", "19.90", "1.25"]
    assert Numbers(None, data={"price": 500}).price._value() == "5"
