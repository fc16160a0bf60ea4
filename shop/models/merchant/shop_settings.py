"""What the merchant says about the shop itself: its name and its two colours."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model


class ShopSettings(Model):
    """One row, written at the first step of setting up.  What is empty is as the environment and the design have it.

    ``left_setup_at`` is when the merchant was done with setting up, or put it off: it opens by itself no more.
    """

    __tablename__ = "shop_settings"
    __table_args__ = (
        CheckConstraint("brand_hue BETWEEN 0 AND 359", name="brand_hue_on_the_wheel"),
        CheckConstraint("spark_hue BETWEEN 0 AND 359", name="spark_hue_on_the_wheel"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str | None] = mapped_column(String(20))
    slogan: Mapped[str] = mapped_column(String(40), default="")
    brand_hue: Mapped[int | None]
    spark_hue: Mapped[int | None]
    left_setup_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    updated_by_staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
