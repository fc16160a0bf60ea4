"""Whole numbers as people type them, read strictly: a number that moves points, goods or money is never guessed."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import NumberInput

WRITTEN = re.compile(r"[0-9]{1,9}")


class WholeNumberField(Field):
    """ASCII digits only, sent once, within bounds.  Signs, decimals, exponents and full-width digits are refused.

    Left out or empty, it is ``default``; where that is None and ``required``, it is refused too.
    """

    widget = NumberInput(step="1")
    data: int | None

    def __init__(
        self, label: Any, *, low: int, high: int, message: Any, required: bool = False, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self.low, self.high, self.message, self.required = low, high, message, required
        self.written: str | None = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent.  Raises ValueError with the sentence for the field."""
        self.written = str(valuelist[0])[:40] if valuelist else None
        if not valuelist or (len(valuelist) == 1 and valuelist[0] == ""):
            if self.required:
                raise ValueError(self.message)
            return
        text = valuelist[0]
        if len(valuelist) > 1 or not isinstance(text, str) or not WRITTEN.fullmatch(text):
            self.data = None
            raise ValueError(self.message)
        self.data = int(text)
        if not self.low <= self.data <= self.high:
            self.data = None
            raise ValueError(self.message)

    def _value(self) -> str:
        """What stands in the input: what was typed, even when it was refused."""
        if self.written is not None:
            return self.written
        return "" if self.data is None else str(self.data)


def quantity_field(**options: Any) -> WholeNumberField:
    """Pieces of a variant: 1 to 999."""
    return WholeNumberField(_l("数量"), low=1, high=999, message=_l("数量填 1 到 999 的整数。"), **options)
