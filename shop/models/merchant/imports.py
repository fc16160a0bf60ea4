"""Files that merchants bring along: members with their balances, points to give, purchases of a till."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of
from shop.rules.merchant.import_states import IMPORT_STATES

IMPORT_KINDS = ("members", "grants", "purchases")
EXISTING = ("add", "refuse")


class Import(Model):
    """A file on its way into the books.  Its rows are personal data: sealed, and forgotten once they are loaded.

    ``booking_key`` is what its entries are booked under: the digest of the file, so that the same file is loaded once.
    """

    __tablename__ = "imports"
    __table_args__ = (
        one_of("kind", IMPORT_KINDS),
        one_of("state", IMPORT_STATES),
        one_of("existing", EXISTING),
        *not_negative(
            "rows_total", "rows_done", "rows_good", "rows_bad", "members_count", "points_total", "cents_total"
        ),
        Index(
            "ix_imports_loaded",
            "kind",
            "booking_key",
            unique=True,
            sqlite_where=text("state = 'loaded'"),
            postgresql_where=text("state = 'loaded'"),
        ),
        Index(
            "ix_imports_working",
            "id",
            sqlite_where=text("state IN ('checking', 'loading')"),
            postgresql_where=text("state IN ('checking', 'loading')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(40), default="")
    file_name: Mapped[str] = mapped_column(String(120))
    digest: Mapped[str] = mapped_column(String(64))
    booking_key: Mapped[str] = mapped_column(String(100))
    headers: Mapped[list[str]] = mapped_column(Document, default=list)
    rows_sealed: Mapped[str | None] = mapped_column(Text)
    columns: Mapped[list[str]] = mapped_column(Document, default=list)
    existing: Mapped[str] = mapped_column(String(16), default="add")
    whole_only: Mapped[bool] = mapped_column(default=False)
    rows_total: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    rows_good: Mapped[int] = mapped_column(default=0)
    rows_bad: Mapped[int] = mapped_column(default=0)
    members_count: Mapped[int] = mapped_column(default=0)
    points_total: Mapped[int] = mapped_column(default=0)
    cents_total: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None] = mapped_column(String(40))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime]
    loaded_at: Mapped[datetime | None]


class ImportFault(Model):
    """One thing that is wrong in one row.  ``shown`` is the cell as it may be shown: names and numbers masked."""

    __tablename__ = "import_faults"
    __table_args__ = (Index("ix_import_faults_import_id_id", "import_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    row: Mapped[int]
    field: Mapped[str] = mapped_column(String(20))
    shown: Mapped[str] = mapped_column(String(60), default="")
    code: Mapped[str] = mapped_column(String(40))
    params: Mapped[JsonObject] = mapped_column(Document, default=dict)


class ImportedRow(Model):
    """What one row became: a member, an entry where it brought points, or a purchase.

    A row with several lots stands several times.
    """

    __tablename__ = "imported_rows"
    __table_args__ = (
        Index("ix_imported_rows_import_id", "import_id"),
        Index("ix_imported_rows_member_id", "member_id"),
        *not_negative("growth"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    row: Mapped[int]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("points_entries.id"), unique=True)
    purchase_id: Mapped[int | None] = mapped_column(ForeignKey("purchases.id"))
    is_new_member: Mapped[bool] = mapped_column(default=False)
    growth: Mapped[int] = mapped_column(default=0)


class ImportMapping(Model):
    """Which column of another system's file is what: remembered for the next file from there."""

    __tablename__ = "import_mappings"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    fields: Mapped[JsonObject] = mapped_column(Document)
    saved_at: Mapped[datetime]
