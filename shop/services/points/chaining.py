"""By the clock: entries are chained in small batches, a few seconds behind the writers."""

from datetime import datetime

from shop.books.points import chain, settling
from shop.transaction import transaction

LINKS_A_RUN = 40


def chain_entries(now: datetime) -> int:
    """Chain every entry that is settled, at most 40 links of 500.  Returns how many entries were chained.

    Each link is worked out before its transaction and written by a guarded update: safe to run twice and on two
    machines, and a killed run loses nothing.
    """
    chained = 0
    for _link in range(LINKS_A_RUN):
        _mark_if_needed()
        end = settling.head()
        link = chain.next_link(end, settling.settled_entry_id(end))
        if link is None:
            break
        with transaction():
            if not chain.append(link, now):
                break
        chained += len(link.seals)
    return chained


def _mark_if_needed() -> None:
    """On PostgreSQL: note how far the next run may go."""
    if not settling.wants_mark(settling.head(), settling.newest_entry_id()):
        return
    with transaction():
        newest = settling.newest_entry_id()
        settling.mark(settling.head(), newest)
