"""Collects every text of the shop into its catalogues.

The text in the code is Simplified Chinese and needs no catalogue.  Traditional Chinese is converted from it (OpenCC, with
the words of Taiwan) unless a translator has said it better; English keeps what is there and names what is missing.
"""

import subprocess
import sys
import tempfile
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from opencc import OpenCC

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "shop" / "translations"
CONVERTED, TRANSLATED = "zh_Hant", "en"
SHOP_OPENED_AT = datetime(
    2026, 1, 1, tzinfo=UTC
)  # a catalogue carries a date; a real one would differ each time
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")


def collect() -> Catalog:
    """Every text in the code and the templates, in the order of the files."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
        command += [
            "--mapping",
            str(ROOT / "babel.cfg"),
            "--output",
            str(template),
            "--no-wrap",
            "--sort-by-file",
        ]
        for keyword in KEYWORDS:
            command += ["--keyword", keyword]
        subprocess.run([*command, "shop"], cwd=ROOT, check=True)
        with template.open("rb") as file:
            return read_po(file)


def file_of(locale: str) -> Path:
    return TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    """The catalogue as it is kept; an empty one for a new language."""
    path = file_of(locale)
    if not path.exists():
        return Catalog(locale=locale, project="shifen", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def write(catalogue: Catalog, locale: str) -> None:
    """Write without line numbers and dates: only real changes show in a diff."""
    path = file_of(locale)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, omit_header=False, ignore_obsolete=True, include_lineno=False)


def refreshed(locale: str, texts: Catalog) -> Catalog:
    """The kept translations of the texts that exist now; nothing is guessed from similar texts."""
    catalogue = read(locale)
    catalogue.update(deepcopy(texts), no_fuzzy_matching=True)  # a catalogue keeps the messages it is given
    catalogue.creation_date = catalogue.revision_date = SHOP_OPENED_AT
    catalogue.project, catalogue.version, catalogue.header_comment = "Shifen", "", "# The texts of Shifen."
    catalogue.msgid_bugs_address, catalogue.last_translator, catalogue.language_team = "", "", ""
    return catalogue


def is_empty(message: Message) -> bool:
    words = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return not all(words)


def convert(catalogue: Catalog) -> None:
    """Fill empty translations of the Traditional Chinese catalogue."""
    converter = OpenCC("s2twp")
    for message in catalogue:
        if message.id and is_empty(message):
            texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
            converted = tuple(converter.convert(text) for text in texts)
            message.string = converted[: catalogue.num_plurals] if message.pluralizable else converted[0]


def missing(catalogue: Catalog) -> list[str]:
    """The texts without a translation."""
    return [str(message.id) for message in catalogue if message.id and (is_empty(message) or message.fuzzy)]


def main() -> int:
    """Refresh both catalogues; 1 when English lacks a text."""
    texts = collect()
    converted, translated = refreshed(CONVERTED, texts), refreshed(TRANSLATED, texts)
    convert(converted)
    write(converted, CONVERTED)
    write(translated, TRANSLATED)
    lacking = missing(translated)
    print(f"{len(texts)} texts; {len(lacking)} without English")
    for text in lacking:
        print(f"  {text}")
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
