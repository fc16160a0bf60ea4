"""How often a rule was used, and by whom: for rules with a budget or with a number of times."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.extensions import Model
from shop.models.columns import Document, JsonObject, not_negative


class RuleBudget(Model):
    """The points that all members together were promised by a rule, whatever its version (E23)."""

    __tablename__ = "rule_budgets"
    __table_args__ = (*not_negative("used_points"),)

    rule_code: Mapped[str] = mapped_column(String(30), primary_key=True)
    used_points: Mapped[int] = mapped_column(default=0)


class RuleUse(Model):
    """A rule applied once for a member: ``reference`` is the purchase or deed."""

    __tablename__ = "rule_uses"
    __table_args__ = (
        UniqueConstraint("rule_code", "reference"),
        *not_negative("points"),
        Index("ix_rule_uses_member_id_rule_code_used_on", "member_id", "rule_code", "used_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rule_code: Mapped[str] = mapped_column(String(30))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    reference: Mapped[str] = mapped_column(String(160))
    used_on: Mapped[date]
    points: Mapped[int]


class Deed(Model):
    """Something else than a purchase that a member did and that rules may reward: once for each event and key."""

    __tablename__ = "deeds"
    __table_args__ = (UniqueConstraint("event", "key"), Index("ix_deeds_member_id_id", "member_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    event: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    detail: Mapped[str | None] = mapped_column(String(60))
    request_hash: Mapped[str] = mapped_column(String(64))
    awards: Mapped[list[JsonObject]] = mapped_column(Document, default=list)
    at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]
