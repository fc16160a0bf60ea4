"""Files in a folder of this machine; pictures are served by the application itself under /media/."""

import re
from pathlib import Path

from shop.crypto import new_token

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}\.(webp|svg)")
ATTACHMENT = re.compile(r"proof_[0-9a-f]{40}\.(webp|pdf)")
"""No name of a picture, so that /media/ never serves one; in the same folder, so that a backup takes it along."""


class LocalStorage:
    def __init__(self, folder: Path, names: re.Pattern[str] = NAME) -> None:
        self.folder, self.names = folder, names

    def put(self, name: str, content: bytes) -> None:
        """Write the file whole or not at all: it is moved into place once it is complete."""
        assert self.names.fullmatch(name), name
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{new_token()}"
        unfinished.write_bytes(content)
        unfinished.replace(self.folder / name)

    def read(self, name: str) -> bytes | None:
        """The content of a file; a name that is not ours reaches no folder."""
        if not self.names.fullmatch(name):
            return None
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            return None

    def url(self, name: str) -> str:
        return f"/media/{name}"
