"""The chain over the entries of the points book, and the proofs of all books."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative, one_of

PROOF_STATES = ("running", "finished", "given_up")


class ChainLink(Model):
    """A batch of entries, sealed: append-only like the entries themselves (invariant L3).

    ``seals`` holds 24 bytes for each entry, in the order of their ids: the id and a digest of all that the entry says.
    ``hash`` covers the hash of the link before and these seals.
    """

    __tablename__ = "chain_links"
    __table_args__ = (CheckConstraint("entries > 0", name="entries_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_entry_id: Mapped[int]
    last_entry_id: Mapped[int] = mapped_column(unique=True)
    entries: Mapped[int]
    seals: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class ChainHead(Model):
    """The end of the chain (id is always 1): what it must hold in all, so that a tail that was cut off is missed.

    ``mark_entry_id`` and ``mark_transaction`` tell how far entries may be chained next on PostgreSQL, where ids become
    visible out of order (``books/points/settling.py``).
    """

    __tablename__ = "chain_heads"
    __table_args__ = not_negative("links", "entries", "last_entry_id")

    id: Mapped[int] = mapped_column(primary_key=True)
    links: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    last_entry_id: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64))
    mark_entry_id: Mapped[int] = mapped_column(default=0)
    mark_transaction: Mapped[int | None]


class BooksProof(Model):
    """One proof of all books: how far it is while it runs, and what it found.

    ``step`` and ``after`` say where the next slice begins.  ``chain_links`` and ``chain_hash`` are the end of the chain
    when it was finished: a chain that is written anew no longer passes through them.
    """

    __tablename__ = "books_proofs"
    __table_args__ = (
        one_of("state", PROOF_STATES),
        *not_negative("step", "rows_checked", "broken"),
        Index(
            "uq_books_proofs_running",
            "state",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="running")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    step: Mapped[int] = mapped_column(default=0)
    steps: Mapped[int]
    after: Mapped[int] = mapped_column(default=0)
    rows_checked: Mapped[int] = mapped_column(default=0)
    broken: Mapped[int] = mapped_column(default=0)
    findings: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    chain_links: Mapped[int | None]
    chain_entries: Mapped[int | None]
    chain_hash: Mapped[str | None] = mapped_column(String(64))
    waiting_entries: Mapped[int | None]
