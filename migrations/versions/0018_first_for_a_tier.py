"""goods that a tier may redeem before everybody else"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("products", sa.Column("tier_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("products", "tier_until")
