"""Every text of the shop has its Traditional Chinese and its English, with the same placeholders."""

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message

import catalogues

LANGUAGES = [catalogues.CONVERTED, catalogues.TRANSLATED]
PLACEHOLDER = re.compile(r"%\(\w+\)s")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@cache
def texts() -> Catalog:
    return catalogues.collect()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_text_is_translated(locale):
    translated = catalogues.read(locale)

    missing = [str(text.id) for text in texts() if text.id and translated.get(text.id, text.context) is None]
    missing += catalogues.missing(translated)

    assert not missing, f"{len(missing)} texts lack {locale}: run make catalogues\n" + "\n".join(missing)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_translations_keep_the_placeholders(locale):
    astray = [str(message.id) for message in catalogues.read(locale) if not keeps_placeholders(message)]

    assert not astray, "\n".join(astray)


def test_english_holds_no_chinese():
    mixed = [
        f"{message.id}: {message.string}"
        for message in catalogues.read(catalogues.TRANSLATED)
        if message.id and any(CHINESE.search(word or "") for word in words(message.string))
    ]

    assert not mixed, "\n".join(mixed)


def words(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def keeps_placeholders(message: Message) -> bool:
    """A plural form may leave its number out ("one gift"); everything else says what the text says."""
    wanted = placeholders(*words(message.id))
    translated = [placeholders(word) for word in words(message.string) if word]
    return all(found <= wanted if message.pluralizable else found == wanted for found in translated)


def placeholders(*texts_of_one: str) -> set[str]:
    return {name for text in texts_of_one for name in PLACEHOLDER.findall(text)}
