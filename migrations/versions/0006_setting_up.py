"""what a new shop is asked, and what it brings along"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STATES = "'mapping', 'checking', 'checked', 'loading', 'loaded', 'undone', 'cancelled'"
COUNTS = ("rows_total", "rows_done", "rows_good", "rows_bad", "members_count", "points_total")


def upgrade() -> None:
    _shop_settings()
    _imports()
    _import_faults()
    _imported_rows()
    op.create_table(
        "import_mappings",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("fields", DOCUMENT, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "source", name=op.f("pk_import_mappings")),
    )


def _shop_settings() -> None:
    op.create_table(
        "shop_settings",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.String(20), nullable=True),
        sa.Column("slogan", sa.String(40), nullable=False),
        sa.Column("brand_hue", WHOLE_NUMBER, nullable=True),
        sa.Column("spark_hue", WHOLE_NUMBER, nullable=True),
        sa.Column("left_setup_at", MOMENT, nullable=True),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("updated_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("brand_hue BETWEEN 0 AND 359", name=op.f("ck_shop_settings_brand_hue_on_the_wheel")),
        sa.CheckConstraint("spark_hue BETWEEN 0 AND 359", name=op.f("ck_shop_settings_spark_hue_on_the_wheel")),
        sa.ForeignKeyConstraint(
            ["updated_by_staff_id"], ["staff.id"], name=op.f("fk_shop_settings_updated_by_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_settings")),
    )


def _imports() -> None:
    op.create_table(
        "imports",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(120), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("booking_key", sa.String(100), nullable=False),
        sa.Column("headers", DOCUMENT, nullable=False),
        sa.Column("rows_sealed", sa.Text(), nullable=True),
        sa.Column("columns", DOCUMENT, nullable=False),
        sa.Column("existing", sa.String(16), nullable=False),
        sa.Column("whole_only", sa.Boolean(), nullable=False),
        *(sa.Column(name, WHOLE_NUMBER, nullable=False) for name in COUNTS),
        sa.Column("refusal", sa.String(40), nullable=True),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("loaded_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('members', 'grants')", name=op.f("ck_imports_kind_known")),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_imports_state_known")),
        sa.CheckConstraint("existing IN ('add', 'refuse')", name=op.f("ck_imports_existing_known")),
        *(sa.CheckConstraint(f"{name} >= 0", name=op.f(f"ck_imports_{name}_not_negative")) for name in COUNTS),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_imports_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    loaded, working = sa.text("state = 'loaded'"), sa.text("state IN ('checking', 'loading')")
    op.create_index(
        "ix_imports_loaded", "imports", ["kind", "booking_key"], unique=True,
        sqlite_where=loaded, postgresql_where=loaded,
    )
    op.create_index("ix_imports_working", "imports", ["id"], sqlite_where=working, postgresql_where=working)


def _import_faults() -> None:
    op.create_table(
        "import_faults",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("import_id", WHOLE_NUMBER, nullable=False),
        sa.Column("row", WHOLE_NUMBER, nullable=False),
        sa.Column("field", sa.String(20), nullable=False),
        sa.Column("shown", sa.String(60), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("params", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_faults_import_id_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_faults")),
    )
    op.create_index("ix_import_faults_import_id_id", "import_faults", ["import_id", "id"])


def _imported_rows() -> None:
    op.create_table(
        "imported_rows",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("import_id", WHOLE_NUMBER, nullable=False),
        sa.Column("row", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entry_id", WHOLE_NUMBER, nullable=True),
        sa.Column("is_new_member", sa.Boolean(), nullable=False),
        sa.Column("growth", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("growth >= 0", name=op.f("ck_imported_rows_growth_not_negative")),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_imported_rows_import_id_imports")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_imported_rows_member_id_members")),
        sa.ForeignKeyConstraint(["entry_id"], ["points_entries.id"], name=op.f("fk_imported_rows_entry_id_points_entries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_rows")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_imported_rows_entry_id")),
    )
    op.create_index("ix_imported_rows_import_id", "imported_rows", ["import_id"])
    op.create_index("ix_imported_rows_member_id", "imported_rows", ["member_id"])


def downgrade() -> None:
    for table in ("imported_rows", "import_faults", "import_mappings", "imports", "shop_settings"):
        op.drop_table(table)
