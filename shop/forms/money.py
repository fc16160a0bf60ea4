"""Amounts of money as people type them, read exactly: no float ever touches a cent."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import TextInput

WRITTEN = re.compile(r"([0-9]{1,7})(?:\.([0-9]{1,2}))?", re.ASCII)
REFUSAL = _l("写成 19.90 这样，最多两位小数。")


class YuanField(Field):
    """Yuan with at most two decimals, held as whole cents.  Left empty, it is ``default``."""

    widget = TextInput()
    data: int | None

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.written: str | None = None

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was sent.  Raises ValueError with the sentence for the field."""
        if not valuelist:
            return
        self.written = str(valuelist[0])[:40]
        text = self.written.strip().removeprefix("¥")
        if not text and len(valuelist) == 1:
            self.data = self.default if isinstance(self.default, int) else None
            return
        found = WRITTEN.fullmatch(text)
        if found is None or len(valuelist) > 1:
            self.data = None
            raise ValueError(REFUSAL)
        self.data = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))

    def _value(self) -> str:
        """What stands in the input: what was typed, even when it was refused."""
        if self.written is not None:
            return self.written
        return "" if self.data is None else f"{self.data // 100}.{self.data % 100:02d}"
