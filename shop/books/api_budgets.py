"""How many points each key has given this month, and whether there is room for more."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from shop.extensions import db
from shop.models import ApiKey, ApiKeyMonth


def count_in(api_key_id: int, month: str, points: int) -> bool:
    """Count points that a key gives; False when its budget for the month has no room for them, and nothing is counted.

    ``month`` is a month of the shop, such as 2026-03.
    """
    budget = db.session.scalar(select(ApiKey.points_per_month).where(ApiKey.id == api_key_id))
    if budget is None or points <= budget:
        dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
        statement = dialect.insert(ApiKeyMonth).values(
            api_key_id=api_key_id, month=month, granted_points=points
        )
        total = ApiKeyMonth.granted_points + points
        statement = statement.on_conflict_do_update(
            index_elements=[ApiKeyMonth.api_key_id, ApiKeyMonth.month],
            set_={"granted_points": total},
            where=None if budget is None else total <= budget,
        )
        counted = db.session.execute(statement.returning(ApiKeyMonth.granted_points))
        return counted.scalar_one_or_none() is not None
    return False


def is_partner(api_key_id: int) -> bool:
    """Whether the points that a key gives are a partner's, who pays for them."""
    statement = select(ApiKey.cents_per_thousand).where(ApiKey.id == api_key_id)
    return db.session.scalar(statement) is not None
