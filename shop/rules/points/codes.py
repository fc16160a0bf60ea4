"""Printed codes: their letters, how people may type them, and what became of a batch."""

import unicodedata
from datetime import datetime
from typing import Literal

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0 O 1 I L: nobody has to guess what is printed."""
LENGTH_MIN, LENGTH_MAX = 12, 24
PIECES_MAX = 10_000
POINTS_MAX = 100_000
GROUP = 4

BatchState = Literal["new", "open", "stopped", "over"]


def tidy_code(written: str) -> str | None:
    """The letters of a code as somebody typed them: small, wide, in groups.  None for what cannot be a code."""
    plain = unicodedata.normalize("NFKC", written).upper()
    letters = "".join(
        character for character in plain if not character.isspace() and character not in "-–—‐‑_."
    )
    is_code = LENGTH_MIN <= len(letters) <= LENGTH_MAX and all(letter in LETTERS for letter in letters)
    return letters if is_code else None


def grouped(code: str) -> str:
    """A code as it is printed: ABCD-EFGH-JKMN."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def state_of(
    exported_at: datetime | None, stopped_at: datetime | None, expires_at: datetime, now: datetime
) -> BatchState:
    """How a batch stands: stopped by hand, over by its date, not handed out yet, or open."""
    if stopped_at is not None:
        return "stopped"
    if now >= expires_at:
        return "over"
    return "open" if exported_at is not None else "new"
