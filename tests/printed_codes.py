"""What stories about printed codes need: a batch whose codes are in somebody's hands."""

import itertools
from datetime import date

from shop.services.points.codes import BatchWish, create_batch, hand_out_codes
from tests.factories import MONDAY, ensure_rulebook, make_staff

_numbers = itertools.count(1)


def wish(**values: object) -> BatchWish:
    """Three codes of twelve letters, 50 points each, up to the end of March."""
    usual = {
        "name": "秋日礼卡",
        "points": 50,
        "pieces": 3,
        "length": 12,
        "source_class": "grant",
        "last_on": date(2026, 3, 31),
    }
    return BatchWish(**{**usual, **values})


def make_batch(staff_id: int | None = None, **values: object) -> int:
    """A batch that nobody has handed out."""
    ensure_rulebook()
    key = f"test-batch-{next(_numbers)}"
    return create_batch(wish(**values), key=key, staff_id=staff_id or make_staff("editor"), now=MONDAY)


def printed_batch(**values: object) -> tuple[int, tuple[str, ...]]:
    """A batch and its codes."""
    staff_id = make_staff("editor")
    batch_id = make_batch(staff_id, **values)
    return batch_id, hand_out_codes(batch_id, staff_id=staff_id, now=MONDAY)
