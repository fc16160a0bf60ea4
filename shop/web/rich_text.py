"""What a merchant writes about a product, made safe to show: a few plain tags, no attributes but harmless links."""

import html
import re
from functools import lru_cache

import nh3
from flask import Flask
from markupsafe import Markup

TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "h3", "h4", "blockquote", "a", "table", "tbody", "thead",
        "tr", "th", "td"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}}
SCHEMES = {"https", "http", "tel"}
TAG = re.compile(r"</?[a-zA-Z][^>]*>")
BLOCK = re.compile(r"<(p|ul|ol|h[1-6]|blockquote|table|div)\b", re.IGNORECASE)


def init_rich_text(app: Flask) -> None:
    app.jinja_env.filters["rich_text"] = rich_text


@lru_cache(maxsize=256)
def rich_text(written: str) -> Markup:
    """Safe HTML.  Plain text keeps its paragraphs and line breaks; anything but the allowed tags is dropped."""
    text = written if TAG.search(written) else html.escape(written)
    source = text if BLOCK.search(text) else _paragraphs(text)
    cleaned = nh3.clean(
        source,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
    )
    return Markup(cleaned)  # noqa: S704 -- cleaned one line above


def _paragraphs(text: str) -> str:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks if block)
