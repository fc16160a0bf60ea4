"""Pictures made for tests."""

import io

from PIL import Image


def picture(width: int = 600, height: int = 400, kind: str = "PNG", **options: object) -> bytes:
    """A plain picture in a format of Pillow."""
    written = io.BytesIO()
    Image.new("RGB", (width, height), (200, 90, 30)).save(written, kind, **options)
    return written.getvalue()
