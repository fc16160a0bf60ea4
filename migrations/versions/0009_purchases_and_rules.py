"""purchases of every channel, and what the rules need to know of them"""

from datetime import UTC

import sqlalchemy as sa
from alembic import op
from flask import current_app
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _purchases()
    _uses()
    _purchases_of_orders()
    op.add_column("products", sa.Column("tags", sa.String(200), nullable=False, server_default=""))
    op.add_column("points_entries", sa.Column("rule_code", sa.String(30), nullable=True))
    op.add_column("points_entries", sa.Column("purchase_id", WHOLE_NUMBER, nullable=True))
    op.create_index(
        "ix_points_entries_purchase_id",
        "points_entries",
        ["purchase_id"],
        sqlite_where=sa.text("purchase_id IS NOT NULL"),
        postgresql_where=sa.text("purchase_id IS NOT NULL"),
    )


def _purchases_of_orders() -> None:
    """Orders that were paid before purchases were counted: what their quotes promised was decided then."""
    orders = sa.table(
        "orders",
        *(
            sa.column(name)
            for name in (
                "id",
                "member_id",
                "number",
                "rulebook_version",
                "goods_cents",
                "coupon_cents",
                "offset_cents",
                "shipping_cents",
                "refunded_cents",
                "refunded_shipping_cents",
                "total_cents",
            )
        ),
        sa.column("quote", DOCUMENT),
        *(sa.column(name, MOMENT) for name in ("placed_at", "paid_at", "received_at")),
    )
    members = sa.table("members", sa.column("id"), sa.column("tier_code"))
    connection = op.get_bind()
    zone = current_app.config["SHOP_ZONE"]
    paid = (
        sa.select(orders, members.c.tier_code)
        .join(members, members.c.id == orders.c.member_id)
        .where(orders.c.paid_at.is_not(None), orders.c.total_cents > 0)
        .order_by(orders.c.id)
    )
    for order in connection.execute(paid).all():
        paid_at = order.paid_at if order.paid_at.tzinfo else order.paid_at.replace(tzinfo=UTC)
        connection.execute(
            PURCHASES.insert().values(
                member_id=order.member_id,
                order_id=order.id,
                channel="mall",
                source="order",
                external_id=order.number,
                request_hash="",
                tier_code=order.quote.get("tier_code") or order.tier_code,
                cents=order.goods_cents - order.coupon_cents - order.offset_cents,
                shipping_cents=order.shipping_cents,
                refunded_cents=order.refunded_cents - order.refunded_shipping_cents,
                waived_points=0,
                awards=order.quote["earn"],
                rulebook_version=order.rulebook_version,
                placed_at=order.placed_at,
                paid_at=order.paid_at,
                paid_on=paid_at.astimezone(zone).date(),
                credited_at=order.received_at,
            )
        )


PURCHASES = sa.table(
    "purchases",
    *(
        sa.column(name)
        for name in (
            "member_id",
            "order_id",
            "channel",
            "source",
            "external_id",
            "request_hash",
            "tier_code",
            "cents",
            "shipping_cents",
            "refunded_cents",
            "waived_points",
            "rulebook_version",
            "paid_on",
        )
    ),
    sa.column("awards", DOCUMENT),
    *(sa.column(name, MOMENT) for name in ("placed_at", "paid_at", "credited_at")),
)


def downgrade() -> None:
    op.drop_index("ix_points_entries_purchase_id", "points_entries")
    op.drop_column("points_entries", "purchase_id")
    op.drop_column("points_entries", "rule_code")
    op.drop_column("products", "tags")
    for table in ("deeds", "rule_uses", "rule_budgets", "purchase_refunds", "purchase_lines", "purchases"):
        op.drop_table(table)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}_{other}")


def _not_negative(table: str, *columns: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint(f"{column} >= 0", name=f"ck_{table}_{column}_not_negative") for column in columns
    ]


