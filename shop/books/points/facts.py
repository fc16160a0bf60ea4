"""What the rules of earning may know of a member: looked up only as far as the rulebook asks."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

from sqlalchemy import ColumnElement, bindparam, func, select

from shop.books.rulebooks import Occasion
from shop.crypto import unseal
from shop.extensions import db
from shop.models import Member, Purchase, RuleBudget, RuleUse
from shop.rules.points.occurrences import CountAsked, MemberFacts, asks_for_month, questions_of
from shop.rules.rulebook import BirthdayCondition, Rule, Rulebook, Times

BIRTHDAY_COLUMNS = (Member.tier_code, Member.birthday_sealed, Member.birthday_changed_on)
MEMBER = select(*BIRTHDAY_COLUMNS).where(Member.id == bindparam("member_id"))
BUDGETS = select(RuleBudget.rule_code, RuleBudget.used_points).where(
    RuleBudget.rule_code.in_(bindparam("codes", expanding=True))
)
EVER = date(1, 1, 1)


class MemberRow(Protocol):
    """A member's columns that facts are made of: ``BIRTHDAY_COLUMNS``."""

    @property
    def tier_code(self) -> str: ...
    @property
    def birthday_sealed(self) -> str | None: ...
    @property
    def birthday_changed_on(self) -> date | None: ...


class PurchaseRow(Protocol):
    """A purchase that is looked at again."""

    @property
    def id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def tier_code(self) -> str: ...


def facts_of(member_id: int, occasion: Occasion, *, event: str = "purchase") -> MemberFacts:
    """What is known of a member at this moment.  Call it with the account locked when it decides an award."""
    row = db.session.execute(MEMBER, {"member_id": member_id}).one()
    return facts_from(row, member_id, occasion, event=event)


def facts_from(row: MemberRow, member_id: int, occasion: Occasion, *, event: str = "purchase") -> MemberFacts:
    """The same for a caller that has read the member's columns along with something else."""
    rulebook = occasion.rulebook
    return MemberFacts(
        tier_code=row.tier_code,
        birthday=_birthday(row, rulebook),
        birthday_known_on=row.birthday_changed_on,
        purchases_before=_counts(member_id, rulebook, occasion.today),
        month_cents=_month_cents(member_id, occasion.today) if asks_for_month(rulebook) else 0,
        closed_rules=frozenset(_closed(member_id, rulebook, occasion.today, event)),
    )


def facts_before(purchase: PurchaseRow, occasion: Occasion) -> MemberFacts:
    """What was known when this purchase was paid, under the occasion's rulebook and at its moment.

    The birthday is today's; budgets and times count as open, for they belong to the rules that were in force then.
    """
    row = db.session.execute(MEMBER, {"member_id": purchase.member_id}).one()
    rulebook, today = occasion.rulebook, occasion.today
    earlier = Purchase.id < purchase.id
    return MemberFacts(
        tier_code=purchase.tier_code,
        birthday=_birthday(row, rulebook),
        birthday_known_on=row.birthday_changed_on,
        purchases_before=_counts(purchase.member_id, rulebook, today, earlier),
        month_cents=_month_cents(purchase.member_id, today, earlier) if asks_for_month(rulebook) else 0,
    )


def span_start(span: str, today: date) -> date:
    """The first day of the span that a day falls into."""
    return {"ever": EVER, "year": today.replace(month=1, day=1), "month": today.replace(day=1)}.get(
        span, today
    )


def _birthday(row: MemberRow, rulebook: Rulebook) -> date | None:
    if row.birthday_sealed is None or not _asks_for_birthday(rulebook):
        return None
    return date.fromisoformat(unseal(row.birthday_sealed))


def _asks_for_birthday(rulebook: Rulebook) -> bool:
    return any(
        isinstance(condition, BirthdayCondition) for rule in rulebook.rules for condition in rule.conditions
    )


def _counts(
    member_id: int, rulebook: Rulebook, today: date, *which: ColumnElement[bool]
) -> dict[CountAsked, int]:
    questions = sorted(questions_of(rulebook), key=str)
    if not questions:
        return {}
    counts = [
        func.count()
        .filter(
            Purchase.paid_on >= span_start(asked.span, today),
            Purchase.cents >= asked.cents_min,
            *(() if asked.counts_refunded else ((Purchase.refunded_cents < Purchase.cents),)),
        )
        .label(f"count_{number}")
        for number, asked in enumerate(questions)
    ]
    row = db.session.execute(select(*counts).where(Purchase.member_id == member_id, *which)).one()
    return dict(zip(questions, (int(count) for count in row), strict=True))


def _month_cents(member_id: int, today: date, *which: ColumnElement[bool]) -> int:
    statement = select(func.coalesce(func.sum(Purchase.cents - Purchase.refunded_cents), 0)).where(
        Purchase.member_id == member_id,
        Purchase.paid_on.between(today.replace(day=1), _last_of_month(today)),
        *which,
    )
    return int(db.session.scalar(statement) or 0)


def _last_of_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _closed(member_id: int, rulebook: Rulebook, today: date, event: str) -> set[str]:
    """Codes of rules that give nothing more: the budget is used up, or the member's times are over."""
    limited = [rule for rule in rulebook.rules if rule.event == event]
    return out_of_budget(limited) | _out_of_times(limited, member_id, today)


def out_of_budget(rules: Iterable[Rule]) -> set[str]:
    """The codes of those of these rules that have given away all that they may (E23)."""
    budgets = {rule.code: rule.budget_points for rule in rules if rule.budget_points is not None}
    if not budgets:
        return set()
    rows = db.session.execute(BUDGETS, {"codes": list(budgets)})
    return {row.rule_code for row in rows if row.used_points >= budgets[row.rule_code]}


def _out_of_times(rules: list[Rule], member_id: int, today: date) -> set[str]:
    limited = [(rule.code, rule.times) for rule in rules if rule.times is not None]
    if not limited:
        return set()
    counts = [
        func.count().filter(RuleUse.rule_code == code, RuleUse.used_on >= _first_day(times, today))
        for code, times in limited
    ]
    row = db.session.execute(select(*counts).where(RuleUse.member_id == member_id)).one()
    return {code for (code, times), used in zip(limited, row, strict=True) if used >= times.count}


def _first_day(times: Times, today: date) -> date:
    return span_start(times.per, today)
