"""On PostgreSQL ids become visible out of order; the chain waits for those that may still come."""

import threading

import pytest
from sqlalchemy import select, text

from shop.books.checking import run
from shop.books.points import settling
from shop.books.points.chain import ChainIsWhole
from shop.extensions import db
from shop.models import ChainHead, PointsEntry
from shop.services.points.chaining import chain_entries
from shop.transaction import transaction
from tests.factories import MONDAY, give_points, make_member
from tests.races import run_together
from tests.tampering import tamper

PATIENCE_SECONDS = 30


def chained() -> int:
    db.session.rollback()
    return db.session.scalars(select(ChainHead.entries)).one()


@pytest.mark.only_on("postgresql")
def test_an_entry_that_is_written_and_not_committed_is_waited_for(app):
    slow, quick = make_member(), make_member()
    give_points(quick, 1)
    has_written, may_commit = threading.Event(), threading.Event()

    def write_slowly() -> None:
        from shop.books.points import entries
        from shop.books.rulebooks import occasion_at

        with transaction():
            line = entries.Line("grant", "issued", "slow", source_class="grant")
            entries.earn(slow, 5, line, occasion_at(MONDAY))
            has_written.set()
            assert may_commit.wait(PATIENCE_SECONDS)

    def write_and_chain() -> tuple[int, int]:
        assert has_written.wait(PATIENCE_SECONDS)
        give_points(quick, 2)
        early = chain_entries(MONDAY) + chain_entries(MONDAY)
        may_commit.set()
        return early, 0

    outcomes = run_together([write_slowly, write_and_chain])

    assert [outcome.error for outcome in outcomes] == [None, None]
    early, _nothing = outcomes[1].result
    assert early <= 1  # the entry from before at most; never the one behind the gap
    assert early + chain_entries(MONDAY) + chain_entries(MONDAY) == 3
    assert run((ChainIsWhole(),))[0].offenders == ()


@pytest.mark.only_on("postgresql")
def test_a_mark_of_another_cluster_is_made_anew(app):
    member_id = make_member()
    give_points(member_id, 1)
    tamper("UPDATE chain_heads SET mark_entry_id = 1000, mark_transaction = 9000000000")

    assert chain_entries(MONDAY) == 1
    assert chained() == 1


def test_entries_that_members_make_all_at_once_are_all_chained(app):
    members = [make_member() for _number in range(6)]

    def earn_and_chain(member_id: int) -> None:
        for _number in range(5):
            give_points(member_id, 1)
            chain_entries(MONDAY)

    outcomes = run_together([lambda member_id=member_id: earn_and_chain(member_id) for member_id in members])
    while chain_entries(MONDAY):
        pass

    assert not any(outcome.error for outcome in outcomes)
    assert chained() == 30 == len(db.session.scalars(select(PointsEntry.id)).all())
    assert run((ChainIsWhole(),))[0].offenders == ()


def test_a_chain_without_entries_has_nothing_to_do(app):
    assert chain_entries(MONDAY) == 0
    assert settling.head().links == 0
    assert db.session.scalar(text("SELECT count(*) FROM chain_links")) == 0
