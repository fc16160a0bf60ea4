"""A member's points account: the sums that the books keep, guarded by constraints."""

from sqlalchemy import CheckConstraint, ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative


class PointsAccount(Model):
    """``balance_points`` is the sum of the lots' remainders; entries sum to balance minus debt.

    ``has_rolling_lots``: some of its lots end later with every movement.  Frozen: nothing can be spent, or what is
    earned has to wait; why and until when says the open row of ``points_freezes``.
    """

    __tablename__ = "points_accounts"
    __table_args__ = (
        *not_negative("balance_points", "held_points", "debt_points"),
        CheckConstraint("held_points <= balance_points", name="held_within_balance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), unique=True)
    balance_points: Mapped[int] = mapped_column(default=0)
    held_points: Mapped[int] = mapped_column(default=0)
    debt_points: Mapped[int] = mapped_column(default=0)
    has_rolling_lots: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_spending_frozen: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_earning_frozen: Mapped[bool] = mapped_column(default=False, server_default=false())
