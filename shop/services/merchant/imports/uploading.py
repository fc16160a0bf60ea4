"""A file comes in: it is read as a table, sealed, and waits for its columns to be named."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from shop.adapters.spreadsheets import read_table
from shop.books import audit
from shop.books.import_rows import sealed_rows
from shop.errors import FileRefused
from shop.extensions import db
from shop.models import Import, ImportMapping
from shop.phones import international_phone
from shop.rules.merchant.importing import guess_fields
from shop.transaction import transaction

FILE_NAME_MAX = 120


@dataclass(frozen=True)
class Upload:
    """What came: ``kind`` is "members" or "grants", ``source`` the name of the other system."""

    kind: str
    raw: bytes
    file_name: str
    source: str = ""


def upload_file(upload: Upload, *, staff_id: int | None, now: datetime) -> int:
    """Keep a file for the next steps.  Returns the import.  The same file again is a new import: loading knows it.

    Raises FileRefused for what is no table or has no column names.
    """
    table = read_table(upload.raw)
    if any(international_phone(header) for header in table.headers):
        raise FileRefused("header_missing")
    digest = hashlib.sha256(upload.raw).hexdigest()
    with transaction() as session:
        row = {
            "kind": upload.kind,
            "state": "mapping",
            "source": upload.source,
            "file_name": upload.file_name[:FILE_NAME_MAX],
            "digest": digest,
            "booking_key": digest,
            "headers": list(table.headers),
            "rows_sealed": sealed_rows(table.rows),
            "columns": list(guess_fields(table.headers, upload.kind, _remembered(upload))),
            "rows_total": len(table.rows),
            "staff_id": staff_id,
            "created_at": now,
        }
        import_id = int(session.execute(insert(Import).values(row).returning(Import.id)).scalar_one())
        audit.record(
            staff_id=staff_id,
            action="import.upload",
            subject=f"import:{import_id}",
            now=now,
            after={"kind": upload.kind, "rows": len(table.rows), "digest": digest[:16]},
        )
    return import_id


def _remembered(upload: Upload) -> dict[str, str]:
    statement = select(ImportMapping.fields).where(
        ImportMapping.kind == upload.kind, ImportMapping.source == upload.source
    )
    return dict(db.session.scalar(statement) or {}) if upload.source else {}
