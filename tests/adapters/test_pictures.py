"""Uploaded pictures: what is let in, and what becomes of it."""

import io
import struct
import zlib

import pytest
from PIL import Image

from shop.adapters.pictures import BYTES_MAX, encode_picture
from shop.errors import PictureRefused
from tests.pictures import picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_webp_in_three_sizes(kind):
    encoded = encode_picture(picture(1600, 1200, kind))

    sizes = {}
    for width, content in encoded.files.items():
        with Image.open(io.BytesIO(content)) as opened:
            assert opened.format == "WEBP"
            sizes[width] = opened.size
    assert sizes == {256: (256, 192), 512: (512, 384), 1024: (1024, 768)}
    assert (encoded.width, encoded.height) == (1600, 1200)


def test_a_small_picture_is_not_blown_up():
    encoded = encode_picture(picture(300, 200))

    with Image.open(io.BytesIO(encoded.files[1024])) as opened:
        assert opened.size == (300, 200)


def test_metadata_goes_and_the_turn_stays():
    exif = Image.Exif()
    exif[0x0112] = 6  # held sideways
    exif[0x010E] = "home address"

    encoded = encode_picture(picture(600, 300, "JPEG", exif=exif.tobytes()))

    with Image.open(io.BytesIO(encoded.files[512])) as opened:
        assert opened.height > opened.width
        assert not opened.getexif()
    assert all(b"home address" not in content for content in encoded.files.values())


def bomb() -> bytes:
    """A PNG of a few bytes that says it has a thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 40_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0"))
        + chunk(b"IEND", b"")
    )


REFUSED = {
    "nothing": b"",
    "script": b"#!/bin/sh\nrm -rf /\n",
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "gif": picture(20, 20, "GIF"),
    "cut off": picture()[:-200],
    "cut off photo": picture(600, 400, "JPEG")[:900],
    "head only": b"\x89PNG\r\n\x1a\n",
    "bomb": bomb(),
    "too large": b"\xff\xd8\xff" + b"0" * BYTES_MAX,
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(raw):
    with pytest.raises(PictureRefused):
        encode_picture(raw)


def test_a_script_behind_a_picture_does_not_survive():
    encoded = encode_picture(picture() + b"<script>alert(1)</script>")

    assert all(b"<script>" not in content for content in encoded.files.values())
