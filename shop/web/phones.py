"""Phone numbers as people write them: the same for pages as for files that are brought along."""

from shop.phones import international_phone

__all__ = ["international_phone"]
