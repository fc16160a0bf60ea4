"""What every section's form can do.  Fields are named like the document, so that a fault finds its field."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, StringField

from shop.forms.texts import UNSEEN, is_plain
from shop.rules.faults import Fault
from shop.web.rulebook_words.faults import sentence_of

ROWS_MAX = 60
INDEX = re.compile(r"\[(\d+)\]")
LIST_SECTIONS = frozenset({"tiers", "caps", "kinds"})


class PlainTextForm(FlaskForm):
    """A form of many rows in which no text, wherever it stands, holds what nobody can see."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether all fields are well; what is not says so at its field."""
        is_valid: bool = super().validate(extra_validators)
        for field in leaves(self):
            if isinstance(field, StringField) and not is_plain("".join(map(str, field.raw_data or ()))):
                field.errors = [*field.errors, UNSEEN]
                is_valid = False
        return is_valid


class SectionForm(PlainTextForm):
    """A section of the rulebook.  ``lists`` names the fields whose rows can be added and removed."""

    lists: tuple[str, ...] = ()

    def section_document(self) -> Any:
        """The section as JSON."""
        document = plain({name: field.data for name, field in self._fields.items() if name != "csrf_token"})
        return next(iter(document.values())) if self.is_list else document

    @property
    def is_list(self) -> bool:
        """Whether the whole section is one list."""
        return any(name in LIST_SECTIONS for name in self.lists)

    def show_faults(self, section: str, faults: Iterable[Fault]) -> bool:
        """Put each fault of the section at its field; what belongs to no field, at the form.  Whether there was one."""
        has_faults = False
        for fault in faults:
            if fault.path.partition(".")[0].partition("[")[0] != section:
                continue
            has_faults = True
            name = field_name(section, fault.path)
            field = next(
                (each for each in leaves(self) if each.name == name or each.name.startswith(f"{name}-")), None
            )
            if field is None:
                self.form_errors.append(sentence_of(fault))
            else:
                field.errors = [*field.errors, sentence_of(fault)]
        return has_faults

    def change_rows(self, add: str, remove: str) -> None:
        """Add an empty row to a list, or take one away: ``tiers``, or ``tiers-2``."""
        if add in self.lists and len(self[add]) < ROWS_MAX:
            self[add].append_entry()
        name, _dash, number = remove.rpartition("-")
        if name in self.lists and number.isdecimal() and int(number) < len(self[name]):
            self[name].entries.pop(int(number))


def field_name(section: str, path: str) -> str:
    """The name of the field that a fault's path means: ``tiers[2].growth_from`` is ``tiers-2-growth_from``."""
    inside = path if section in LIST_SECTIONS else path.removeprefix(section).removeprefix(".")
    return INDEX.sub(r"-\1", inside).replace(".", "-")


def leaves(form: Any) -> Iterator[Field]:
    """Every input of a form, rows of lists included."""
    for field in form:
        if isinstance(field, FormField):
            yield from leaves(field.form)
        elif isinstance(field, FieldList):
            for entry in field.entries:
                yield from leaves(entry.form) if isinstance(entry, FormField) else (entry,)
        else:
            yield field


def plain(value: Any) -> Any:
    """JSON of form data: moments as ISO 8601, no tokens."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items() if name != "csrf_token"}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime) else value
