"""What people may type into a line of text, and how it is tidied."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from shop.web.phones import international_phone

ALLOWED = frozenset("LMNPZ")
ALLOWED_SYMBOLS = frozenset({"Sm", "Sc", "Sk"})
SPACES = re.compile(r"\s+")


def tidy(written: Any) -> Any:
    """One line without spaces at its ends or several in a row.  A control character is left, to be refused."""
    return SPACES.sub(" ", written).strip() if isinstance(written, str) else written


def plain_text(_form: Any, field: Any) -> None:
    """Refuse what cannot be printed on a parcel: control and direction marks, pictographs."""
    if not all(_is_plain(character) for character in field.data or ""):
        raise ValidationError(_l("只能写文字、数字和常用标点。"))


def _is_plain(character: str) -> bool:
    category = unicodedata.category(character)
    return category in ALLOWED_SYMBOLS or (category[0] in ALLOWED and category not in ("Zl", "Zp"))


def length(low: int, high: int, message: Any) -> Any:
    """Between so many characters; the message says what to do."""

    def check(_form: Any, field: Any) -> None:
        if not low <= len(field.data or "") <= high:
            raise ValidationError(message)

    return check


def phone_number(_form: Any, field: Any) -> None:
    """Turn what was written into the international form, or say what is wrong with it."""
    written = field.data or ""
    phone = international_phone(written)
    if phone is None:
        raise ValidationError(_what_is_wrong(written))
    field.data = phone


def _what_is_wrong(written: str) -> Any:
    digits = re.sub(r"[\s-]", "", written)
    if digits.isascii() and digits.isdigit() and 0 < len(digits) < 11:
        return _l("手机号是 11 位，现在少了 %(missing)s 位", missing=11 - len(digits))
    return _l("请填 11 位手机号，国外的号码以 + 开头。")
