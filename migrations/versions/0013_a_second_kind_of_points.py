"""further kinds of points: an account for each member and kind, prices and orders that say in which kind"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

MAIN_KIND = "points"


def upgrade() -> None:
    main = {"nullable": False, "server_default": MAIN_KIND}
    with op.batch_alter_table("points_accounts") as accounts:
        accounts.add_column(sa.Column("kind", sa.String(30), **main))
        accounts.drop_constraint("uq_points_accounts_member_id", type_="unique")
        accounts.create_unique_constraint(op.f("uq_points_accounts_member_id_kind"), ["member_id", "kind"])
    further = sa.text("kind <> 'points'")
    op.create_index(
        "ix_points_accounts_further", "points_accounts", ["id"], sqlite_where=further, postgresql_where=further
    )
    for table in ("products", "orders"):
        op.add_column(table, sa.Column("points_kind", sa.String(30), **main))


def downgrade() -> None:
    """Refused by the database while a member has points of two kinds: they would become one."""
    for table in ("orders", "products"):
        op.drop_column(table, "points_kind")
    op.drop_index("ix_points_accounts_further", "points_accounts")
    with op.batch_alter_table("points_accounts") as accounts:
        accounts.drop_constraint(op.f("uq_points_accounts_member_id_kind"), type_="unique")
        accounts.create_unique_constraint(op.f("uq_points_accounts_member_id"), ["member_id"])
        accounts.drop_column("kind")
