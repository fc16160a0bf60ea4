"""Files that colleagues attach as proof: read by their content, kept under names that no browser reaches by itself.

A picture is written anew like every other; a PDF is kept as it came and only ever downloaded, never shown.
"""

import hashlib

from shop.adapters.pictures import encode_picture
from shop.adapters.storage import attachments
from shop.errors import AttachmentRefused, PictureRefused

BYTES_MAX = 4 * 1024 * 1024
PICTURE_WIDTH = 1024
PDF_HEAD, PDF_END, PDF_TAIL = b"%PDF-", b"%%EOF", 1024
TYPES = {"webp": "image/webp", "pdf": "application/pdf"}


def keep_attachment(raw: bytes | None) -> str | None:
    """Keep a file and return its name, made of its content: the same file twice is one.  Nothing, an empty file: None.

    Raises AttachmentRefused for what is neither a picture nor a PDF, and for what is too large.
    """
    if not raw:
        return None
    if len(raw) > BYTES_MAX:
        raise AttachmentRefused
    if raw.startswith(PDF_HEAD):
        if PDF_END not in raw[-PDF_TAIL:]:
            raise AttachmentRefused
        kind, content = "pdf", raw
    else:
        try:
            kind, content = "webp", encode_picture(raw).files[PICTURE_WIDTH]
        except PictureRefused as error:
            raise AttachmentRefused from error
    name = f"proof_{hashlib.sha256(content).hexdigest()[:40]}.{kind}"
    attachments().put(name, content)
    return name


def read_attachment(name: str) -> tuple[bytes, str] | None:
    """The content of a kept file and its type; None when there is none."""
    content = attachments().read(name)
    return None if content is None else (content, TYPES[name.rpartition(".")[2]])
