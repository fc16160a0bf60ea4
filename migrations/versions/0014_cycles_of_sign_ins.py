"""sign-ins know the table of their cycle, and the steps of their month

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Until now the version in force paid every day."""
    with op.batch_alter_table("signins") as signins:
        signins.add_column(sa.Column("month_steps", DOCUMENT, nullable=False, server_default="[]"))
        signins.add_column(sa.Column("cycle_version", WHOLE_NUMBER, nullable=True))
        signins.add_column(sa.Column("cycle_offset", WHOLE_NUMBER, nullable=False, server_default="0"))
    op.execute("UPDATE signins SET cycle_version = rulebook_version")
    with op.batch_alter_table("signins") as signins:
        signins.alter_column("cycle_version", existing_type=WHOLE_NUMBER, nullable=False)
        signins.create_foreign_key(
            op.f("fk_signins_cycle_version_rulebook_versions"),
            "rulebook_versions",
            ["cycle_version"],
            ["id"],
        )
        signins.create_check_constraint(op.f("ck_signins_cycle_offset_not_negative"), "cycle_offset >= 0")


def downgrade() -> None:
    """Forget cycles and steps."""
    with op.batch_alter_table("signins") as signins:
        signins.drop_constraint(op.f("ck_signins_cycle_offset_not_negative"), type_="check")
        signins.drop_constraint(op.f("fk_signins_cycle_version_rulebook_versions"), type_="foreignkey")
        for name in ("cycle_offset", "cycle_version", "month_steps"):
            signins.drop_column(name)
