"""Working off the outbox: each due event, each of its reactions, once."""

import logging
from datetime import datetime
from functools import partial

from shop.reactions.table import REACTIONS
from shop.services.merchant.outbox import Due, claim_due_events, finish_event, postpone_event, run_once

log = logging.getLogger(__name__)


def work_off_outbox(now: datetime) -> int:
    """Run the reactions of the events that are due.  Returns how many events were claimed; 0 means all is told."""
    events = claim_due_events(now)
    for event in events:
        _react(event, now)
    return len(events)


def _react(event: Due, now: datetime) -> None:
    try:
        for reaction in REACTIONS.get(event.kind, ()):
            run_once(event, reaction.__name__, partial(reaction, event.payload, now), now)
    except (
        Exception
    ) as error:  # a broken reaction must not stop the others: it is logged and comes back later
        log.exception("reaction to %s %s failed", event.kind, event.id)
        postpone_event(event, now, repr(error))
    else:
        finish_event(event, now)
