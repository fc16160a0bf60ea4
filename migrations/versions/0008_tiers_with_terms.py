"""tiers with a term and a history, monthly packs, and an index of birthdays"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REASONS = (
    "'reached', 'kept', 'fell', 'refunded', 'rules', 'bought', 'granted', 'ended', 'withdrawn', 'merged'"
)


def upgrade() -> None:
    with op.batch_alter_table("members") as members:  # a rulebook's codes are as long as this
        members.alter_column("tier_code", existing_type=sa.String(20), type_=sa.String(30))
    op.add_column("members", sa.Column("tier_until_at", MOMENT, nullable=True))
    op.add_column("members", sa.Column("birthday_index", sa.String(64), nullable=True))
    held = sa.text("tier_until_at IS NOT NULL")
    op.create_index(
        "ix_members_tier_until", "members", ["tier_until_at", "id"], sqlite_where=held, postgresql_where=held
    )
    op.create_index("ix_members_tier_code_id", "members", ["tier_code", "id"])
    op.create_index("ix_members_birthday_index", "members", ["birthday_index"])
    _create_history()
    _create_packs()
    op.create_table(
        "tier_marks",
        sa.Column("name", sa.String(24), nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_tier_marks")),
    )
    op.execute(
        "INSERT INTO tier_history (member_id, to_code, why, at, reason) "
        "SELECT id, tier_code, 'reached', tier_since_at, '' FROM members WHERE tier_since_at <> joined_at"
    )


def downgrade() -> None:
    for table in ("tier_marks", "tier_packs", "tier_history"):
        op.drop_table(table)
    for index in ("ix_members_birthday_index", "ix_members_tier_code_id", "ix_members_tier_until"):
        op.drop_index(index, "members")
    op.drop_column("members", "birthday_index")
    op.drop_column("members", "tier_until_at")
    with op.batch_alter_table("members") as members:
        members.alter_column("tier_code", existing_type=sa.String(30), type_=sa.String(20))


def _create_history() -> None:
    op.create_table(
        "tier_history",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("from_code", sa.String(30), nullable=True),
        sa.Column("to_code", sa.String(30), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=True),
        sa.Column("measure", sa.String(16), nullable=True),
        sa.Column("amount", WHOLE_NUMBER, nullable=True),
        sa.Column("needed", WHOLE_NUMBER, nullable=True),
        sa.Column("counted_from_at", MOMENT, nullable=True),
        sa.Column("rulebook_version", WHOLE_NUMBER, nullable=True),
        sa.Column("reference", sa.String(160), nullable=True),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint(f"why IN ({REASONS})", name=op.f("ck_tier_history_why_known")),
        sa.CheckConstraint("until_at IS NULL OR until_at > at", name=op.f("ck_tier_history_until_later")),
        sa.CheckConstraint(
            "why <> 'granted' OR until_at IS NOT NULL", name=op.f("ck_tier_history_grant_ends")
        ),
        sa.CheckConstraint(
            "entry_id IS NULL OR why = 'bought'", name=op.f("ck_tier_history_only_bought_costs")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_tier_history_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["rulebook_version"],
            ["rulebook_versions.id"],
            name=op.f("fk_tier_history_rulebook_version_rulebook_versions"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entries.id"], name=op.f("fk_tier_history_entry_id_points_entries")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tier_history_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tier_history")),
        sa.UniqueConstraint("reference", name=op.f("uq_tier_history_reference")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_tier_history_entry_id")),
    )
    op.create_index("ix_tier_history_member_id_id", "tier_history", ["member_id", "id"])


def _create_packs() -> None:
    op.create_table(
        "tier_packs",
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("tier_code", sa.String(30), nullable=False),
        sa.Column("pieces", WHOLE_NUMBER, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('tickets', 'coupons')", name=op.f("ck_tier_packs_kind_known")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_tier_packs_pieces_positive")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_tier_packs_member_id_members")),
        sa.PrimaryKeyConstraint("member_id", "month", "kind", name=op.f("pk_tier_packs")),
    )
