"""Fields for moments and days, as the shop's clock and calendar have them."""

from datetime import date, datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from wtforms.widgets import DateInput, DateTimeLocalInput

from shop.forms.exact import ExactField

YEARS = range(2000, 9001)


class ShopMomentField(ExactField):
    """A moment typed in the shop's time zone."""

    widget = DateTimeLocalInput()

    def process_data(self, value: Any) -> None:
        self.data = datetime.fromisoformat(value) if isinstance(value, str) else value

    def read(self, text: str) -> datetime:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None or moment.year not in YEARS:
            raise ValueError(text)
        return moment.replace(tzinfo=current_app.config["SHOP_ZONE"])

    def write(self, value: datetime) -> str:
        return f"{value.astimezone(current_app.config['SHOP_ZONE']):%Y-%m-%dT%H:%M}"

    def complaint(self) -> str:
        return _("要填完整的日期和时间")


class ShopDayField(ExactField):
    """A day of the shop's calendar; empty means that there is no such day."""

    widget = DateInput()

    def __init__(self, label: Any = "", **options: Any) -> None:
        super().__init__(label, optional=True, **options)

    def process_data(self, value: Any) -> None:
        self.data = date.fromisoformat(value) if isinstance(value, str) else value

    def read(self, text: str) -> date:
        day = date.fromisoformat(text)
        if day.year not in YEARS:
            raise ValueError(text)
        return day

    def write(self, value: date) -> str:
        return value.isoformat()

    def complaint(self) -> str:
        return _("要填完整的日期")
