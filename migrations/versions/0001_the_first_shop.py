"""the first shop"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None


def upgrade() -> None:
    op.create_table('categories',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['parent_id'], ['categories.id'], name=op.f('fk_categories_parent_id_categories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_categories')),
    sa.UniqueConstraint('slug', name=op.f('uq_categories_slug'))
    )
    op.create_table('draws',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('rules_text', sa.String(length=600), nullable=False),
    sa.Column('organiser', sa.String(length=120), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('price_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('free_per_day', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempts_per_day', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('budget_points_per_day', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('claim_days', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f('ck_draws_state_known')),
    sa.CheckConstraint('attempts_per_day >= 0', name=op.f('ck_draws_attempts_per_day_not_negative')),
    sa.CheckConstraint('budget_points_per_day IS NULL OR budget_points_per_day >= 0', name=op.f('ck_draws_budget_not_negative')),
    sa.CheckConstraint('free_per_day >= 0', name=op.f('ck_draws_free_per_day_not_negative')),
    sa.CheckConstraint('price_points >= 0', name=op.f('ck_draws_price_points_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draws')),
    sa.UniqueConstraint('slug', name=op.f('uq_draws_slug'))
    )
    op.create_table('job_runs',
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('next_run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('leased_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_run_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=300), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_job_runs'))
    )
    op.create_table('login_codes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone_index', sa.String(length=64), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('tries_left', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('tries_left >= 0', name=op.f('ck_login_codes_tries_left_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_codes'))
    )
    with op.batch_alter_table('login_codes', schema=None) as batch_op:
        batch_op.create_index('ix_login_codes_phone_index_id', ['phone_index', 'id'], unique=False)

    op.create_table('members',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('phone_sealed', sa.String(length=200), nullable=False),
    sa.Column('phone_index', sa.String(length=64), nullable=False),
    sa.Column('phone_last4', sa.String(length=4), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('avatar', sa.String(length=40), nullable=False),
    sa.Column('birthday_sealed', sa.String(length=200), nullable=True),
    sa.Column('birthday_changed_on', sa.Date(), nullable=True),
    sa.Column('locale', sa.String(length=10), nullable=True),
    sa.Column('theme', sa.String(length=10), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('tier_code', sa.String(length=20), nullable=False),
    sa.Column('tier_since_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('growth', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('joined_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state IN ('active', 'suspended', 'closed')", name=op.f('ck_members_state_known')),
    sa.CheckConstraint('growth >= 0', name=op.f('ck_members_growth_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_members')),
    sa.UniqueConstraint('phone_index', name=op.f('uq_members_phone_index'))
    )
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index('ix_members_joined_at', ['joined_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_members_phone_last4'), ['phone_last4'], unique=False)

    op.create_table('outbox_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('payload', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('run_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('leased_until_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=300), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'done', 'dead')", name=op.f('ck_outbox_events_state_known')),
    sa.CheckConstraint('tries >= 0', name=op.f('ck_outbox_events_tries_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_events')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_events_key'))
    )
    with op.batch_alter_table('outbox_events', schema=None) as batch_op:
        batch_op.create_index('ix_outbox_events_due', ['run_at', 'id'], unique=False, sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))

    op.create_table('rate_counts',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('window_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window_at', name=op.f('pk_rate_counts'))
    )
    with op.batch_alter_table('rate_counts', schema=None) as batch_op:
        batch_op.create_index('ix_rate_counts_ends_at', ['ends_at'], unique=False)

    op.create_table('staff',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('locale', sa.String(length=10), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("role IN ('owner', 'editor', 'cashier', 'support')", name=op.f('ck_staff_role_known')),
    sa.CheckConstraint("state IN ('active', 'disabled')", name=op.f('ck_staff_state_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff')),
    sa.UniqueConstraint('email', name=op.f('uq_staff_email'))
    )
    op.create_table('stores',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('address', sa.String(length=160), nullable=False),
    sa.Column('hours', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=30), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stores'))
    )
    op.create_table('addresses',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sealed', sa.String(), nullable=False),
    sa.Column('is_default', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('deleted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_addresses_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_addresses'))
    )
    with op.batch_alter_table('addresses', schema=None) as batch_op:
        batch_op.create_index('ix_addresses_member_id_id', ['member_id', 'id'], unique=False)

    op.create_table('audit_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=80), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('previous_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_audit_entries_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entries')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_entries_hash')),
    sa.UniqueConstraint('previous_hash', name=op.f('uq_audit_entries_previous_hash'))
    )
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.create_index('ix_audit_entries_staff_id', ['staff_id'], unique=False)
        batch_op.create_index('ix_audit_entries_subject', ['subject', 'id'], unique=False)

    op.create_table('draw_days',
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('seed_sealed', sa.String(length=200), nullable=False),
    sa.Column('commitment', sa.String(length=64), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points_given', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_draw_days_attempts_not_negative')),
    sa.CheckConstraint('points_given >= 0', name=op.f('ck_draw_days_points_given_not_negative')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_days_draw_id_draws')),
    sa.PrimaryKeyConstraint('draw_id', 'day', name=op.f('pk_draw_days'))
    )
    op.create_table('draw_member_days',
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('attempts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('free_used', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_draw_member_days_attempts_not_negative')),
    sa.CheckConstraint('free_used >= 0', name=op.f('ck_draw_member_days_free_used_not_negative')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_member_days_draw_id_draws')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_draw_member_days_member_id_members')),
    sa.PrimaryKeyConstraint('draw_id', 'member_id', 'day', name=op.f('pk_draw_member_days'))
    )
    op.create_table('logins',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(member_id IS NULL) <> (staff_id IS NULL)', name=op.f('ck_logins_one_owner')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_logins_member_id_members')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_logins_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logins')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_logins_token_hash'))
    )
    with op.batch_alter_table('logins', schema=None) as batch_op:
        batch_op.create_index('ix_logins_member_id', ['member_id'], unique=False)
        batch_op.create_index('ix_logins_staff_id', ['staff_id'], unique=False)

    op.create_table('messages',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('params', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('link', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_messages_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_messages')),
    sa.UniqueConstraint('key', name=op.f('uq_messages_key'))
    )
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.create_index('ix_messages_member_id_id', ['member_id', 'id'], unique=False)
        batch_op.create_index('ix_messages_unread', ['member_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))

    op.create_table('outbox_receipts',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reaction', sa.String(length=80), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['outbox_events.id'], name=op.f('fk_outbox_receipts_event_id_outbox_events')),
    sa.PrimaryKeyConstraint('event_id', 'reaction', name=op.f('pk_outbox_receipts'))
    )
    op.create_table('points_accounts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('balance_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('held_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('debt_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('balance_points >= 0', name=op.f('ck_points_accounts_balance_points_not_negative')),
    sa.CheckConstraint('debt_points >= 0', name=op.f('ck_points_accounts_debt_points_not_negative')),
    sa.CheckConstraint('held_points <= balance_points', name=op.f('ck_points_accounts_held_within_balance')),
    sa.CheckConstraint('held_points >= 0', name=op.f('ck_points_accounts_held_points_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_points_accounts_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_accounts')),
    sa.UniqueConstraint('member_id', name=op.f('uq_points_accounts_member_id'))
    )
    op.create_table('products',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('subtitle', sa.String(length=160), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('market_price_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('price_points_from', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_cents_from', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tier_code_min', sa.String(length=20), nullable=True),
    sa.Column('tier_growth_min', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('limit_per_member', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('limit_per_order', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('limit_period', sa.String(length=10), nullable=False),
    sa.Column('redeemed_count', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('picture_key', sa.String(length=80), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind IN ('physical', 'voucher', 'service', 'virtual')", name=op.f('ck_products_kind_known')),
    sa.CheckConstraint("state IN ('draft', 'on_sale', 'off_sale')", name=op.f('ck_products_state_known')),
    sa.CheckConstraint('limit_per_member IS NULL OR limit_per_member > 0', name=op.f('ck_products_limit_per_member_positive')),
    sa.CheckConstraint('limit_per_order IS NULL OR limit_per_order > 0', name=op.f('ck_products_limit_per_order_positive')),
    sa.CheckConstraint('price_cents_from >= 0', name=op.f('ck_products_price_cents_from_not_negative')),
    sa.CheckConstraint('price_points_from >= 0', name=op.f('ck_products_price_points_from_not_negative')),
    sa.CheckConstraint('redeemed_count >= 0', name=op.f('ck_products_redeemed_count_not_negative')),
    sa.CheckConstraint('tier_growth_min >= 0', name=op.f('ck_products_tier_growth_min_not_negative')),
    sa.ForeignKeyConstraint(['category_id'], ['categories.id'], name=op.f('fk_products_category_id_categories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_products')),
    sa.UniqueConstraint('slug', name=op.f('uq_products_slug'))
    )
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.create_index('ix_products_category', ['category_id', 'position', 'id'], unique=False, sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.create_index('ix_products_new', ['published_at', 'id'], unique=False, sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.create_index('ix_products_points', ['price_points_from', 'id'], unique=False, sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.create_index('ix_products_popular', ['redeemed_count', 'id'], unique=False, sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.create_index('ix_products_shelf', ['position', 'id'], unique=False, sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))

    op.create_table('rulebook_drafts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_by_staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['updated_by_staff_id'], ['staff.id'], name=op.f('fk_rulebook_drafts_updated_by_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_drafts'))
    )
    op.create_table('rulebook_versions',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.Column('effective_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by_staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['published_by_staff_id'], ['staff.id'], name=op.f('fk_rulebook_versions_published_by_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rulebook_versions'))
    )
    with op.batch_alter_table('rulebook_versions', schema=None) as batch_op:
        batch_op.create_index('ix_rulebook_versions_effective_at', ['effective_at', 'id'], unique=False)

    op.create_table('staff_invitations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_staff_invitations_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_staff_invitations_token_hash'))
    )
    with op.batch_alter_table('staff_invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_invitations_staff_id'), ['staff_id'], unique=False)

    op.create_table('ticket_accounts',
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('balance', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('balance >= 0', name=op.f('ck_ticket_accounts_balance_not_negative')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_ticket_accounts_draw_id_draws')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_ticket_accounts_member_id_members')),
    sa.PrimaryKeyConstraint('member_id', 'draw_id', name=op.f('pk_ticket_accounts'))
    )
    op.create_table('ticket_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tickets', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('source', sa.String(length=24), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('tickets <> 0', name=op.f('ck_ticket_entries_tickets_move')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_ticket_entries_draw_id_draws')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_ticket_entries_member_id_members')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ticket_entries')),
    sa.UniqueConstraint('reference', name=op.f('uq_ticket_entries_reference'))
    )
    with op.batch_alter_table('ticket_entries', schema=None) as batch_op:
        batch_op.create_index('ix_ticket_entries_member_id_draw_id', ['member_id', 'draw_id', 'id'], unique=False)

    op.create_table('orders',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.String(length=24), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('way', sa.String(length=16), nullable=False),
    sa.Column('store_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('address_sealed', sa.String(), nullable=True),
    sa.Column('note', sa.String(length=100), nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('request_hash', sa.String(length=64), nullable=False),
    sa.Column('rulebook_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quote', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('goods_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('goods_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shipping_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('total_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('earn_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_shipping_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pickup_code', sa.String(length=16), nullable=True),
    sa.Column('carrier', sa.String(length=40), nullable=True),
    sa.Column('tracking_number', sa.String(length=60), nullable=True),
    sa.Column('close_reason', sa.String(length=40), nullable=True),
    sa.Column('pay_by_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('placed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('placed', 'paid', 'shipped', 'received', 'closed')", name=op.f('ck_orders_state_known')),
    sa.CheckConstraint("way IN ('shipping', 'pickup', 'none')", name=op.f('ck_orders_way_known')),
    sa.CheckConstraint('earn_points >= 0', name=op.f('ck_orders_earn_points_not_negative')),
    sa.CheckConstraint('goods_cents >= 0', name=op.f('ck_orders_goods_cents_not_negative')),
    sa.CheckConstraint('goods_points >= 0', name=op.f('ck_orders_goods_points_not_negative')),
    sa.CheckConstraint('offset_cents >= 0', name=op.f('ck_orders_offset_cents_not_negative')),
    sa.CheckConstraint('offset_points >= 0', name=op.f('ck_orders_offset_points_not_negative')),
    sa.CheckConstraint('refunded_cents <= total_cents', name=op.f('ck_orders_refund_within_cents')),
    sa.CheckConstraint('refunded_cents >= 0', name=op.f('ck_orders_refunded_cents_not_negative')),
    sa.CheckConstraint('refunded_points <= total_points', name=op.f('ck_orders_refund_within_points')),
    sa.CheckConstraint('refunded_points >= 0', name=op.f('ck_orders_refunded_points_not_negative')),
    sa.CheckConstraint('shipping_cents >= 0', name=op.f('ck_orders_shipping_cents_not_negative')),
    sa.CheckConstraint('total_cents = goods_cents - offset_cents + shipping_cents', name=op.f('ck_orders_cents_add_up')),
    sa.CheckConstraint('total_cents >= 0', name=op.f('ck_orders_total_cents_not_negative')),
    sa.CheckConstraint('total_points = goods_points + offset_points', name=op.f('ck_orders_points_add_up')),
    sa.CheckConstraint('total_points >= 0', name=op.f('ck_orders_total_points_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_orders_member_id_members')),
    sa.ForeignKeyConstraint(['rulebook_version'], ['rulebook_versions.id'], name=op.f('fk_orders_rulebook_version_rulebook_versions')),
    sa.ForeignKeyConstraint(['store_id'], ['stores.id'], name=op.f('fk_orders_store_id_stores')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_orders')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_orders_idempotency_key')),
    sa.UniqueConstraint('number', name=op.f('uq_orders_number')),
    sa.UniqueConstraint('pickup_code', name=op.f('uq_orders_pickup_code'))
    )
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.create_index('ix_orders_member_id_id', ['member_id', 'id'], unique=False)
        batch_op.create_index('ix_orders_state_id', ['state', 'id'], unique=False)
        batch_op.create_index('ix_orders_unpaid', ['pay_by_at', 'id'], unique=False, sqlite_where=sa.text("state = 'placed'"), postgresql_where=sa.text("state = 'placed'"))

    op.create_table('pictures',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('width', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('height', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_pictures_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pictures'))
    )
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.create_index('ix_pictures_product_id', ['product_id', 'position', 'id'], unique=False)

    op.create_table('points_holds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('held', 'captured', 'voided', 'expired')", name=op.f('ck_points_holds_state_known')),
    sa.CheckConstraint('points > 0', name=op.f('ck_points_holds_points_positive')),
    sa.ForeignKeyConstraint(['account_id'], ['points_accounts.id'], name=op.f('fk_points_holds_account_id_points_accounts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_holds')),
    sa.UniqueConstraint('reference', name=op.f('uq_points_holds_reference'))
    )
    with op.batch_alter_table('points_holds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_holds_account_id'), ['account_id'], unique=False)
        batch_op.create_index('ix_points_holds_open', ['expires_at', 'id'], unique=False, sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))

    op.create_table('purchase_counts',
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('units', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('units >= 0', name=op.f('ck_purchase_counts_units_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_purchase_counts_member_id_members')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_purchase_counts_product_id_products')),
    sa.PrimaryKeyConstraint('member_id', 'product_id', 'period', name=op.f('pk_purchase_counts'))
    )
    op.create_table('signins',
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('streak', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('milestones', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('cost_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('rulebook_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('daily', 'makeup')", name=op.f('ck_signins_kind_known')),
    sa.CheckConstraint('cost_points >= 0', name=op.f('ck_signins_cost_points_not_negative')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_signins_points_not_negative')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_signins_member_id_members')),
    sa.ForeignKeyConstraint(['rulebook_version'], ['rulebook_versions.id'], name=op.f('fk_signins_rulebook_version_rulebook_versions')),
    sa.PrimaryKeyConstraint('member_id', 'day', name=op.f('pk_signins'))
    )
    op.create_table('variants',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sku', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=60), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_allowed', sa.Boolean(), nullable=False),
    sa.CheckConstraint("state IN ('active', 'retired')", name=op.f('ck_variants_state_known')),
    sa.CheckConstraint('price_cents >= 0', name=op.f('ck_variants_price_cents_not_negative')),
    sa.CheckConstraint('price_points + price_cents > 0', name=op.f('ck_variants_price_positive')),
    sa.CheckConstraint('price_points >= 0', name=op.f('ck_variants_price_points_not_negative')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_variants_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_variants')),
    sa.UniqueConstraint('sku', name=op.f('uq_variants_sku'))
    )
    with op.batch_alter_table('variants', schema=None) as batch_op:
        batch_op.create_index('ix_variants_product_id', ['product_id', 'position', 'id'], unique=False)

    op.create_table('watches',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('favourite', 'restock')", name=op.f('ck_watches_kind_known')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_watches_member_id_members')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_watches_product_id_products')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watches')),
    sa.UniqueConstraint('member_id', 'product_id', 'kind', name=op.f('uq_watches_member_id_product_id_kind'))
    )
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.create_index('ix_watches_product_id', ['product_id', 'kind'], unique=False)

    op.create_table('cart_items',
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_cart_items_quantity_positive')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_cart_items_member_id_members')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_cart_items_variant_id_variants')),
    sa.PrimaryKeyConstraint('member_id', 'variant_id', name=op.f('pk_cart_items'))
    )
    op.create_table('order_events',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event', sa.String(length=24), nullable=False),
    sa.Column('from_state', sa.String(length=16), nullable=True),
    sa.Column('to_state', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.String(length=16), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("actor IN ('member', 'staff', 'system')", name=op.f('ck_order_events_actor_known')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_events_order_id_orders')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_order_events_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_events'))
    )
    with op.batch_alter_table('order_events', schema=None) as batch_op:
        batch_op.create_index('ix_order_events_order_id_id', ['order_id', 'id'], unique=False)

    op.create_table('order_lines',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sku', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('variant_title', sa.String(length=60), nullable=False),
    sa.Column('picture_key', sa.String(length=80), nullable=True),
    sa.Column('limit_period', sa.String(length=10), nullable=True),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('paid_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_offset_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refunded_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('line_cents >= 0', name=op.f('ck_order_lines_line_cents_not_negative')),
    sa.CheckConstraint('line_points >= 0', name=op.f('ck_order_lines_line_points_not_negative')),
    sa.CheckConstraint('offset_cents >= 0', name=op.f('ck_order_lines_offset_cents_not_negative')),
    sa.CheckConstraint('offset_points >= 0', name=op.f('ck_order_lines_offset_points_not_negative')),
    sa.CheckConstraint('paid_cents = line_cents - offset_cents', name=op.f('ck_order_lines_cents_add_up')),
    sa.CheckConstraint('paid_cents >= 0', name=op.f('ck_order_lines_paid_cents_not_negative')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_order_lines_quantity_positive')),
    sa.CheckConstraint('refunded_cents BETWEEN 0 AND paid_cents', name=op.f('ck_order_lines_refund_within_cents')),
    sa.CheckConstraint('refunded_points BETWEEN 0 AND line_points + offset_points', name=op.f('ck_order_lines_refund_within_points')),
    sa.CheckConstraint('refunded_quantity BETWEEN 0 AND quantity', name=op.f('ck_order_lines_refund_within_quantity')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_order_lines_order_id_orders')),
    sa.ForeignKeyConstraint(['product_id'], ['products.id'], name=op.f('fk_order_lines_product_id_products')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_order_lines_variant_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_lines'))
    )
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.create_index('ix_order_lines_order_id', ['order_id'], unique=False)
        batch_op.create_index('ix_order_lines_variant_id', ['variant_id'], unique=False)

    op.create_table('payments',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('token', sa.String(length=48), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=24), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('amount_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('refunded_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider_reference', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'captured', 'closed', 'refunded_late')", name=op.f('ck_payments_state_known')),
    sa.CheckConstraint('amount_cents > 0', name=op.f('ck_payments_amount_positive')),
    sa.CheckConstraint('refunded_cents <= amount_cents', name=op.f('ck_payments_refund_within_amount')),
    sa.CheckConstraint('refunded_cents >= 0', name=op.f('ck_payments_refunded_cents_not_negative')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_payments_order_id_orders')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payments')),
    sa.UniqueConstraint('token', name=op.f('uq_payments_token'))
    )
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.create_index('ix_payments_order_id', ['order_id'], unique=False)
        batch_op.create_index('uq_payments_open', ['order_id'], unique=True, sqlite_where=sa.text("state IN ('pending', 'captured')"), postgresql_where=sa.text("state IN ('pending', 'captured')"))

    op.create_table('points_entries',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('program_account', sa.String(length=16), nullable=False),
    sa.Column('source_class', sa.String(length=16), nullable=True),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('rulebook_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shop_day', sa.Date(), nullable=False),
    sa.Column('occurred_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('debt_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('balance_after_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('corrects_entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('earn', 'grant', 'redeem', 'restore', 'claw_back', 'expire', 'adjust')", name=op.f('ck_points_entries_kind_known')),
    sa.CheckConstraint("program_account IN ('issued', 'redeemed', 'expired', 'clawed_back', 'adjusted', 'partner')", name=op.f('ck_points_entries_program_account_known')),
    sa.CheckConstraint("source_class IN ('purchase', 'interaction', 'referral', 'draw', 'grant')", name=op.f('ck_points_entries_source_class_known')),
    sa.CheckConstraint('points <> 0', name=op.f('ck_points_entries_points_move')),
    sa.ForeignKeyConstraint(['account_id'], ['points_accounts.id'], name=op.f('fk_points_entries_account_id_points_accounts')),
    sa.ForeignKeyConstraint(['corrects_entry_id'], ['points_entries.id'], name=op.f('fk_points_entries_corrects_entry_id_points_entries')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_points_entries_order_id_orders')),
    sa.ForeignKeyConstraint(['rulebook_version'], ['rulebook_versions.id'], name=op.f('fk_points_entries_rulebook_version_rulebook_versions')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_points_entries_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_entries')),
    sa.UniqueConstraint('reference', name=op.f('uq_points_entries_reference'))
    )
    with op.batch_alter_table('points_entries', schema=None) as batch_op:
        batch_op.create_index('ix_points_entries_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index('ix_points_entries_order_id', ['order_id'], unique=False)
        batch_op.create_index('ix_points_entries_shop_day', ['shop_day'], unique=False)

    op.create_table('prizes',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('title', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('weight_ppm', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stock', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('won', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('is_consolation', sa.Boolean(), nullable=False),
    sa.Column('picture', sa.String(length=80), nullable=False),
    sa.Column('market_price_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("kind IN ('nothing', 'points', 'product')", name=op.f('ck_prizes_kind_known')),
    sa.CheckConstraint('market_price_cents >= 0', name=op.f('ck_prizes_market_price_cents_not_negative')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_prizes_points_not_negative')),
    sa.CheckConstraint('stock IS NULL OR won <= stock', name=op.f('ck_prizes_won_within_stock')),
    sa.CheckConstraint('weight_ppm BETWEEN 0 AND 1000000', name=op.f('ck_prizes_weight_in_range')),
    sa.CheckConstraint('won >= 0', name=op.f('ck_prizes_won_not_negative')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_prizes_draw_id_draws')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_prizes_variant_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prizes'))
    )
    with op.batch_alter_table('prizes', schema=None) as batch_op:
        batch_op.create_index('ix_prizes_draw_id', ['draw_id', 'position'], unique=False)

    op.create_table('stock_levels',
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('received', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('adjusted', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('on_hand', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reserved', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sold', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('returned', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('alert_below', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('on_hand >= 0', name=op.f('ck_stock_levels_on_hand_not_negative')),
    sa.CheckConstraint('received + adjusted = on_hand + sold - returned', name=op.f('ck_stock_levels_units_add_up')),
    sa.CheckConstraint('reserved <= on_hand', name=op.f('ck_stock_levels_reserved_within_on_hand')),
    sa.CheckConstraint('reserved >= 0', name=op.f('ck_stock_levels_reserved_not_negative')),
    sa.CheckConstraint('returned <= sold', name=op.f('ck_stock_levels_returned_within_sold')),
    sa.CheckConstraint('returned >= 0', name=op.f('ck_stock_levels_returned_not_negative')),
    sa.CheckConstraint('sold >= 0', name=op.f('ck_stock_levels_sold_not_negative')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stock_levels_variant_id_variants')),
    sa.PrimaryKeyConstraint('variant_id', name=op.f('pk_stock_levels'))
    )
    op.create_table('stock_movements',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('units', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('received', 'reserved', 'released', 'sold', 'returned', 'adjusted')", name=op.f('ck_stock_movements_kind_known')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_stock_movements_staff_id_staff')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stock_movements_variant_id_variants')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock_movements')),
    sa.UniqueConstraint('reference', name=op.f('uq_stock_movements_reference'))
    )
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.create_index('ix_stock_movements_variant_id_id', ['variant_id', 'id'], unique=False)

    op.create_table('stock_reservations',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('variant_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('units', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.CheckConstraint("state IN ('open', 'sold', 'released')", name=op.f('ck_stock_reservations_state_known')),
    sa.CheckConstraint('units > 0', name=op.f('ck_stock_reservations_units_positive')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_stock_reservations_order_id_orders')),
    sa.ForeignKeyConstraint(['variant_id'], ['variants.id'], name=op.f('fk_stock_reservations_variant_id_variants')),
    sa.PrimaryKeyConstraint('order_id', 'variant_id', name=op.f('pk_stock_reservations'))
    )
    with op.batch_alter_table('stock_reservations', schema=None) as batch_op:
        batch_op.create_index('ix_stock_reservations_variant_id', ['variant_id'], unique=False)

    op.create_table('draw_attempts',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('counter', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_text', sa.String(length=40), nullable=False),
    sa.Column('roll', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('odds', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('prize_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('paid_with', sa.String(length=16), nullable=False),
    sa.Column('price_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('draw_revision', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('rulebook_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('idempotency_key', sa.String(length=80), nullable=False),
    sa.Column('claim_state', sa.String(length=16), nullable=False),
    sa.Column('claim_by_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("claim_state IN ('none', 'waiting', 'claimed', 'forfeited')", name=op.f('ck_draw_attempts_claim_state_known')),
    sa.CheckConstraint("paid_with IN ('free', 'ticket', 'points')", name=op.f('ck_draw_attempts_paid_with_known')),
    sa.CheckConstraint('price_points >= 0', name=op.f('ck_draw_attempts_price_points_not_negative')),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.id'], name=op.f('fk_draw_attempts_draw_id_draws')),
    sa.ForeignKeyConstraint(['member_id'], ['members.id'], name=op.f('fk_draw_attempts_member_id_members')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_draw_attempts_order_id_orders')),
    sa.ForeignKeyConstraint(['prize_id'], ['prizes.id'], name=op.f('fk_draw_attempts_prize_id_prizes')),
    sa.ForeignKeyConstraint(['rulebook_version'], ['rulebook_versions.id'], name=op.f('fk_draw_attempts_rulebook_version_rulebook_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_attempts')),
    sa.UniqueConstraint('draw_id', 'day', 'counter', name=op.f('uq_draw_attempts_draw_id_day_counter')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_draw_attempts_idempotency_key'))
    )
    with op.batch_alter_table('draw_attempts', schema=None) as batch_op:
        batch_op.create_index('ix_draw_attempts_draw_id_id', ['draw_id', 'id'], unique=False)
        batch_op.create_index('ix_draw_attempts_member_id', ['member_id', 'draw_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_draw_attempts_prize_id'), ['prize_id'], unique=False)

    op.create_table('payment_notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('provider', sa.String(length=24), nullable=False),
    sa.Column('notice_id', sa.String(length=80), nullable=False),
    sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('amount_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_payment_notices_payment_id_payments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_notices')),
    sa.UniqueConstraint('provider', 'notice_id', name=op.f('uq_payment_notices_provider_notice_id'))
    )
    with op.batch_alter_table('payment_notices', schema=None) as batch_op:
        batch_op.create_index('ix_payment_notices_payment_id', ['payment_id'], unique=False)

    op.create_table('points_lots',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source_class', sa.String(length=16), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('remaining_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('held_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('credited_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('available_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rulebook_version', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("source_class IN ('purchase', 'interaction', 'referral', 'draw', 'grant')", name=op.f('ck_points_lots_source_class_known')),
    sa.CheckConstraint('held_points <= remaining_points', name=op.f('ck_points_lots_held_within_remaining')),
    sa.CheckConstraint('held_points >= 0', name=op.f('ck_points_lots_held_points_not_negative')),
    sa.CheckConstraint('points > 0', name=op.f('ck_points_lots_points_positive')),
    sa.CheckConstraint('remaining_points <= points', name=op.f('ck_points_lots_remaining_within_points')),
    sa.CheckConstraint('remaining_points >= 0', name=op.f('ck_points_lots_remaining_points_not_negative')),
    sa.ForeignKeyConstraint(['account_id'], ['points_accounts.id'], name=op.f('fk_points_lots_account_id_points_accounts')),
    sa.ForeignKeyConstraint(['entry_id'], ['points_entries.id'], name=op.f('fk_points_lots_entry_id_points_entries')),
    sa.ForeignKeyConstraint(['rulebook_version'], ['rulebook_versions.id'], name=op.f('fk_points_lots_rulebook_version_rulebook_versions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_lots')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_points_lots_entry_id'))
    )
    with op.batch_alter_table('points_lots', schema=None) as batch_op:
        batch_op.create_index('ix_points_lots_due', ['expires_at', 'id'], unique=False, sqlite_where=sa.text('remaining_points > 0'), postgresql_where=sa.text('remaining_points > 0'))
        batch_op.create_index('ix_points_lots_spendable', ['account_id', 'expires_at', 'id'], unique=False, sqlite_where=sa.text('remaining_points > 0'), postgresql_where=sa.text('remaining_points > 0'))

    op.create_table('refunds',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('payment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reference', sa.String(length=160), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('shipping_cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('clawed_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('waived_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cash_state', sa.String(length=16), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('reasons', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('staff_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("cash_state IN ('none', 'queued', 'sent', 'done', 'failed')", name=op.f('ck_refunds_cash_state_known')),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_refunds_cents_not_negative')),
    sa.CheckConstraint('clawed_points >= 0', name=op.f('ck_refunds_clawed_points_not_negative')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_refunds_points_not_negative')),
    sa.CheckConstraint('shipping_cents >= 0', name=op.f('ck_refunds_shipping_cents_not_negative')),
    sa.CheckConstraint('waived_points >= 0', name=op.f('ck_refunds_waived_points_not_negative')),
    sa.ForeignKeyConstraint(['order_id'], ['orders.id'], name=op.f('fk_refunds_order_id_orders')),
    sa.ForeignKeyConstraint(['payment_id'], ['payments.id'], name=op.f('fk_refunds_payment_id_payments')),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_refunds_staff_id_staff')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refunds')),
    sa.UniqueConstraint('reference', name=op.f('uq_refunds_reference'))
    )
    with op.batch_alter_table('refunds', schema=None) as batch_op:
        batch_op.create_index('ix_refunds_order_id', ['order_id'], unique=False)

    op.create_table('points_allocations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('points <> 0', name=op.f('ck_points_allocations_points_move')),
    sa.ForeignKeyConstraint(['entry_id'], ['points_entries.id'], name=op.f('fk_points_allocations_entry_id_points_entries')),
    sa.ForeignKeyConstraint(['lot_id'], ['points_lots.id'], name=op.f('fk_points_allocations_lot_id_points_lots')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_allocations'))
    )
    with op.batch_alter_table('points_allocations', schema=None) as batch_op:
        batch_op.create_index('ix_points_allocations_entry_id', ['entry_id'], unique=False)
        batch_op.create_index('ix_points_allocations_lot_id', ['lot_id'], unique=False)

    op.create_table('points_held_lots',
    sa.Column('hold_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('points > 0', name=op.f('ck_points_held_lots_points_positive')),
    sa.ForeignKeyConstraint(['hold_id'], ['points_holds.id'], name=op.f('fk_points_held_lots_hold_id_points_holds')),
    sa.ForeignKeyConstraint(['lot_id'], ['points_lots.id'], name=op.f('fk_points_held_lots_lot_id_points_lots')),
    sa.PrimaryKeyConstraint('hold_id', 'lot_id', name=op.f('pk_points_held_lots'))
    )
    with op.batch_alter_table('points_held_lots', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_held_lots_lot_id'), ['lot_id'], unique=False)

    op.create_table('refund_lines',
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('offset_points', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cents', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_refund_lines_cents_not_negative')),
    sa.CheckConstraint('offset_points >= 0', name=op.f('ck_refund_lines_offset_points_not_negative')),
    sa.CheckConstraint('points >= 0', name=op.f('ck_refund_lines_points_not_negative')),
    sa.CheckConstraint('quantity >= 0', name=op.f('ck_refund_lines_quantity_not_negative')),
    sa.ForeignKeyConstraint(['line_id'], ['order_lines.id'], name=op.f('fk_refund_lines_line_id_order_lines')),
    sa.ForeignKeyConstraint(['refund_id'], ['refunds.id'], name=op.f('fk_refund_lines_refund_id_refunds')),
    sa.PrimaryKeyConstraint('refund_id', 'line_id', name=op.f('pk_refund_lines'))
    )
    _make_immutable()


IMMUTABLE = ("points_entries", "points_allocations", "audit_entries", "order_events", "stock_movements")


def _make_immutable() -> None:
    """The journals are append-only: the database itself refuses to change or delete their rows (invariant L3)."""
    if op.get_bind().dialect.name == "sqlite":
        for table in IMMUTABLE:
            for deed in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table('refund_lines')
    with op.batch_alter_table('points_held_lots', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_points_held_lots_lot_id'))

    op.drop_table('points_held_lots')
    with op.batch_alter_table('points_allocations', schema=None) as batch_op:
        batch_op.drop_index('ix_points_allocations_lot_id')
        batch_op.drop_index('ix_points_allocations_entry_id')

    op.drop_table('points_allocations')
    with op.batch_alter_table('refunds', schema=None) as batch_op:
        batch_op.drop_index('ix_refunds_order_id')

    op.drop_table('refunds')
    with op.batch_alter_table('points_lots', schema=None) as batch_op:
        batch_op.drop_index('ix_points_lots_spendable', sqlite_where=sa.text('remaining_points > 0'), postgresql_where=sa.text('remaining_points > 0'))
        batch_op.drop_index('ix_points_lots_due', sqlite_where=sa.text('remaining_points > 0'), postgresql_where=sa.text('remaining_points > 0'))

    op.drop_table('points_lots')
    with op.batch_alter_table('payment_notices', schema=None) as batch_op:
        batch_op.drop_index('ix_payment_notices_payment_id')

    op.drop_table('payment_notices')
    with op.batch_alter_table('draw_attempts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draw_attempts_prize_id'))
        batch_op.drop_index('ix_draw_attempts_member_id')
        batch_op.drop_index('ix_draw_attempts_draw_id_id')

    op.drop_table('draw_attempts')
    with op.batch_alter_table('stock_reservations', schema=None) as batch_op:
        batch_op.drop_index('ix_stock_reservations_variant_id')

    op.drop_table('stock_reservations')
    with op.batch_alter_table('stock_movements', schema=None) as batch_op:
        batch_op.drop_index('ix_stock_movements_variant_id_id')

    op.drop_table('stock_movements')
    op.drop_table('stock_levels')
    with op.batch_alter_table('prizes', schema=None) as batch_op:
        batch_op.drop_index('ix_prizes_draw_id')

    op.drop_table('prizes')
    with op.batch_alter_table('points_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_points_entries_shop_day')
        batch_op.drop_index('ix_points_entries_order_id')
        batch_op.drop_index('ix_points_entries_account_id_id')

    op.drop_table('points_entries')
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.drop_index('uq_payments_open', sqlite_where=sa.text("state IN ('pending', 'captured')"), postgresql_where=sa.text("state IN ('pending', 'captured')"))
        batch_op.drop_index('ix_payments_order_id')

    op.drop_table('payments')
    with op.batch_alter_table('order_lines', schema=None) as batch_op:
        batch_op.drop_index('ix_order_lines_variant_id')
        batch_op.drop_index('ix_order_lines_order_id')

    op.drop_table('order_lines')
    with op.batch_alter_table('order_events', schema=None) as batch_op:
        batch_op.drop_index('ix_order_events_order_id_id')

    op.drop_table('order_events')
    op.drop_table('cart_items')
    with op.batch_alter_table('watches', schema=None) as batch_op:
        batch_op.drop_index('ix_watches_product_id')

    op.drop_table('watches')
    with op.batch_alter_table('variants', schema=None) as batch_op:
        batch_op.drop_index('ix_variants_product_id')

    op.drop_table('variants')
    op.drop_table('signins')
    op.drop_table('purchase_counts')
    with op.batch_alter_table('points_holds', schema=None) as batch_op:
        batch_op.drop_index('ix_points_holds_open', sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'"))
        batch_op.drop_index(batch_op.f('ix_points_holds_account_id'))

    op.drop_table('points_holds')
    with op.batch_alter_table('pictures', schema=None) as batch_op:
        batch_op.drop_index('ix_pictures_product_id')

    op.drop_table('pictures')
    with op.batch_alter_table('orders', schema=None) as batch_op:
        batch_op.drop_index('ix_orders_unpaid', sqlite_where=sa.text("state = 'placed'"), postgresql_where=sa.text("state = 'placed'"))
        batch_op.drop_index('ix_orders_state_id')
        batch_op.drop_index('ix_orders_member_id_id')

    op.drop_table('orders')
    with op.batch_alter_table('ticket_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_ticket_entries_member_id_draw_id')

    op.drop_table('ticket_entries')
    op.drop_table('ticket_accounts')
    with op.batch_alter_table('staff_invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_invitations_staff_id'))

    op.drop_table('staff_invitations')
    with op.batch_alter_table('rulebook_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_rulebook_versions_effective_at')

    op.drop_table('rulebook_versions')
    op.drop_table('rulebook_drafts')
    with op.batch_alter_table('products', schema=None) as batch_op:
        batch_op.drop_index('ix_products_shelf', sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.drop_index('ix_products_popular', sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.drop_index('ix_products_points', sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.drop_index('ix_products_new', sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))
        batch_op.drop_index('ix_products_category', sqlite_where=sa.text("state = 'on_sale'"), postgresql_where=sa.text("state = 'on_sale'"))

    op.drop_table('products')
    op.drop_table('points_accounts')
    op.drop_table('outbox_receipts')
    with op.batch_alter_table('messages', schema=None) as batch_op:
        batch_op.drop_index('ix_messages_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.drop_index('ix_messages_member_id_id')

    op.drop_table('messages')
    with op.batch_alter_table('logins', schema=None) as batch_op:
        batch_op.drop_index('ix_logins_staff_id')
        batch_op.drop_index('ix_logins_member_id')

    op.drop_table('logins')
    op.drop_table('draw_member_days')
    op.drop_table('draw_days')
    with op.batch_alter_table('audit_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entries_subject')
        batch_op.drop_index('ix_audit_entries_staff_id')

    op.drop_table('audit_entries')
    with op.batch_alter_table('addresses', schema=None) as batch_op:
        batch_op.drop_index('ix_addresses_member_id_id')

    op.drop_table('addresses')
    op.drop_table('stores')
    op.drop_table('staff')
    with op.batch_alter_table('rate_counts', schema=None) as batch_op:
        batch_op.drop_index('ix_rate_counts_ends_at')

    op.drop_table('rate_counts')
    with op.batch_alter_table('outbox_events', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_events_due', sqlite_where=sa.text("state = 'queued'"), postgresql_where=sa.text("state = 'queued'"))

    op.drop_table('outbox_events')
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_members_phone_last4'))
        batch_op.drop_index('ix_members_joined_at')

    op.drop_table('members')
    with op.batch_alter_table('login_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_login_codes_phone_index_id')

    op.drop_table('login_codes')
    op.drop_table('job_runs')
    op.drop_table('draws')
    op.drop_table('categories')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
