"""what waits for a second person, and versions of the rulebook that were withdrawn before they started"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("payload", DOCUMENT, nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("asked_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.String(length=200), nullable=False),
        sa.Column("result", DOCUMENT, nullable=True),
        sa.CheckConstraint(
            "kind IN ('publication', 'adjustment', 'grant')", name=op.f("ck_approvals_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'approved', 'refused', 'withdrawn', 'expired')",
            name=op.f("ck_approvals_state_known"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR (decided_by_staff_id IS NOT NULL AND (asked_by_staff_id IS NULL "
            "OR decided_by_staff_id <> asked_by_staff_id))",
            name=op.f("ck_approvals_two_people"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_approvals_decided_or_waiting")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_staff_id"], ["staff.id"], name=op.f("fk_approvals_asked_by_staff_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_staff_id"], ["staff.id"], name=op.f("fk_approvals_decided_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("key", name=op.f("uq_approvals_key")),
    )
    op.create_index("ix_approvals_state", "approvals", ["state", "id"])
    waits = sa.text("state = 'waiting' AND kind = 'publication'")
    op.create_index(
        "uq_approvals_waiting_publication", "approvals", ["kind"], unique=True,
        sqlite_where=waits, postgresql_where=waits,
    )  # fmt: skip
    op.add_column("rulebook_versions", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("rulebook_versions", "withdrawn_at")
    op.drop_table("approvals")
