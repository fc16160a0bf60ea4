"""What a messenger must be able to do."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class TextMessage:
    """A text to one phone.  ``key`` makes a repeat harmless: the provider drops a second one with the same key."""

    phone: str
    text: str
    key: str


class Messenger(Protocol):
    def send(self, message: TextMessage) -> None:
        """Hand a message over.  Raises OSError when the provider could not be reached."""
