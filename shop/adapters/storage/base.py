"""What a storage must be able to do."""

from typing import Protocol


class Storage(Protocol):
    def put(self, name: str, content: bytes) -> None:
        """Keep a file under a name that is ours (never a person's).  A repeat writes the same bytes again."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None when there is none, or when the name cannot be one of ours."""

    def url(self, name: str) -> str:
        """The address under which a browser finds the file; names carry a hash, so it may be cached for ever."""
