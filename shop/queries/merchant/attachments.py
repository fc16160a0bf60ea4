"""Files that colleagues attached."""

from shop.adapters.attachments import read_attachment


def attachment(name: str) -> tuple[bytes, str] | None:
    """The content of an attached file and its type; None for any other name."""
    return read_attachment(name)
