"""A member's points account: the sums that the books keep, guarded by constraints."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import not_negative


class PointsAccount(Model):
    """``balance_points`` is the sum of the lots' remainders; entries sum to balance minus debt."""

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
