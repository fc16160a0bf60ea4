"""Every day: unused lots are renewed, what cannot be announced in time is put off, and the rest is announced kindly."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from shop.books.points import reminders
from shop.books.rulebooks import Occasion, occasion_at
from shop.models import RulebookVersion
from shop.transaction import transaction

BATCH = 200
BATCHES_MAX = 500


def remind_expiring(now: datetime) -> int:
    """Announce to each member what lapses soon: one message a day, with every lot.  Returns how many are new.

    Before that, what ends too soon to be announced in time is put off, so that what is announced is true.  Each batch is
    a transaction of its own; a repeat on the same day tells nobody twice.
    """
    with transaction() as session:
        if session.scalar(select(RulebookVersion.id).limit(1)) is None:
            return 0
    _in_batches(reminders.renew_unused, now)
    _in_batches(reminders.put_off_unannounced, now)
    return _in_batches(_tell, now)


def _in_batches(work: Callable[[Occasion, int], int], now: datetime) -> int:
    done = 0
    for _batch in range(BATCHES_MAX):
        with transaction():
            count = work(occasion_at(now), BATCH)
        done += count
        if count < BATCH:
            break
    return done


def _tell(occasion: Occasion, limit: int) -> int:
    return reminders.tell(reminders.digests_due(occasion, limit), occasion)
