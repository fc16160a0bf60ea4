"""``flask ledger``: what operators and scripts rely on."""

import pytest

from shop.extensions import db
from shop.models import AuditEntry, PointsAccount
from tests.factories import give_points, make_member
from tests.tampering import Kept, tamper


@pytest.fixture
def run(app, clock):
    def invoke(*arguments):
        return app.test_cli_runner().invoke(args=["ledger", *arguments])

    return invoke


def test_sound_books_are_told_line_by_line(run):
    give_points(make_member(), 100)
    assert run("chain").output == "1 entries chained\n"

    answer = run("check")

    assert answer.exit_code == 0
    assert "BROKEN" not in answer.output
    assert "ok              1 rows  L3 the chain over the entries is whole" in answer.output
    assert "waiting         0 rows" in answer.output
    assert "link 1, 1 entries, " in answer.output


def test_entries_that_wait_for_their_link_are_told(run):
    give_points(make_member(), 100)

    answer = run("check")

    assert answer.exit_code == 0
    assert "waiting         1 rows" in answer.output


def test_a_changed_entry_is_named(run):
    member_id = make_member()
    for _number in range(3):
        give_points(member_id, 100)
    run("chain")
    kept = Kept("points_entries")
    tamper("UPDATE points_entries SET reference = 'other' WHERE id = 2")

    answer = run("check")

    assert answer.exit_code == 1
    assert "('entry', 2, 'is not what was written (link 1)')" in answer.output
    kept.bring_back()


def test_derived_values_are_compared(run):
    give_points(make_member(), 100)

    answer = run("rebuild", "--check")

    assert answer.exit_code == 0
    assert "same            1 rows  accounts: balance, held and debt" in answer.output
    assert "DIFFERS" not in answer.output


def test_what_differs_is_shown_and_written_anew_only_when_asked(run):
    give_points(make_member(), 100)
    tamper("UPDATE points_accounts SET balance_points = 250")

    answer = run("rebuild", "--check")
    assert answer.exit_code == 1
    assert "('1', 'balance_points: 250 stored, 100 derived')" in answer.output
    assert run("rebuild").exit_code == run("rebuild", "--check", "--yes").exit_code == 2
    assert balance() == 250

    answer = run("rebuild", "--yes")

    assert answer.exit_code == 0
    assert "1 rows written anew  accounts" in answer.output
    assert balance() == 100
    assert run("rebuild", "--check").exit_code == 0
    assert db.session.query(AuditEntry).filter_by(action="books.rebuild").count() == 1


def balance() -> int:
    db.session.rollback()
    return db.session.get_one(PointsAccount, 1).balance_points
