"""Fields for whole points, exact money and moments: what is typed is read as whole numbers, never through a float."""

import re
from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import DateInput, DateTimeLocalInput, TextInput

from shop.web.numbers import cents_from, permille_from, plain_permille, plain_yuan

WHOLE = re.compile(r"\d{1,12}", re.ASCII)


class ExactField(Field):
    """A number as text.  ``optional``: an empty field means that there is no such number."""

    widget = TextInput()
    inputmode = "numeric"

    def __init__(self, label: Any = None, *, optional: bool = False, **values: Any) -> None:
        values.setdefault("render_kw", {"inputmode": self.inputmode, "class": "num", "autocomplete": "off"})
        super().__init__(label, **values)
        self.optional = optional

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            if self.optional:
                return
            raise ValueError(_("还没填"))
        try:
            self.data = self.read(text)
        except ValueError as error:
            raise ValueError(self.complaint()) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.write(self.data)

    def read(self, text: str) -> int:
        """The whole number that a text means.  Raises ValueError."""
        if not WHOLE.fullmatch(text):
            raise ValueError(text)
        return int(text)

    def write(self, value: int) -> str:
        """The text of a whole number."""
        return str(value)

    def complaint(self) -> str:
        """What to do when the text means nothing."""
        return _("要填整数，比如 100")


class WholeField(ExactField):
    """A whole number: points, days, times."""


class YuanField(ExactField):
    """Money typed in yuan, kept in cents."""

    inputmode = "decimal"

    def read(self, text: str) -> int:
        return cents_from(text)

    def write(self, value: int) -> str:
        return plain_yuan(value).replace(",", "")

    def complaint(self) -> str:
        return _("要填金额，最多两位小数，比如 19.90")


class MultiplierField(ExactField):
    """A multiplier such as 1.25, kept in thousandths."""

    inputmode = "decimal"

    def read(self, text: str) -> int:
        return permille_from(text)

    def write(self, value: int) -> str:
        return plain_permille(value).replace(",", "")

    def complaint(self) -> str:
        return _("要填倍数，最多三位小数，比如 1.25")


class ShopMomentField(Field):
    """A moment typed in the shop's time zone."""

    widget = DateTimeLocalInput()

    def __init__(self, label: Any = None, *, optional: bool = False, **values: Any) -> None:
        super().__init__(label, **values)
        self.optional = optional

    def process_data(self, value: Any) -> None:
        self.data = datetime.fromisoformat(value) if isinstance(value, str) else value

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            if self.optional:
                return
            raise ValueError(_("还没填"))
        try:
            moment = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValueError(_("要填完整的日期和时间")) from error
        if moment.tzinfo is not None or not 2000 <= moment.year <= 9000:
            raise ValueError(_("要填完整的日期和时间"))
        self.data = moment.replace(tzinfo=current_app.config["SHOP_ZONE"])

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        return f"{self.data.astimezone(current_app.config['SHOP_ZONE']):%Y-%m-%dT%H:%M}"


class ShopDayField(Field):
    """A day of the shop's calendar; empty means that there is no such day."""

    widget = DateInput()

    def process_data(self, value: Any) -> None:
        self.data = date.fromisoformat(value) if isinstance(value, str) else value

    def process_formdata(self, valuelist: list[str]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(_("要填完整的日期")) from error
        if not 2000 <= day.year <= 9000:
            raise ValueError(_("要填完整的日期"))
        self.data = day

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data.isoformat())
