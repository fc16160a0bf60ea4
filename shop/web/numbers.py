"""Whole numbers written as decimals, and decimals read as whole numbers: exactly, never through a float."""

import re

CENTS = 100
MILLE = 1000
YUAN = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?", re.ASCII)
MULTIPLIER = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?", re.ASCII)


def plain_yuan(cents: int) -> str:
    """1 from 100 cents, 0.5 from 50, 19.9 from 1990."""
    return _decimal(cents, CENTS, 2)


def plain_permille(permille: int) -> str:
    """1.2 from 1200, 25.2 from 25200."""
    return _decimal(permille, MILLE, 3)


def cents_from(text: str) -> int:
    """Cents from what a person typed as yuan (``19.9``).  Raises ValueError."""
    return _whole(YUAN, text, 2)


def permille_from(text: str) -> int:
    """Thousandths from what a person typed as a multiplier (``1.25``).  Raises ValueError."""
    return _whole(MULTIPLIER, text, 3)


def _decimal(value: int, unit: int, digits: int) -> str:
    whole, rest = divmod(abs(value), unit)
    fraction = f"{rest:0{digits}d}".rstrip("0")
    return f"{'−' if value < 0 else ''}{whole:,}{'.' + fraction if fraction else ''}"


def _whole(pattern: re.Pattern[str], text: str, digits: int) -> int:
    match = pattern.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(match[1].replace(",", "") + (match[2] or "").ljust(digits, "0"))
