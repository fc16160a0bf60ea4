"""Where a list goes on: a whole number in the address, within what a row's number can be."""

from flask import request
from werkzeug.routing import IntegerConverter, Map

ROW_ID_MAX = 2**31 - 1


class RowId(IntegerConverter):
    """``<int:…>`` in an address is a row's number: a larger one is no page, and never reaches the database."""

    def __init__(self, map: Map, *args: int, max: int = ROW_ID_MAX, **options: bool) -> None:  # noqa: A002
        super().__init__(map, *args, max=max, **options)  # type: ignore[arg-type, misc]


def number_in_address(name: str, high: int = ROW_ID_MAX) -> int | None:
    """A parameter of the address as a number from 0 to ``high``; None when it is missing or anything else."""
    text = request.args.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(high)) or int(text) > high:
        return None
    return int(text)
