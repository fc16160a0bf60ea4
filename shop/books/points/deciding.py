"""The decision on an award, written down once: evaluated, kept within budgets, and counted."""

from dataclasses import replace

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.books import outbox
from shop.books.rulebooks import Occasion
from shop.extensions import db, table_of
from shop.models import RuleBudget, RuleUse
from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.earning import Award, Awards, evaluate
from shop.rules.points.occurrences import Occurrence
from shop.rules.reasons import because
from shop.rules.rulebook import Rule

QUIET = {"synchronize_session": False}
BUDGETS = table_of(RuleBudget)
TAKE = (
    update(BUDGETS)
    .where(
        BUDGETS.c.rule_code == bindparam("of_rule"),
        BUDGETS.c.used_points + bindparam("more") <= bindparam("budget"),
    )
    .values(used_points=BUDGETS.c.used_points + bindparam("more"))
)
USED = select(RuleBudget.used_points).where(RuleBudget.rule_code == bindparam("of_rule")).with_for_update()


def decide(member_id: int, occurrence: Occurrence, reference: str, occasion: Occasion) -> Awards:
    """What an occurrence earns, decided for good: budgets are taken from, uses are counted.

    Call it once for each reference, with the member's account locked: what all share (budgets) is locked last.
    """
    rulebook = occasion.rulebook
    decided = []
    for award in evaluate(occurrence, rulebook).awards:
        rule = rulebook.rule(award.rule)
        if rule is not None and rule.budget_points is not None:
            award = _within_budget(award, rule, rule.budget_points, occasion)  # noqa: PLW2901
        if award.points == 0:
            continue
        if rule is not None and (rule.budget_points is not None or rule.times is not None):
            _count(member_id, rule, award.points, reference, occasion)
        decided.append(award)
    return Awards(tuple(decided))


def _within_budget(award: Award, rule: Rule, budget: int, occasion: Occasion) -> Award:
    """The award as far as the rule's budget reaches.  Whoever takes the last of it says so, once for each budget."""
    _open_budget(rule.code)
    left = _take(award.points, rule.code, budget)
    if _used(rule.code) >= budget:
        payload = {
            "rule": rule.code,
            "name": rule.name,
            "budget_points": budget,
            "version": occasion.version,
        }
        outbox.put_once("rule_exhausted", f"rule_exhausted:{rule.code}:{budget}", occasion.now, payload)
    if left == award.points:
        return award
    cut = because(
        "cut_by_budget", budget_points=budget, offered_points=award.points, cut_points=award.points - left
    )
    shares = largest_remainder(left, award.shares) if award.shares else ()
    return replace(award, points=left, shares=shares, reasons=(*award.reasons, cut))


def _take(points: int, code: str, budget: int) -> int:
    """Take from the budget what it has; the guarded update decides between members at one moment."""
    left = points
    while left:
        taken = db.session.execute(
            TAKE, {"of_rule": code, "more": left, "budget": budget}, execution_options=QUIET
        )
        if taken.rowcount:  # type: ignore[attr-defined]
            break
        left = min(left, max(0, budget - _used(code)))
    return left


def _used(code: str) -> int:
    return int(db.session.scalar(USED, {"of_rule": code}) or 0)


def _open_budget(code: str) -> None:
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(RuleBudget).values(rule_code=code, used_points=0)
    db.session.execute(row.on_conflict_do_nothing(index_elements=[RuleBudget.rule_code]))


def _count(member_id: int, rule: Rule, points: int, reference: str, occasion: Occasion) -> None:
    row = {
        "rule_code": rule.code,
        "member_id": member_id,
        "reference": reference,
        "used_on": occasion.today,
        "points": points,
    }
    db.session.execute(insert(table_of(RuleUse)).values(row))


def forget(reference: str) -> None:
    """As if an occurrence had never been decided: its uses are free again, and budgets get back what it took."""
    mine = RuleUse.reference == reference
    for use in db.session.execute(select(RuleUse.rule_code, RuleUse.points).where(mine)).all():
        back = update(RuleBudget).where(
            RuleBudget.rule_code == use.rule_code, RuleBudget.used_points >= use.points
        )
        db.session.execute(
            back.values(used_points=RuleBudget.used_points - use.points), execution_options=QUIET
        )
    db.session.execute(delete(RuleUse).where(mine), execution_options=QUIET)
