"""Numbers as people type them, kept as whole numbers: points and pieces, cents, thousandths.  No float touches them."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.exact import ExactField
from shop.web.numbers import cents_from, permille_from, plain_permille

WHOLE = re.compile(r"\s*[0-9]{1,12}\s*", re.ASCII)
PLAIN = re.compile(r"[0-9]{1,3}")
HIGH = 10**12 - 1


class WholeField(ExactField):
    """A whole number: points, pieces, days, times.  ``message`` says what to write, and names the bounds if there are any.

    ASCII digits only: signs, decimals, exponents and full-width digits are refused.
    """

    inputmode = "numeric"
    pattern = WHOLE
    data: int | None

    def __init__(
        self, label: Any = "", *, low: int = 0, high: int = HIGH, message: Any = None, **options: Any
    ) -> None:
        options.setdefault("render_kw", {"inputmode": self.inputmode, "class": "num", "autocomplete": "off"})
        super().__init__(label, **options)
        self.low, self.high, self.message = low, high, message

    def read(self, text: str) -> int:
        number = self.number(text)
        if not self.low <= number <= self.high:
            raise ValueError(text)
        return number

    def number(self, text: str) -> int:
        """The number that a text means, in the unit in which it is kept.  Raises ValueError."""
        if not self.pattern.fullmatch(text):
            raise ValueError(text)
        return int(text)

    def write(self, value: int) -> str:
        return str(value)

    def complaint(self) -> str:
        return str(self.message) if self.message else _("要填整数，比如 100")

    def question(self) -> str:
        return str(self.message) if self.message else super().question()


class YuanField(WholeField):
    """Money typed in yuan with at most two decimals, kept in cents."""

    inputmode = "decimal"

    def number(self, text: str) -> int:
        return cents_from(text.strip().removeprefix("¥"))

    def write(self, value: int) -> str:
        yuan, cents = divmod(value, 100)
        return f"{yuan}.{cents:02d}" if cents else str(yuan)

    def complaint(self) -> str:
        return _("要填金额，最多两位小数，比如 19.90")


class MultiplierField(WholeField):
    """A multiplier such as 1.25, kept in thousandths."""

    inputmode = "decimal"

    def number(self, text: str) -> int:
        return permille_from(text)

    def write(self, value: int) -> str:
        return plain_permille(value).replace(",", "")

    def complaint(self) -> str:
        return _("要填倍数，最多三位小数，比如 1.25")


class QuantityField(WholeField):
    """Pieces of a variant: 1 to 999, as our own pages send them, with nothing around."""

    pattern = PLAIN

    def __init__(self, **options: Any) -> None:
        message = _l("数量填 1 到 999 的整数。")
        super().__init__(_l("数量"), low=1, high=999, message=message, **options)
