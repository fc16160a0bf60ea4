"""The proof of all books: each night and on demand, in slices, and a break stops nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.books import proofs
from shop.extensions import db
from shop.models import AuditEntry, BooksProof, ChainHead
from shop.queries.merchant.dashboard import desk
from shop.queries.points.proofs import last_proof, proof_page
from shop.services.points import proving
from shop.services.points.chaining import chain_entries
from shop.services.points.proving import go_on, prove_by_night, start_proof
from tests.factories import MONDAY, give_points, make_member, make_staff
from tests.races import results_of, run_together
from tests.tampering import Kept, tamper

AN_HOUR = timedelta(hours=1)
NIGHT = MONDAY + 15 * AN_HOUR  # 03:00 of Tuesday in Shanghai


def proofs_made() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(BooksProof.id)).all())


def test_a_night_has_one_proof(app):
    give_points(make_member(), 100)
    assert prove_by_night(MONDAY)
    assert not prove_by_night(MONDAY + AN_HOUR)
    assert not prove_by_night(NIGHT - timedelta(seconds=1))

    assert prove_by_night(NIGHT)
    assert not prove_by_night(NIGHT + timedelta(minutes=1))
    assert not prove_by_night(NIGHT + 12 * AN_HOUR)

    assert proofs_made() == 2
    found = last_proof()
    assert found is not None
    assert (found.finished_at, found.broken, found.staff_name) == (NIGHT, 0, None)
    assert len(proof_page().findings) == len(proofs.STEPS)


def test_a_proof_goes_on_where_it_stood(app, monkeypatch):
    give_points(make_member(), 100)
    monkeypatch.setattr(proving, "ROWS_A_RUN", 1)
    assert not prove_by_night(MONDAY)
    underway = proof_page().underway
    assert underway is not None
    assert 0 < underway.step < underway.steps

    runs = 1
    while not go_on(MONDAY + timedelta(seconds=10 * runs)):
        runs += 1
        assert runs < 100

    assert proofs_made() == 1
    found = last_proof()
    assert found is not None
    assert found.started_at == MONDAY
    assert found.finished_at > MONDAY
    assert [each.name for each in proof_page().findings] == [step.name for step in proofs.STEPS]


def test_two_workers_move_a_proof_once(app, monkeypatch):
    give_points(make_member(), 100)
    monkeypatch.setattr(proving, "ROWS_A_RUN", 1)

    outcomes = run_together([lambda: prove_by_night(MONDAY)] * 4)
    while not go_on(MONDAY):
        pass

    assert len(results_of(outcomes)) == 4
    assert proofs_made() == 1
    assert len(proof_page().findings) == len(proofs.STEPS)


def test_a_proof_of_another_version_is_given_up(app, monkeypatch):
    give_points(make_member(), 100)
    monkeypatch.setattr(proving, "ROWS_A_RUN", 1)
    prove_by_night(MONDAY)
    monkeypatch.setattr(proofs, "STEPS", proofs.STEPS[:-1])

    assert not go_on(MONDAY)

    assert proof_page().underway is None
    assert start_proof(make_staff(), MONDAY) is False
    assert proofs_made() == 2


def test_a_break_is_kept_told_and_stops_nothing(app, caplog):
    other = make_member()
    make_member(points=100)
    tamper("UPDATE points_accounts SET debt_points = 5 WHERE balance_points = 100")
    try:
        start_proof(make_staff(), MONDAY)

        found = last_proof()
        assert found is not None
        assert found.broken == desk().books_broken == 4
        assert "do not add up" in caplog.text
        broken = [each for each in proof_page().findings if each.offenders]
        assert ("2", "debt_points: 5 stored, 0 derived") in broken[-1].offenders
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert entry.action == "books.check"
        assert "L1 trial balance" in entry.reason
        assert give_points(other, 1)
    finally:
        tamper("UPDATE points_accounts SET debt_points = 0")


def test_the_alert_ends_with_the_next_sound_proof(app):
    make_member(points=100)
    tamper("UPDATE points_accounts SET debt_points = 5")
    start_proof(make_staff(), MONDAY)
    assert desk().books_broken
    assert not desk().is_clear

    tamper("UPDATE points_accounts SET debt_points = 0")
    prove_by_night(NIGHT)

    db.session.rollback()
    assert desk().books_broken == 0
    assert desk().is_clear


def test_a_proof_vouches_for_the_chain_as_it_was(app):
    member_id = make_member(points=100)
    chain_entries(MONDAY)
    start_proof(make_staff(), MONDAY)
    end = db.session.scalars(select(ChainHead.hash)).one()
    audited = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert audited is not None
    assert audited.after is not None
    assert audited.after["chain_hash"] == end
    kept = Kept("points_entries", "points_lots", "chain_links", "chain_heads", "points_accounts")

    # Somebody writes an entry anew, with its balance, its lot and the whole chain over it.
    tamper(
        "UPDATE points_entries SET points = 900, balance_after_points = 900",
        "UPDATE points_lots SET points = 900, remaining_points = 900",
        "UPDATE points_accounts SET balance_points = 900",
        "DELETE FROM chain_links",
        f"UPDATE chain_heads SET links = 0, entries = 0, last_entry_id = 0, hash = '{'0' * 64}'",
    )
    chain_entries(MONDAY)
    start_proof(make_staff(), NIGHT)

    broken = [each.name for each in proof_page().findings if each.offenders]
    assert broken == ["L3 the chain still passes through the ends that earlier proofs saw"]
    kept.bring_back()
    tamper("DELETE FROM books_proofs")
    assert member_id


@pytest.mark.parametrize("asked", [1, 2])
def test_proving_while_a_proof_runs_goes_on_with_that_one(app, monkeypatch, asked):
    give_points(make_member(), 100)
    monkeypatch.setattr(proving, "ROWS_A_RUN", 1)
    prove_by_night(MONDAY)

    for _time in range(asked):
        start_proof(make_staff(), MONDAY)

    assert proofs_made() == 1
