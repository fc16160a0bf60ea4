"""Bugs to plant into the shop, one at a time: the machine must find each of them.

This is the one place that patches the shop's own code, and right here that is the point: a test that has never failed
has shown nothing.  Each bug is a function that plants itself with pytest's ``monkeypatch``.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shop.books.orders import paid_orders, refunds
from shop.books.points import accounts, awarding, holds, lots
from shop.books.points import expiry as sweeping
from shop.books.points.entries import lines, restoring
from shop.extensions import db
from shop.rules.engagement.signin import lines as lines_of_signin
from shop.rules.points import expiry

BEFORE_EVERYTHING = datetime(2000, 1, 1, tzinfo=UTC)


def refund_restored_into_an_expired_lot(monkeypatch):
    """Points that come back look for their lots as if none had ever lapsed."""
    honest = restoring.where_it_came_from
    monkeypatch.setattr(
        restoring, "where_it_came_from", lambda spent, points, now: honest(spent, points, BEFORE_EVERYTHING)
    )


def double_reversal(monkeypatch):
    """A refund forgets what earlier refunds of the order took back."""
    honest = paid_orders.load

    def load(order_id, occasion):
        paid = honest(order_id, occasion)
        return replace(paid, awards=tuple(replace(award, clawed_points=0) for award in paid.awards))

    monkeypatch.setattr(paid_orders, "load", load)
    assert refunds.paid_orders is paid_orders


def cap_off_by_one(monkeypatch):
    """A cap leaves room for one point too many."""
    honest = lines_of_signin.apply_caps

    def apply_caps(offered, source_class, earned_so_far, rulebook):
        less = {name: points - 1 for name, points in earned_so_far.items()}
        return honest(offered, source_class, less, rulebook)

    for module in (lines_of_signin, awarding):
        monkeypatch.setattr(module, "apply_caps", apply_caps)


def lost_update(monkeypatch):
    """Sums are worked out from the first reading of a transaction and written back whole: the last writer wins."""
    honest_lock, read = accounts.lock, {}

    def lock(member_id, *points_kind):
        account = honest_lock(member_id, *points_kind)
        read.setdefault((db.session().get_transaction(), account.id), account)
        return account

    def move(account_id, *, balance=0, held=0, debt=0):
        seen = read[db.session().get_transaction(), account_id]
        sums = {
            "balance_points": seen.balance_points + balance,
            "held_points": seen.held_points + held,
            "debt_points": seen.debt_points + debt,
        }
        table = accounts.ACCOUNTS
        db.session.execute(table.update().where(table.c.id == account_id).values(sums))

    monkeypatch.setattr(accounts, "lock", lock)
    monkeypatch.setattr(accounts, "move", move)


def lapsed_points_spent(monkeypatch):
    """A lot can be spent for a day after its end, as long as no sweep has run."""
    honest = lots.choose_affordable
    monkeypatch.setattr(
        lots,
        "choose_affordable",
        lambda account, points, now: honest(account, points, now - timedelta(days=1)),
    )


def hold_let_go_twice(monkeypatch):
    """Ending a hold does not look whether it has ended before."""
    honest = holds._end
    ended = {}

    def end(reference, state, now):
        ended[reference] = honest(reference, state, now) or ended.get(reference)
        return ended[reference]

    monkeypatch.setattr(holds, "_end", end)


def debt_forgotten(monkeypatch):
    """What is owed is not filled by the next earnings."""
    honest = lines.repay_debt
    monkeypatch.setattr(lines, "repay_debt", lambda earned, debt: honest(earned, 0))


def days_of_another_zone(monkeypatch):
    """Ends are counted in days of Greenwich."""
    honest = expiry.expires_at
    monkeypatch.setattr(expiry, "expires_at", lambda policy, at, zone: honest(policy, at, UTC))


def unannounced_points_lapse(monkeypatch):
    """The sweep takes what nobody was told about."""
    monkeypatch.setattr(sweeping, "keep_from_lapsing", lambda lot_ids, occasion: frozenset())


BUGS = (
    refund_restored_into_an_expired_lot,
    double_reversal,
    cap_off_by_one,
    lost_update,
    lapsed_points_spent,
    hold_let_go_twice,
    debt_forgotten,
    days_of_another_zone,
    unannounced_points_lapse,
)
