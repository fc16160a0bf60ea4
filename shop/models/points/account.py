"""A member's points account: the sums that the books keep, guarded by constraints."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative
from shop.rules.points.kinds import MAIN_KIND


class PointsAccount(Model):
    """One for each kind of points that a member has; the one of the main kind is opened with the member.

    ``balance_points`` is the sum of the lots' remainders; entries sum to balance minus debt.

    ``has_rolling_lots``: some of its lots end later with every movement.  Frozen: nothing can be spent, or what is
    earned has to wait; why and until when says the open row of ``points_freezes``.
    """

    __tablename__ = "points_accounts"
    __table_args__ = (
        *not_negative("balance_points", "held_points", "debt_points"),
        CheckConstraint("held_points <= balance_points", name="held_within_balance"),
        UniqueConstraint("member_id", "kind"),
        Index(
            "ix_points_accounts_further",
            "id",
            sqlite_where=text("kind <> 'points'"),
            postgresql_where=text("kind <> 'points'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    kind: Mapped[str] = mapped_column(String(30), default=MAIN_KIND, server_default=MAIN_KIND)
    balance_points: Mapped[int] = mapped_column(default=0)
    held_points: Mapped[int] = mapped_column(default=0)
    debt_points: Mapped[int] = mapped_column(default=0)
    has_rolling_lots: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_spending_frozen: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_earning_frozen: Mapped[bool] = mapped_column(default=False, server_default=false())


is_main_account = PointsAccount.kind == MAIN_KIND
"""For every statement that asks for *the* points of a member."""
further_accounts = select(PointsAccount.id).where(
    PointsAccount.kind != literal(MAIN_KIND, literal_execute=True)
)
"""For sums over the whole book: nearly always empty, and answered by a partial index."""
