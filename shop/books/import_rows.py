"""The rows of a file on its way into the books: personal data, so they lie packed and sealed until they are loaded."""

import base64
import json
import zlib
from collections.abc import Sequence

from shop.crypto import seal, unseal


def sealed_rows(rows: Sequence[Sequence[str]]) -> str:
    """Rows as they lie in the database: nobody reads them there."""
    packed = zlib.compress(json.dumps(rows, ensure_ascii=False).encode())
    return seal(base64.b85encode(packed).decode())


def unsealed_rows(sealed: str) -> tuple[tuple[str, ...], ...]:
    """The rows again."""
    packed = base64.b85decode(unseal(sealed))
    return tuple(tuple(row) for row in json.loads(zlib.decompress(packed)))
