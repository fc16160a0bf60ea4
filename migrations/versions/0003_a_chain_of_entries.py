"""a chain over the entries of the points book, and the proofs of all books"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LINKS = "chain_links"
CORRECTIONS = "ix_points_entries_corrects_entry_id"
IS_CORRECTION = sa.text("corrects_entry_id IS NOT NULL")
RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.create_table(
        LINKS,
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("first_entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("last_entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entries", WHOLE_NUMBER, nullable=False),
        sa.Column("seals", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("entries > 0", name=op.f("ck_chain_links_entries_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_links")),
        sa.UniqueConstraint("last_entry_id", name=op.f("uq_chain_links_last_entry_id")),
    )
    heads = op.create_table(
        "chain_heads",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("links", WHOLE_NUMBER, nullable=False),
        sa.Column("entries", WHOLE_NUMBER, nullable=False),
        sa.Column("last_entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("mark_entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("mark_transaction", WHOLE_NUMBER, nullable=True),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_chain_heads_{name}_not_negative"))
            for name in ("links", "entries", "last_entry_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_heads")),
    )
    op.bulk_insert(
        heads,
        [{"id": 1, "links": 0, "entries": 0, "last_entry_id": 0, "hash": "0" * 64, "mark_entry_id": 0}],
    )
    _create_proofs()
    _make_immutable()
    op.create_index(
        CORRECTIONS,
        "points_entries",
        ["corrects_entry_id"],
        sqlite_where=IS_CORRECTION,
        postgresql_where=IS_CORRECTION,
    )


def _create_proofs() -> None:
    op.create_table(
        "books_proofs",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("steps", WHOLE_NUMBER, nullable=False),
        sa.Column("after", WHOLE_NUMBER, nullable=False),
        sa.Column("rows_checked", WHOLE_NUMBER, nullable=False),
        sa.Column("broken", WHOLE_NUMBER, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("chain_links", WHOLE_NUMBER, nullable=True),
        sa.Column("chain_entries", WHOLE_NUMBER, nullable=True),
        sa.Column("chain_hash", sa.String(64), nullable=True),
        sa.Column("waiting_entries", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint(
            "state IN ('running', 'finished', 'given_up')", name=op.f("ck_books_proofs_state_known")
        ),
        *(
            sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_books_proofs_{name}_not_negative"))
            for name in ("step", "rows_checked", "broken")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_books_proofs_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_books_proofs")),
    )
    op.create_index(
        "uq_books_proofs_running",
        "books_proofs",
        ["state"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )


def _make_immutable() -> None:
    """Links are append-only, like the entries that they seal."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {LINKS}_no_{deed.lower()} BEFORE {deed} ON {LINKS} "
                f"BEGIN SELECT RAISE(ABORT, '{LINKS} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {LINKS}_append_only BEFORE UPDATE OR DELETE ON {LINKS} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_index(CORRECTIONS, "points_entries")
    op.drop_table("books_proofs")
    op.drop_table("chain_heads")
    op.drop_table(LINKS)
