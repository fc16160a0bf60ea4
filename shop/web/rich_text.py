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
LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^>]*>")


def init_rich_text(app: Flask) -> None:
    app.jinja_env.filters["rich_text"] = rich_text


@lru_cache(maxsize=256)
def rich_text(written: str) -> Markup:
    """Safe HTML.  Plain text keeps its paragraphs and line breaks; anything but the allowed tags is dropped."""
    source = written if LOOKS_LIKE_HTML.search(written) else _paragraphs(written)
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
    return "".join(f"<p>{html.escape(block).replace(chr(10), '<br>')}</p>" for block in blocks if block)
