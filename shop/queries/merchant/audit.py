"""The audit trail, for reading."""

from shop.books.audit import first_broken


def verify_chain() -> tuple[int, int | None]:
    """How many rows of the chain are sound, and the id of the first broken one."""
    return first_broken()
