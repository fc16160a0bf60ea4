"""What people may type into a line of text, and how it is tidied."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from shop.phones import international_phone

REFUSED = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
JOINER = "\u200d"
JOINED = ("S", "M")  # 👩‍🌾: a joiner between two pictures
SPACES = re.compile(r"\s+")
UNSEEN = _l("里面有看不见的特殊字符，请删掉再存。")


def tidy(written: Any) -> Any:
    """One line without spaces at its ends or several in a row.  A control character is left, to be refused."""
    return SPACES.sub(" ", written).strip() if isinstance(written, str) else written


def plain_text(_form: Any, field: Any) -> None:
    """Refuse what nobody can see: control and direction marks, codes without a character.  Pictures are text too."""
    if not is_plain(field.data or ""):
        raise ValidationError(UNSEEN)


def is_plain(text: str) -> bool:
    """Whether a text holds nothing but what people can see."""
    before = ("", *text)
    return all(_is_plain(character, previous) for previous, character in zip(before, text, strict=False))


def _is_plain(character: str, previous: str) -> bool:
    if character == JOINER:
        return previous != "" and unicodedata.category(previous)[0] in JOINED
    return unicodedata.category(character) not in REFUSED


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
