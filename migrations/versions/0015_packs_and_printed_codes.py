"""packs for newcomers, profiles, devices of friends, and printed codes"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KNOWN = "state IN ('registered', 'paid', 'reversed')"
KNOWN_NOW = "state IN ('registered', 'refused', 'paid', 'reversed')"
REFUSED_FOR = "state <> 'refused' OR refused_for IS NOT NULL"
STATE, STATE_BEFORE = "ck_referrals_state_known", "ck_referrals_ck_referrals_state_known"
COLUMNS = "id, referrer_id, friend_id, state, bound_at, paid_at, ended_at"


def upgrade() -> None:
    op.add_column("members", sa.Column("profile", DOCUMENT, nullable=False, server_default="{}"))
    if _is_sqlite():
        _write_referrals_anew(
            KNOWN_NOW,
            *_refusals(),
            _allowed_by(),
            sa.CheckConstraint(REFUSED_FOR, name=op.f("ck_referrals_refused_for_something")),
        )
    else:
        for column in _refusals():
            op.add_column("referrals", column)
        op.create_foreign_key(
            "fk_referrals_allowed_by_staff_id_staff", "referrals", "staff", ["allowed_by_staff_id"], ["id"]
        )
        op.drop_constraint(op.f(STATE_BEFORE), "referrals", type_="check")
        op.create_check_constraint(op.f(STATE), "referrals", KNOWN_NOW)
        op.create_check_constraint(op.f("ck_referrals_refused_for_something"), "referrals", REFUSED_FOR)
    op.create_index("ix_referrals_state_id", "referrals", ["state", "id"])
    _devices()
    _packs()
    _codes()


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _refusals() -> list[sa.Column]:
    return [
        sa.Column("refused_for", sa.String(40), nullable=True),
        sa.Column("allowed_at", MOMENT, nullable=True),
        sa.Column("allowed_by_staff_id", WHOLE_NUMBER, nullable=True),
    ]


def _allowed_by() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["allowed_by_staff_id"], ["staff.id"], name="fk_referrals_allowed_by_staff_id_staff"
    )


def _write_referrals_anew(known: str, *more: sa.schema.SchemaItem) -> None:
    """SQLite changes no CHECK of a table that stands: it is written again, with its rows."""
    op.create_table(
        "referrals_new",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("referrer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("friend_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        *more,
        sa.CheckConstraint(known, name=op.f(STATE)),
        sa.CheckConstraint("referrer_id <> friend_id", name=op.f("ck_referrals_not_oneself")),
        sa.ForeignKeyConstraint(["referrer_id"], ["members.id"], name="fk_referrals_referrer_id_members"),
        sa.ForeignKeyConstraint(["friend_id"], ["members.id"], name="fk_referrals_friend_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_referrals"),
        sa.UniqueConstraint("friend_id", name="uq_referrals_friend_id"),
    )
    op.execute(f"INSERT INTO referrals_new ({COLUMNS}) SELECT {COLUMNS} FROM referrals")
    op.drop_table("referrals")
    op.rename_table("referrals_new", "referrals")
    op.create_index("ix_referrals_referrer_id_id", "referrals", ["referrer_id", "id"])


def _devices() -> None:
    op.create_table(
        "member_devices",
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("device_index", sa.String(64), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_member_devices_member_id_members"),
        sa.PrimaryKeyConstraint("member_id", "device_index", name="pk_member_devices"),
    )
    op.create_index("ix_member_devices_device_index", "member_devices", ["device_index"])


def _packs() -> None:
    op.create_table(
        "newcomer_packs",
        sa.Column("phone_index", sa.String(64), nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=False),
        sa.Column("coupons", DOCUMENT, nullable=False),
        sa.Column("tickets", WHOLE_NUMBER, nullable=False),
        sa.Column("missing", DOCUMENT, nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.CheckConstraint("tickets >= 0", name=op.f("ck_newcomer_packs_tickets_not_negative")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_newcomer_packs_member_id_members"),
        sa.PrimaryKeyConstraint("phone_index", name="pk_newcomer_packs"),
    )
    op.create_index("ix_newcomer_packs_member_id", "newcomer_packs", ["member_id"])


def _codes() -> None:
    op.create_table(
        "code_batches",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("request_key", sa.String(120), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("points", WHOLE_NUMBER, nullable=False),
        sa.Column("pieces", WHOLE_NUMBER, nullable=False),
        sa.Column("length", WHOLE_NUMBER, nullable=False),
        sa.Column("source_class", sa.String(20), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_staff_id", WHOLE_NUMBER, nullable=False),
        sa.Column("exported_at", MOMENT, nullable=True),
        sa.Column("exported_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.Column("stopped_at", MOMENT, nullable=True),
        sa.Column("stopped_by_staff_id", WHOLE_NUMBER, nullable=True),
        sa.CheckConstraint("points > 0", name=op.f("ck_code_batches_points_positive")),
        sa.CheckConstraint("pieces > 0", name=op.f("ck_code_batches_pieces_positive")),
        sa.CheckConstraint("length >= 12", name=op.f("ck_code_batches_long_enough")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_code_batches_ends_after_beginning")),
        *(
            sa.ForeignKeyConstraint(
                [f"{deed}_by_staff_id"], ["staff.id"], name=f"fk_code_batches_{deed}_by_staff_id_staff"
            )
            for deed in ("created", "exported", "stopped")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_code_batches"),
        sa.UniqueConstraint("request_key", name="uq_code_batches_request_key"),
    )
    op.create_table(
        "points_codes",
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("batch_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code_index", sa.String(64), nullable=False),
        sa.Column("member_id", WHOLE_NUMBER, nullable=True),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("request_key", sa.String(120), nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (member_id IS NULL)", name=op.f("ck_points_codes_used_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["code_batches.id"], name="fk_points_codes_batch_id_code_batches"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_points_codes_member_id_members"),
        sa.PrimaryKeyConstraint("id", name="pk_points_codes"),
        sa.UniqueConstraint("code_index", name="uq_points_codes_code_index"),
    )
    op.create_index("ix_points_codes_batch_id_used_at", "points_codes", ["batch_id", "used_at"])
    op.create_index("ix_points_codes_member_id", "points_codes", ["member_id", "id"])


def downgrade() -> None:
    for table in ("points_codes", "code_batches", "newcomer_packs", "member_devices"):
        op.drop_table(table)
    op.execute("UPDATE referrals SET state = 'registered' WHERE state = 'refused'")
    op.drop_index("ix_referrals_state_id", "referrals")
    if _is_sqlite():
        _write_referrals_anew(KNOWN)
    else:
        op.drop_constraint(op.f("ck_referrals_refused_for_something"), "referrals", type_="check")
        op.drop_constraint(op.f(STATE), "referrals", type_="check")
        op.create_check_constraint(op.f(STATE_BEFORE), "referrals", KNOWN)
        for name in ("allowed_by_staff_id", "allowed_at", "refused_for"):
            op.drop_column("referrals", name)
    op.drop_column("members", "profile")
