"""The merchant says which column is what; the check follows at once for a small file, or is left to the worker."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from shop.errors import ColumnsMissing, ImportMoved, InvalidInput
from shop.extensions import db
from shop.models import ImportMapping
from shop.rules.merchant.importing import FIELDS, SKIP, missing_fields
from shop.rules.merchant.importing.fields import plain_header
from shop.services.merchant.imports.checking import check, write_report
from shop.services.merchant.imports.moves import Brought, brought, forget_faults, move
from shop.transaction import transaction

MAPPABLE = ("mapping", "checked")


@dataclass(frozen=True)
class Choice:
    """One field for each column ("" leaves it out); what happens with members who are there; and with bad rows.

    ``is_another`` books a file again that was booked before: the same rows, but another occasion.
    """

    fields: tuple[str, ...]
    existing: str = "add"
    whole_only: bool = False
    is_another: bool = False


def choose_columns(import_id: int, choice: Choice, *, now: datetime) -> None:
    """Take the columns as chosen and check the rows; again, as often as the merchant likes, until it is loaded.

    Raises ColumnsMissing, InvalidInput, ImportMoved, NotFound.
    """
    before = brought(import_id)
    _refuse_odd(before, choice)
    values = _values(before, choice)
    file = replace(before, fields=choice.fields, existing=choice.existing)
    checked = check(file, now) if file.is_small else None
    with transaction():
        move(import_id, "map", **values)
        forget_faults(import_id)
        _remember(before, choice, now)
        if checked:
            write_report(file, checked)


def _refuse_odd(file: Brought, choice: Choice) -> None:
    if file.state not in MAPPABLE:
        raise ImportMoved
    named = [field for field in choice.fields if field != SKIP]
    known = set(named) <= set(FIELDS[file.kind]) and choice.existing in ("add", "refuse")
    if not known or len(named) != len(set(named)) or len(choice.fields) != len(file.headers):
        raise InvalidInput
    if missing_fields(named, file.kind):
        raise ColumnsMissing


def _values(file: Brought, choice: Choice) -> dict[str, object]:
    return {
        "columns": list(choice.fields),
        "existing": choice.existing,
        "whole_only": choice.whole_only or file.kind != "members",
        "booking_key": f"{file.digest}:{file.id}" if choice.is_another else file.digest,
        "rows_done": 0,
        "refusal": None,
    }


def _remember(file: Brought, choice: Choice, now: datetime) -> None:
    """The next file from the same system comes with its columns named."""
    if not file.source:
        return
    fields = {
        plain_header(header): field
        for header, field in zip(file.headers, choice.fields, strict=True)
        if field
    }
    row = {"kind": file.kind, "source": file.source, "fields": fields, "saved_at": now}
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    db.session.execute(
        dialect.insert(ImportMapping)
        .values(row)
        .on_conflict_do_update(
            index_elements=[ImportMapping.kind, ImportMapping.source],
            set_={"fields": fields, "saved_at": now},
        )
    )
