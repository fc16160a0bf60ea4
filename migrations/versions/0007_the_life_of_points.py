"""extended, frozen, reinstated and merged points"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
APPEND_ONLY = "lot_extensions"


def upgrade() -> None:
    add_columns()
    op.create_table(
        "lot_extensions",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("lot_id", WHOLE_NUMBER, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "reason IN ('activity', 'unused', 'not_announced', 'unfrozen')",
            name=op.f("ck_lot_extensions_reason_known"),
        ),
        sa.CheckConstraint("ends_at > ended_at", name=op.f("ck_lot_extensions_later")),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["points_entries.id"], name=op.f("fk_lot_extensions_entry_id_points_entries")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["points_lots.id"], name=op.f("fk_lot_extensions_lot_id_points_lots")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_extensions")),
    )
    op.create_index("ix_lot_extensions_lot_id", "lot_extensions", ["lot_id", "id"])
    op.create_index("ix_lot_extensions_reason", "lot_extensions", ["reason", "created_at"])
    refuse_changes()
    op.create_table(
        "lot_reminders",
        sa.Column("lot_id", WHOLE_NUMBER, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("days_left", WHOLE_NUMBER, nullable=False),
        sa.Column("is_in_time", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("message_id", WHOLE_NUMBER, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["lot_id"], ["points_lots.id"], name=op.f("fk_lot_reminders_lot_id_points_lots")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_lot_reminders_message_id_messages")
        ),
        sa.PrimaryKeyConstraint("lot_id", "expires_at", "days_left", name=op.f("pk_lot_reminders")),
    )
    create_freezes()
    create_merges()


def add_columns() -> None:
    no = {"server_default": sa.false(), "nullable": False}
    none = {"server_default": "0", "nullable": False}
    op.add_column("points_accounts", sa.Column("has_rolling_lots", sa.Boolean(), **no))
    op.add_column("points_accounts", sa.Column("is_spending_frozen", sa.Boolean(), **no))
    op.add_column("points_accounts", sa.Column("is_earning_frozen", sa.Boolean(), **no))
    with op.batch_alter_table("points_lots") as lots:
        lots.add_column(sa.Column("extension", sa.String(length=16), nullable=True))
        lots.add_column(sa.Column("extension_days", WHOLE_NUMBER, **none))
        lots.add_column(sa.Column("extensions_left", WHOLE_NUMBER, **none))
        lots.add_column(sa.Column("thawed_available_at", MOMENT, nullable=True))
        lots.create_check_constraint(
            op.f("ck_points_lots_extension_known"), "extension IN ('activity', 'unused')"
        )
    with op.batch_alter_table("refunds") as refunds:
        for name in ("deducted_points", "deducted_cents"):
            refunds.add_column(sa.Column(name, WHOLE_NUMBER, **none))
            refunds.create_check_constraint(op.f(f"ck_refunds_{name}_not_negative"), f"{name} >= 0")


def refuse_changes() -> None:
    """The notes about a lot's end are append-only, like the entries."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {APPEND_ONLY}_no_{deed.lower()} BEFORE {deed} ON {APPEND_ONLY} "
                f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {APPEND_ONLY}_append_only BEFORE UPDATE OR DELETE ON {APPEND_ONLY} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def create_freezes() -> None:
    op.create_table(
        "points_freezes",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("freezes_spending", sa.Boolean(), nullable=False),
        sa.Column("freezes_earning", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("lift_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "freezes_spending OR freezes_earning", name=op.f("ck_points_freezes_freezes_something")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.id"], name=op.f("fk_points_freezes_member_id_members")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_points_freezes_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["lifted_by_staff_id"], ["staff.id"], name=op.f("fk_points_freezes_lifted_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_points_freezes")),
    )
    op.create_index("ix_points_freezes_member_id", "points_freezes", ["member_id", "id"])
    still_open = sa.text("lifted_at IS NULL")
    op.create_index(
        "uq_points_freezes_open",
        "points_freezes",
        ["member_id"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )


def create_merges() -> None:
    op.create_table(
        "member_merges",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("from_member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("into_member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("moved", DOCUMENT, nullable=False),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=False),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("reversed_at", MOMENT, nullable=True),
        sa.Column("reversed_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("from_member_id <> into_member_id", name=op.f("ck_member_merges_two_members")),
        sa.ForeignKeyConstraint(
            ["from_member_id"], ["members.id"], name=op.f("fk_member_merges_from_member_id_members")
        ),
        sa.ForeignKeyConstraint(
            ["into_member_id"], ["members.id"], name=op.f("fk_member_merges_into_member_id_members")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_member_merges_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["reversed_by_staff_id"], ["staff.id"], name=op.f("fk_member_merges_reversed_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_merges")),
    )
    op.create_index("ix_member_merges_into_member_id", "member_merges", ["into_member_id"])
    standing = sa.text("reversed_at IS NULL")
    op.create_index(
        "uq_member_merges_standing",
        "member_merges",
        ["from_member_id"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "moved_lots",
        sa.Column("from_lot_id", WHOLE_NUMBER, nullable=False),
        sa.Column("into_lot_id", WHOLE_NUMBER, nullable=False),
        sa.Column("merge_id", WHOLE_NUMBER, nullable=False),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["from_lot_id"], ["points_lots.id"], name=op.f("fk_moved_lots_from_lot_id_points_lots")
        ),
        sa.ForeignKeyConstraint(
            ["into_lot_id"], ["points_lots.id"], name=op.f("fk_moved_lots_into_lot_id_points_lots")
        ),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["member_merges.id"], name=op.f("fk_moved_lots_merge_id_member_merges")
        ),
        sa.PrimaryKeyConstraint("from_lot_id", "into_lot_id", name=op.f("pk_moved_lots")),
    )
    op.create_index(op.f("ix_moved_lots_merge_id"), "moved_lots", ["merge_id"])


def downgrade() -> None:
    for table in ("moved_lots", "member_merges", "points_freezes", "lot_reminders", "lot_extensions"):
        op.drop_table(table)
    with op.batch_alter_table("refunds") as refunds:
        for name in ("deducted_points", "deducted_cents"):
            refunds.drop_constraint(op.f(f"ck_refunds_{name}_not_negative"), type_="check")
            refunds.drop_column(name)
    with op.batch_alter_table("points_lots") as lots:
        lots.drop_constraint(op.f("ck_points_lots_extension_known"), type_="check")
        for name in ("extension", "extension_days", "extensions_left", "thawed_available_at"):
            lots.drop_column(name)
    for name in ("has_rolling_lots", "is_spending_frozen", "is_earning_frozen"):
        op.drop_column("points_accounts", name)
