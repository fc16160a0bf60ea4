"""purchases by file, and what a return took back of a month's threshold

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Keep what fell below a month's threshold; let a file bring purchases."""
    op.create_table(
        "month_reversals",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("purchase_id", WHOLE_NUMBER, nullable=False),
        sa.Column("award", WHOLE_NUMBER, nullable=False),
        sa.Column("cause", sa.String(length=140), nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        sa.Column("waived_points", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", DOCUMENT, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_month_reversals_points_positive")),
        sa.CheckConstraint(
            "waived_points BETWEEN 0 AND points", name=op.f("ck_month_reversals_waived_within_points")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entries.id"], name=op.f("fk_month_reversals_entry_id_points_entries")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["purchases.id"], name=op.f("fk_month_reversals_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_reversals")),
        sa.UniqueConstraint(
            "purchase_id", "award", "cause", name=op.f("uq_month_reversals_purchase_id_award_cause")
        ),
    )
    with op.batch_alter_table("imports") as batch:
        batch.drop_constraint(op.f("ck_imports_kind_known"), type_="check")
        batch.create_check_constraint(
            op.f("ck_imports_kind_known"), "kind IN ('members', 'grants', 'purchases')"
        )
        batch.add_column(sa.Column("cents_total", WHOLE_NUMBER, nullable=False, server_default=sa.text("0")))
        batch.create_check_constraint(op.f("ck_imports_cents_total_not_negative"), "cents_total >= 0")
    with op.batch_alter_table("imported_rows") as batch:
        batch.add_column(sa.Column("purchase_id", WHOLE_NUMBER, nullable=True))
        batch.create_foreign_key(
            op.f("fk_imported_rows_purchase_id_purchases"), "purchases", ["purchase_id"], ["id"]
        )


def downgrade() -> None:
    """Only a shop that has loaded no purchases by file can go back."""
    with op.batch_alter_table("imported_rows") as batch:
        batch.drop_constraint(op.f("fk_imported_rows_purchase_id_purchases"), type_="foreignkey")
        batch.drop_column("purchase_id")
    with op.batch_alter_table("imports") as batch:
        batch.drop_constraint(op.f("ck_imports_cents_total_not_negative"), type_="check")
        batch.drop_column("cents_total")
        batch.drop_constraint(op.f("ck_imports_kind_known"), type_="check")
        batch.create_check_constraint(op.f("ck_imports_kind_known"), "kind IN ('members', 'grants')")
    op.drop_table("month_reversals")
