"""The proof of the books after a test: everything that ``flask ledger check`` and ``rebuild --check`` prove.

It asks for all of it in a few statements, because it is asked thousands of times; only when something is wrong do the
proofs themselves run and say what.
"""

from functools import cache

from sqlalchemy import TextClause, text

from shop.books.check import ALL_CHECKS
from shop.books.checking import UNESCAPED_COLON, run
from shop.books.proofs import CHAIN
from shop.books.rebuild import ALL_DERIVATIONS
from shop.extensions import db
from shop.queries.points.ledger import check_everything, derive_everything

LAST_ID = 2**31
GROWTH = "members: growth"  # stories put members on a tier by giving them growth that no order brought


def assert_ledger_is_right() -> None:
    """Every invariant of the books and every derived value."""
    broken = [] if _is_right() else _what_is_wrong()
    db.session.remove()
    assert not broken, "the books are wrong:\n" + "\n".join(broken)


def _is_right() -> bool:
    return (
        not db.session.execute(_any_offender()).scalar_one()
        and not any(each.find(0, LAST_ID) for each in ALL_DERIVATIONS if each.name != GROWTH)
        and not any(finding.offenders for finding in run(CHAIN))
    )


@cache
def _any_offender() -> TextClause:
    """Whether any check finds an offender, as one statement."""
    asked = " OR ".join(f"EXISTS ({check.offenders_sql})" for check in ALL_CHECKS)
    return text(UNESCAPED_COLON.sub(r"\:", f"SELECT CASE WHEN {asked} THEN 1 ELSE 0 END"))


def _what_is_wrong() -> list[str]:
    findings = [each for each in (*check_everything(), *derive_everything()) if each.name != GROWTH]
    return [f"{finding.name}: {row}" for finding in findings for row in finding.offenders]