def _purchases() -> None:
    op.create_table(
        "purchases",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("source", sa.String(60), nullable=False),
        sa.Column("external_id", sa.String(80), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("store_id", WHOLE_NUMBER, nullable=True),
        sa.Column("tier_code", sa.String(30), nullable=False),
        sa.Column("cents", WHOLE_NUMBER, nullable=False),
        sa.Column("shipping_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("refunded_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("waived_points", WHOLE_NUMBER, nullable=False),
        sa.Column("awards", DOCUMENT, nullable=False),
        sa.Column("rulebook_version", WHOLE_NUMBER, nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("credited_at", MOMENT, nullable=True),
        sa.Column("recorded_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("channel IN ('mall', 'store', 'elsewhere')", name="ck_purchases_channel_known"),
        *_not_negative("purchases", "cents", "shipping_cents", "refunded_cents", "waived_points"),
        sa.CheckConstraint("refunded_cents <= cents", name="ck_purchases_refund_within_cents"),
        _key("purchases", "member_id", "members"),
        _key("purchases", "order_id", "orders"),
        _key("purchases", "store_id", "stores"),
        _key("purchases", "rulebook_version", "rulebook_versions"),
        _key("purchases", "recorded_by_staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_purchases"),
        sa.UniqueConstraint("order_id", name="uq_purchases_order_id"),
        sa.UniqueConstraint("source", "external_id", name="uq_purchases_source_external_id"),
    )
    op.create_index("ix_purchases_member_id_paid_on", "purchases", ["member_id", "paid_on"])
    op.create_index("ix_purchases_store_id_id", "purchases", ["store_id", "id"])
    op.create_table(
        "purchase_lines",
        sa.Column("purchase_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("sku", sa.String(60), nullable=True),
        sa.Column("category", sa.String(60), nullable=True),
        sa.Column("cents", WHOLE_NUMBER, nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("refunded_cents", WHOLE_NUMBER, nullable=False),
        sa.Column("refunded_quantity", WHOLE_NUMBER, nullable=False),
        *_not_negative("purchase_lines", "cents", "refunded_cents", "refunded_quantity"),
        sa.CheckConstraint("quantity > 0", name="ck_purchase_lines_quantity_positive"),
        sa.CheckConstraint("refunded_cents <= cents", name="ck_purchase_lines_refund_within_cents"),
        sa.CheckConstraint("refunded_quantity <= quantity", name="ck_purchase_lines_refund_within_quantity"),
        _key("purchase_lines", "purchase_id", "purchases"),
        sa.PrimaryKeyConstraint("purchase_id", "number", name="pk_purchase_lines"),
    )
    op.create_table(
        "purchase_refunds",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("purchase_id", WHOLE_NUMBER, nullable=False),
        sa.Column("refund_id", sa.String(80), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("cents", WHOLE_NUMBER, nullable=False),
        sa.Column("clawed_points", WHOLE_NUMBER, nullable=False),
        sa.Column("debt_points", WHOLE_NUMBER, nullable=False),
        sa.Column("waived_points", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff_id", WHOLE_NUMBER, nullable=True),
        *_not_negative("purchase_refunds", "cents", "clawed_points", "debt_points", "waived_points"),
        _key("purchase_refunds", "purchase_id", "purchases"),
        _key("purchase_refunds", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_refunds"),
        sa.UniqueConstraint("purchase_id", "refund_id", name="uq_purchase_refunds_purchase_id_refund_id"),
    )


def _uses() -> None:
    op.create_table(
        "rule_budgets",
        sa.Column("rule_code", sa.String(30), nullable=False),
        sa.Column("used_points", WHOLE_NUMBER, nullable=False),
        *_not_negative("rule_budgets", "used_points"),
        sa.PrimaryKeyConstraint("rule_code", name="pk_rule_budgets"),
    )
    op.create_table(
        "rule_uses",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("rule_code", sa.String(30), nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reference", sa.String(160), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=False),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        *_not_negative("rule_uses", "points"),
        _key("rule_uses", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_uses"),
        sa.UniqueConstraint("rule_code", "reference", name="uq_rule_uses_rule_code_reference"),
    )
    op.create_index(
        "ix_rule_uses_member_id_rule_code_used_on", "rule_uses", ["member_id", "rule_code", "used_on"]
    )
    op.create_table(
        "deeds",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("detail", sa.String(60), nullable=True),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("awards", DOCUMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reversed_at", MOMENT, nullable=True),
        _key("deeds", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name="pk_deeds"),
        sa.UniqueConstraint("event", "key", name="uq_deeds_event_key"),
    )
    op.create_index("ix_deeds_member_id_id", "deeds", ["member_id", "id"])
