"""keys for programs, the answers that their repeats get, and points as tender at a till"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _keys()
    _requests()
    _redemptions()


def downgrade() -> None:
    for table in ("redemption_refunds", "redemptions", "api_key_months", "api_requests", "api_keys"):
        op.drop_table(table)


def _keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("ending", sa.String(8), nullable=False),
        sa.Column("scopes", DOCUMENT, nullable=False),
        sa.Column("store_id", WHOLE_NUMBER, nullable=True),
        sa.Column("points_per_month", WHOLE_NUMBER, nullable=True),
        sa.Column("cents_per_thousand", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("last_used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "points_per_month IS NULL OR points_per_month >= 0", name=op.f("ck_api_keys_points_per_month")
        ),
        sa.CheckConstraint(
            "cents_per_thousand IS NULL OR cents_per_thousand >= 0", name=op.f("ck_api_keys_cents_per_thousand")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_api_keys_store_id_stores")),
        sa.ForeignKeyConstraint(
            ["created_by_staff_id"], ["staff.id"], name=op.f("fk_api_keys_created_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_keys_token_hash")),
    )
    op.create_table(
        "api_key_months",
        sa.Column("api_key_id", WHOLE_NUMBER, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("granted_points", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("granted_points >= 0", name=op.f("ck_api_key_months_granted_points_not_negative")),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_api_key_months_api_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("api_key_id", "month", name=op.f("pk_api_key_months")),
    )


def _requests() -> None:
    op.create_table(
        "api_requests",
        sa.Column("api_key_id", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", WHOLE_NUMBER, nullable=False),
        sa.Column("location", sa.String(200), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["api_key_id"], ["api_keys.id"], name=op.f("fk_api_requests_api_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("api_key_id", "key", name=op.f("pk_api_requests")),
    )
    op.create_index("ix_api_requests_created_at", "api_requests", ["created_at"])


def _redemptions() -> None:
    op.create_table(
        "redemptions",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("hold_id", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("api_key_id", WHOLE_NUMBER, nullable=True),
        sa.Column("store_id", WHOLE_NUMBER, nullable=True),
        sa.Column("receipt", sa.String(60), nullable=False),
        sa.Column("bill_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("off_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        sa.Column("rulebook_version", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemptions_points_positive")),
        sa.CheckConstraint("off_cents <= bill_cents", name=op.f("ck_redemptions_off_within_bill")),
        sa.CheckConstraint("off_cents >= 0", name=op.f("ck_redemptions_off_cents_not_negative")),
        sa.ForeignKeyConstraint(["hold_id"], ["points_holds.id"], name=op.f("fk_redemptions_hold_id_points_holds")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_redemptions_member_id_members")),
        sa.ForeignKeyConstraint(["api_key_id"], ["api_keys.id"], name=op.f("fk_redemptions_api_key_id_api_keys")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_redemptions_store_id_stores")),
        sa.ForeignKeyConstraint(
            ["rulebook_version"], ["rulebook_versions.id"],
            name=op.f("fk_redemptions_rulebook_version_rulebook_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemptions")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_redemptions_hold_id")),
        sa.UniqueConstraint("number", name=op.f("uq_redemptions_number")),
    )
    op.create_index("ix_redemptions_member_id_id", "redemptions", ["member_id", "id"])
    op.create_table(
        "redemption_refunds",
        sa.Column("redemption_id", WHOLE_NUMBER, nullable=False),
        sa.Column("refund", sa.String(60), nullable=False),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        sa.Column("off_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_redemption_refunds_points_positive")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemptions.id"], name=op.f("fk_redemption_refunds_redemption_id_redemptions")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entries.id"], name=op.f("fk_redemption_refunds_entry_id_points_entries")
        ),
        sa.PrimaryKeyConstraint("redemption_id", "refund", name=op.f("pk_redemption_refunds")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_redemption_refunds_entry_id")),
    )
