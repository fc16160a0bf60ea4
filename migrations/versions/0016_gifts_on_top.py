"""Gifts on top of a redemption; freight paid with points.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DEEDS = ("INSERT", "UPDATE", "DELETE")
FREIGHT = {
    "orders": ("shipping_offset_points", "shipping_offset_cents", "refunded_shipping_points"),
    "refunds": ("shipping_points",),
}
GIFT_IS_FREE = "gift_id IS NULL OR (line_points = 0 AND line_cents = 0 AND limit_period IS NULL)"
IS_GIFT = sa.text("gift_id IS NOT NULL")


def upgrade() -> None:
    """Gifts and the lines they became; how much of the freight was paid with points."""
    for table, names in FREIGHT.items():
        for name in names:
            _add_sum(table, name)
    _create_gifts()
    _rename_the_shelf_with_gifts()
    _let_lines_be_gifts()


def downgrade() -> None:
    """Gifts, and what was paid with points for freight, are forgotten; gift lines stay as lines that cost nothing."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_index("ix_order_lines_gift_id", table_name="order_lines")
    if is_sqlite:
        op.execute("ALTER TABLE order_lines DROP COLUMN gift_id")
    else:
        op.drop_column("order_lines", "gift_id")
    for deed in DEEDS:
        place = "" if is_sqlite else " ON gifts"
        op.execute(f"DROP TRIGGER gifts_shelf_{deed.lower()}{place}")
    op.drop_table("gifts")
    for table, names in FREIGHT.items():
        for name in names:
            op.drop_column(table, name)


def _add_sum(table: str, name: str) -> None:
    condition, constraint = f"{name} >= 0", op.f(f"ck_{table}_{name}_not_negative")
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    checks = [sa.CheckConstraint(condition, name=constraint)] if is_sqlite else []
    op.add_column(table, sa.Column(name, WHOLE_NUMBER, *checks, nullable=False, server_default="0"))
    if not is_sqlite:
        op.create_check_constraint(constraint, table, condition)


def _create_gifts() -> None:
    op.create_table(
        "gifts",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=True),
        sa.Column("category_id", WHOLE_NUMBER, nullable=True),
        sa.Column("quantity_min", WHOLE_NUMBER, nullable=False),
        sa.Column("variant_id", WHOLE_NUMBER, nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("order_max", WHOLE_NUMBER, nullable=False),
        sa.Column("member_max", WHOLE_NUMBER, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'on', 'off')", name=op.f("ck_gifts_state_known")),
        sa.CheckConstraint(
            "product_id IS NULL OR category_id IS NULL", name=op.f("ck_gifts_for_one_thing")
        ),
        sa.CheckConstraint("quantity_min > 0", name=op.f("ck_gifts_quantity_min_positive")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_gifts_quantity_positive")),
        sa.CheckConstraint("order_max >= quantity", name=op.f("ck_gifts_order_max_reached")),
        sa.CheckConstraint(
            "member_max IS NULL OR member_max > 0", name=op.f("ck_gifts_member_max_positive")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at < ends_at", name=op.f("ck_gifts_open_for_some_time")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_gifts_product_id_products")),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_gifts_category_id_categories")
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["variants.id"], name=op.f("fk_gifts_variant_id_variants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gifts")),
    )
    op.create_index("ix_gifts_state", "gifts", ["state"])


def _rename_the_shelf_with_gifts() -> None:
    """A product's page says what comes with it: the shelf that lies ready is another one when a gift changes."""
    for deed in DEEDS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER gifts_shelf_{deed.lower()} AFTER {deed} ON gifts "
                "BEGIN UPDATE shelf_states SET name = random() WHERE id = 1; END"
            )
        else:
            op.execute(
                f"CREATE CONSTRAINT TRIGGER gifts_shelf_{deed.lower()} AFTER {deed} ON gifts "
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION rename_shelf()"
            )


def _let_lines_be_gifts() -> None:
    name, foreign_key = op.f("ck_order_lines_gift_is_free"), op.f("fk_order_lines_gift_id_gifts")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE order_lines ADD COLUMN gift_id INTEGER CONSTRAINT {foreign_key} REFERENCES gifts (id) "
            f"CONSTRAINT {name} CHECK ({GIFT_IS_FREE})"
        )
    else:
        op.add_column("order_lines", sa.Column("gift_id", WHOLE_NUMBER, nullable=True))
        op.create_foreign_key(foreign_key, "order_lines", "gifts", ["gift_id"], ["id"])
        op.create_check_constraint(name, "order_lines", GIFT_IS_FREE)
    op.create_index(
        "ix_order_lines_gift_id",
        "order_lines",
        ["gift_id"],
        sqlite_where=IS_GIFT,
        postgresql_where=IS_GIFT,
    )
