"""Phone numbers as people write them, and the one form in which the shop keeps them."""

import phonenumbers

HOME_REGION = "CN"
WRITTEN_MAX = 30


def international_phone(written: str) -> str | None:
    """+8613805712046 from ``138 0571 2046``, ``+86 138-0571-2046`` and the like; None when it is no phone number."""
    if len(written) > WRITTEN_MAX or not written.isascii():
        return None
    try:
        number = phonenumbers.parse(written, HOME_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or number.extension:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
