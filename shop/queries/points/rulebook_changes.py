"""What single versions of the rulebook change, for the notices that tell of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shop.books.news import news_of
from shop.rules.rulebook import Rulebook


@dataclass(frozen=True)
class VersionChange:
    """A version and the one it follows."""

    before: Rulebook
    after: Rulebook


def changes_of(versions: Iterable[int]) -> Mapping[int, VersionChange]:
    """The versions that change something.  A page of messages speaks of one or two; each is read once."""
    found = {version: news_of(version) for version in set(versions)}
    return {version: VersionChange(news.before, news.after) for version, news in found.items() if news}
