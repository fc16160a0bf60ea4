"""Where a browser finds the files of a picture, and what the media address serves."""

from shop.adapters.storage import storage

WIDTHS = (256, 512, 1024)


def picture_url(key: str, width: int) -> str:
    """The address of a picture in one of its widths."""
    assert width in WIDTHS, width
    return storage().url(f"{key}-{width}.webp")


def picture_content(name: str) -> bytes | None:
    """The content of a media file; None when there is none, or when the name cannot be one of ours."""
    return storage().read(name)
