"""Pictures from people, made harmless: read by their content, turned upright, and written anew as WebP in three sizes.

Nothing of the uploaded file survives but its pixels: no name, no metadata, no bytes that another program might run.
"""

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from shop.errors import PictureRefused

WIDTHS = (256, 512, 1024)
BYTES_MAX = 8 * 1024 * 1024
PIXELS_MAX = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82
EFFORT = 4


@dataclass(frozen=True)
class EncodedPicture:
    """The three files of a picture by their width, and the size of the original in pixels."""

    width: int
    height: int
    files: dict[int, bytes]


def encode_picture(raw: bytes) -> EncodedPicture:
    """Write a picture anew in each width; a small original is not blown up.  Raises PictureRefused, for any content."""
    if not raw or len(raw) > BYTES_MAX:
        raise PictureRefused
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _encode(raw, _inspect(raw))
    except PictureRefused:
        raise
    except (
        OSError,
        ValueError,
        SyntaxError,
        EOFError,
        KeyError,
        IndexError,
        ArithmeticError,
        TypeError,
        AttributeError,
        MemoryError,
        Warning,
        Image.DecompressionBombError,
        UnidentifiedImageError,
    ) as error:
        raise PictureRefused from error


def _inspect(raw: bytes) -> tuple[int, int]:
    """Look at the head of the file, before a single pixel is unpacked.  Returns its size in pixels."""
    with Image.open(io.BytesIO(raw), formats=FORMATS) as picture:
        size = picture.size
        if size[0] * size[1] > PIXELS_MAX:
            raise PictureRefused
        picture.verify()
    return size


def _encode(raw: bytes, size: tuple[int, int]) -> EncodedPicture:
    with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
        opened.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))  # a large photo is unpacked at a smaller scale
        upright = ImageOps.exif_transpose(opened)
        plain = upright.convert("RGBA" if _is_transparent(upright) else "RGB")
    width, height = sorted(size, reverse=plain.width > plain.height)
    return EncodedPicture(width, height, {target: _webp(plain, target) for target in WIDTHS})


def _is_transparent(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info


def _webp(picture: Image.Image, width: int) -> bytes:
    smaller = picture.copy()
    smaller.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    smaller.save(written, "WEBP", quality=QUALITY, method=EFFORT)
    return written.getvalue()
