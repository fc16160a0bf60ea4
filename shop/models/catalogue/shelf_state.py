"""The state of the shelf has a name, so that what was made from it can be kept until it changes."""

from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model


class ShelfState(Model):
    """One row.  Triggers give it a new random name with every change of what the shelf shows; no name comes back."""

    __tablename__ = "shelf_states"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[int]
