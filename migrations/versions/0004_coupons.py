"""coupons"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SUMS = {
    "orders": (
        "total_cents = goods_cents - offset_cents + shipping_cents",
        "total_cents = goods_cents - coupon_cents - offset_cents + shipping_cents",
    ),
    "order_lines": (
        "paid_cents = line_cents - offset_cents",
        "paid_cents = line_cents - coupon_cents - offset_cents",
    ),
}
"""What a row's cash adds up to, before and after there were coupons."""


def upgrade() -> None:
    op.create_table('coupon_templates',
    sa.Column('id', WHOLE_NUMBER, nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('off_cents', WHOLE_NUMBER, nullable=False),
    sa.Column('off_percent', WHOLE_NUMBER, nullable=False),
    sa.Column('off_cents_max', WHOLE_NUMBER, nullable=True),
    sa.Column('spend_cents_min', WHOLE_NUMBER, nullable=False),
    sa.Column('scope', sa.String(length=16), nullable=False),
    sa.Column('scope_ids', DOCUMENT, nullable=False),
    sa.Column('price_points', WHOLE_NUMBER, nullable=True),
    sa.Column('valid_days', WHOLE_NUMBER, nullable=True),
    sa.Column('valid_from_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('valid_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('total_limit', WHOLE_NUMBER, nullable=True),
    sa.Column('limit_per_member', WHOLE_NUMBER, nullable=True),
    sa.Column('is_refundable', sa.Boolean(), nullable=False),
    sa.Column('is_automatic', sa.Boolean(), nullable=False),
    sa.Column('issued', WHOLE_NUMBER, nullable=False),
    sa.Column('revision', WHOLE_NUMBER, nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('cents_off', 'percent_off')", name=op.f('ck_coupon_templates_kind_known')),
    sa.CheckConstraint("scope IN ('all', 'categories', 'products')", name=op.f('ck_coupon_templates_scope_known')),
    sa.CheckConstraint("state IN ('draft', 'on', 'off')", name=op.f('ck_coupon_templates_state_known')),
    sa.CheckConstraint('(valid_days IS NOT NULL AND valid_days > 0 AND valid_from_at IS NULL AND valid_until_at IS NULL) OR (valid_days IS NULL AND valid_from_at IS NOT NULL AND valid_until_at IS NOT NULL AND valid_from_at < valid_until_at)', name=op.f('ck_coupon_templates_valid_for_some_time')),
    sa.CheckConstraint('issued >= 0', name=op.f('ck_coupon_templates_issued_not_negative')),
    sa.CheckConstraint('limit_per_member IS NULL OR limit_per_member > 0', name=op.f('ck_coupon_templates_limit_per_member_positive')),
    sa.CheckConstraint('off_cents + off_percent > 0', name=op.f('ck_coupon_templates_takes_something_off')),
    sa.CheckConstraint('off_cents >= 0', name=op.f('ck_coupon_templates_off_cents_not_negative')),
    sa.CheckConstraint('off_percent BETWEEN 0 AND 100', name=op.f('ck_coupon_templates_off_percent_in_range')),
    sa.CheckConstraint('price_points IS NULL OR price_points > 0', name=op.f('ck_coupon_templates_price_positive')),
    sa.CheckConstraint('spend_cents_min >= 0', name=op.f('ck_coupon_templates_spend_cents_min_not_negative')),
    sa.CheckConstraint('total_limit IS NULL OR issued <= total_limit', name=op.f('ck_coupon_templates_issued_within_limit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_templates')),
    sa.UniqueConstraint('code', name=op.f('uq_coupon_templates_code'))
    )
    op.create_table('coupon_counts',
    sa.Column('member_id', WHOLE_NUMBER, nullable=False),
    sa.Column('template_id', WHOLE_NUMBER, nullable=False),
    sa.Column('units', WHOLE_NUMBER, nullable=False),
    sa.CheckConstraint('units >= 0', name=op.f('ck_coupon_counts_units_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_coupon_counts_member_id_members')),
    sa.ForeignKeyConstraint(['template_id'], ['coupon_templates.id'], name=op.f('fk_coupon_counts_template_id_coupon_templates')),
    sa.PrimaryKeyConstraint('member_id', 'template_id', name=op.f('pk_coupon_counts'))
    )
    op.create_table('coupon_wishes',
    sa.Column('member_id', WHOLE_NUMBER, nullable=False),
    sa.Column('template_id', WHOLE_NUMBER, nullable=False),
    sa.Column('on_reaching', sa.Boolean(), nullable=False),
    sa.Column('before_lapse', sa.Boolean(), nullable=False),
    sa.Column('turned', WHOLE_NUMBER, nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('turned >= 0', name=op.f('ck_coupon_wishes_turned_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_coupon_wishes_member_id_members')),
    sa.ForeignKeyConstraint(['template_id'], ['coupon_templates.id'], name=op.f('fk_coupon_wishes_template_id_coupon_templates')),
    sa.PrimaryKeyConstraint('member_id', 'template_id', name=op.f('pk_coupon_wishes'))
    )
    op.create_index('ix_coupon_wishes_template_id', 'coupon_wishes', ['template_id'], unique=False)
    op.create_table('coupons',
    sa.Column('id', WHOLE_NUMBER, nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('template_id', WHOLE_NUMBER, nullable=False),
    sa.Column('member_id', WHOLE_NUMBER, nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('origin', sa.String(length=16), nullable=False),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('terms', DOCUMENT, nullable=False),
    sa.Column('points', WHOLE_NUMBER, nullable=False),
    sa.Column('entry_id', WHOLE_NUMBER, nullable=True),
    sa.Column('is_refundable', sa.Boolean(), nullable=False),
    sa.Column('undo_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('order_id', WHOLE_NUMBER, nullable=True),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('valid_from_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('held', 'used')) = (order_id IS NOT NULL)", name=op.f('ck_coupons_order_while_in_use')),
    sa.CheckConstraint("origin IN ('redeemed', 'reached', 'lapsing', 'granted')", name=op.f('ck_coupons_origin_known')),
    sa.CheckConstraint("state IN ('unused', 'held', 'used', 'expired', 'given_back')", name=op.f('ck_coupons_state_known')),
    sa.CheckConstraint('(points > 0) = (entry_id IS NOT NULL)', name=op.f('ck_coupons_paid_by_an_entry')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_coupons_points_not_negative')),
    sa.ForeignKeyConstraint(['entry_id'], ['points_entries.id'], name=op.f('fk_coupons_entry_id_points_entries')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_coupons_member_id_members')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_coupons_order_id_orders')),
    sa.ForeignKeyConstraint(['template_id'], ['coupon_templates.id'], name=op.f('fk_coupons_template_id_coupon_templates')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coupons')),
    sa.UniqueConstraint('code', name=op.f('uq_coupons_code')),
    sa.UniqueConstraint('reference', name=op.f('uq_coupons_reference'))
    )
    op.create_index('ix_coupons_due', 'coupons', ['expires_at', 'id'], unique=False, sqlite_where=sa.text("state = 'unused'"), postgresql_where=sa.text("state = 'unused'"))
    op.create_index('ix_coupons_member_id_state', 'coupons', ['member_id', 'state', 'expires_at'], unique=False)
    op.create_index('ix_coupons_template_id', 'coupons', ['template_id', 'state'], unique=False)
    op.create_index('uq_coupons_order_id', 'coupons', ['order_id'], unique=True)
    op.create_table('coupon_events',
    sa.Column('id', WHOLE_NUMBER, nullable=False),
    sa.Column('coupon_id', WHOLE_NUMBER, nullable=False),
    sa.Column('event', sa.String(length=16), nullable=False),
    sa.Column('from_state', sa.String(length=16), nullable=True),
    sa.Column('to_state', sa.String(length=16), nullable=False),
    sa.Column('order_id', WHOLE_NUMBER, nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coupon_id'], ['coupons.id'], name=op.f('fk_coupon_events_coupon_id_coupons')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_coupon_events_order_id_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coupon_events')),
    sa.UniqueConstraint('coupon_id', 'event', 'order_id', name=op.f('uq_coupon_events_coupon_id_event_order_id'))
    )
    op.create_index('ix_coupon_events_order_id', 'coupon_events', ['order_id'], unique=False)
    _refuse_changes_of_events()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (before, after) in SUMS.items():
        if is_sqlite:
            op.add_column(
                table,
                sa.Column(
                    "coupon_cents",
                    WHOLE_NUMBER,
                    sa.CheckConstraint(
                        "coupon_cents >= 0", name=op.f(f"ck_{table}_coupon_cents_not_negative")
                    ),
                    nullable=False,
                    server_default="0",
                ),
            )
            _rebuild(table, f"CHECK ({before})", f"CHECK ({after})")
        else:
            column = sa.Column("coupon_cents", WHOLE_NUMBER, nullable=False, server_default="0")
            op.add_column(table, column)
            name = f"ck_{table}_coupon_cents_not_negative"
            op.create_check_constraint(op.f(name), table, "coupon_cents >= 0")
            _add_up_to(table, after)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, (before, after) in SUMS.items():
        if is_sqlite:
            _rebuild(table, f"CHECK ({after})", f"CHECK ({before})", without="coupon_cents")
        else:
            _add_up_to(table, before)
            op.drop_column(table, "coupon_cents")
    op.drop_table('coupon_events')
    op.drop_table('coupons')
    op.drop_table('coupon_wishes')
    op.drop_table('coupon_counts')
    op.drop_table('coupon_templates')


def _refuse_changes_of_events() -> None:
    """What happened to a coupon is a journal: the database refuses to change or delete its rows."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            "CREATE TRIGGER coupon_events_append_only BEFORE UPDATE OR DELETE ON coupon_events "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for deed in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER coupon_events_no_{deed.lower()} BEFORE {deed} ON coupon_events "
            "BEGIN SELECT RAISE(ABORT, 'coupon_events is append-only'); END"
        )


def _add_up_to(table: str, condition: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_cents_add_up"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_cents_add_up"), table, condition)


def _rebuild(table: str, old: str, new: str, *, without: str = "") -> None:
    """Write the table anew with another CHECK, from SQLite's own text of it, so that every later column is kept."""
    bind = op.get_bind()
    written = bind.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table}
    )
    indexes = bind.scalars(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"),
        {"name": table},
    ).all()
    assert written.count(old) == 1, written
    head, columns = written.replace(old, new).split("(", 1)
    if without:
        columns = re.sub(rf",\s*{without} INTEGER[^,]*?CHECK \([^)]*\)", "", columns)
    names = [row.name for row in bind.execute(sa.text(f"PRAGMA table_info({table})")) if row.name != without]
    listed = ", ".join(names)
    op.execute(f"CREATE TABLE {table}_new ({columns}")
    op.execute(f"INSERT INTO {table}_new ({listed}) SELECT {listed} FROM {table}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_new RENAME TO {table}")
    for statement in indexes:
        op.execute(statement)
