"""How many points each key has given this month, and whether there is room for more."""

from sqlalchemy import func, select
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


def granted_in(api_key_id: int, month: str) -> int:
    """Points that a key has given in a month."""
    statement = select(func.coalesce(func.sum(ApiKeyMonth.granted_points), 0)).where(
        ApiKeyMonth.api_key_id == api_key_id, ApiKeyMonth.month == month
    )
    return int(db.session.scalar(statement) or 0)
