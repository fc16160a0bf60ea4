"""a name for the state of the shelf, so that pages can be kept until it changes"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHOWN = ("products", "variants", "categories", "pictures", "stock_levels")
FEW = 10
"""Up to this many units the shelf says how many are left: a sale above it changes nothing that is shown."""
LEVEL_SHOWN = (
    "OLD.on_hand - OLD.reserved <> NEW.on_hand - NEW.reserved "
    f"AND (OLD.on_hand - OLD.reserved <= {FEW} OR NEW.on_hand - NEW.reserved <= {FEW})"
)


def upgrade() -> None:
    op.create_table(
        "shelf_states",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_states")),
    )
    op.execute("INSERT INTO shelf_states (id, name) VALUES (1, 0)")
    if op.get_bind().dialect.name == "sqlite":
        _rename_on_sqlite()
    else:
        _rename_on_postgresql()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in SHOWN:
        for deed in ("insert", "update", "delete"):
            place = "" if is_sqlite else f" ON {table}"
            op.execute(f"DROP TRIGGER {table}_shelf_{deed}{place}")
    if not is_sqlite:
        op.execute("DROP FUNCTION rename_shelf()")
    op.drop_table("shelf_states")


def _rename_on_sqlite() -> None:
    for table in SHOWN:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_shelf_{deed.lower()} AFTER {deed} ON {table} {_when(table, deed)}"
                "BEGIN UPDATE shelf_states SET name = random() WHERE id = 1; END"
            )


def _rename_on_postgresql() -> None:
    """At the end of the transaction: whoever sells many goods at once must not hold the one row all the while."""
    op.execute(
        "CREATE FUNCTION rename_shelf() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN UPDATE shelf_states SET name = (random() * 9007199254740991)::bigint WHERE id = 1; "
        "RETURN NULL; END $$"
    )
    for table in SHOWN:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            op.execute(
                f"CREATE CONSTRAINT TRIGGER {table}_shelf_{deed.lower()} AFTER {deed} ON {table} "
                f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {_when(table, deed)}EXECUTE FUNCTION rename_shelf()"
            )


def _when(table: str, deed: str) -> str:
    return f"WHEN ({LEVEL_SHOWN}) " if (table, deed) == ("stock_levels", "UPDATE") else ""
