"""simulations of a draft on the shop's own history"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAITING = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    op.create_table(
        "simulations",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("days", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("progress_permille", WHOLE_NUMBER, nullable=False),
        sa.Column("events", WHOLE_NUMBER, nullable=False),
        sa.Column("result", DOCUMENT, nullable=True),
        sa.Column("requested_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("requested_at", MOMENT, nullable=False),
        sa.Column("leased_until_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="ck_simulations_state_known"
        ),
        sa.CheckConstraint("days >= 0", name="ck_simulations_days_not_negative"),
        sa.CheckConstraint("progress_permille >= 0", name="ck_simulations_progress_permille_not_negative"),
        sa.ForeignKeyConstraint(
            ["requested_by_staff_id"], ["staff.id"], name="fk_simulations_requested_by_staff_id_staff"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_simulations"),
    )
    op.create_index(
        "ix_simulations_waiting", "simulations", ["id"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def downgrade() -> None:
    op.drop_table("simulations")
