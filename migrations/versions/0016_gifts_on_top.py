"""Gifts on top of a redemption; freight paid with points.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FREIGHT = {
    "orders": ("shipping_offset_points", "shipping_offset_cents", "refunded_shipping_points"),
    "refunds": ("shipping_points",),
}


def upgrade() -> None:
    """Orders and refunds say how much of the freight was paid with points."""
    for table, names in FREIGHT.items():
        for name in names:
            _add_sum(table, name)


def downgrade() -> None:
    """What an order has paid with points for its freight is forgotten."""
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
