"""friends who were invited, and the codes that invite them"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("members", sa.Column("invitation_code", sa.String(16), nullable=True))
    op.create_index("uq_members_invitation_code", "members", ["invitation_code"], unique=True)
    op.create_table(
        "referrals",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("referrer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("friend_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("state IN ('registered', 'paid', 'reversed')", name="ck_referrals_state_known"),
        sa.CheckConstraint("referrer_id <> friend_id", name="ck_referrals_not_oneself"),
        sa.ForeignKeyConstraint(["referrer_id"], ["members.id"], name="fk_referrals_referrer_id_members"),
        sa.ForeignKeyConstraint(["friend_id"], ["members.id"], name="fk_referrals_friend_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("friend_id", name="uq_referrals_friend_id"),
    )
    op.create_index("ix_referrals_referrer_id_id", "referrals", ["referrer_id", "id"])


def downgrade() -> None:
    op.drop_table("referrals")
    op.drop_index("uq_members_invitation_code", "members")
    op.drop_column("members", "invitation_code")
