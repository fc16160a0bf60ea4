"""Every job of the shop, in one table: its name, how often it runs, and the one service it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.reactions.dispatch import work_off_outbox
from shop.services.campaigns.coupon_wishes import turn_before_lapse, turn_on_reaching
from shop.services.campaigns.coupons import sweep_expired_coupons
from shop.services.catalogue.products import open_to_everybody
from shop.services.engagement.draws import forfeit_prizes, open_draw_days
from shop.services.members.retention import forget_what_is_over
from shop.services.merchant.approvals import expire_approvals
from shop.services.merchant.imports import forget_stale_imports, work_on_imports
from shop.services.orders.fulfilment import receive_overdue_orders
from shop.services.orders.unpaid import end_unpaid_orders
from shop.services.points.chaining import chain_entries
from shop.services.points.lapsing import release_stale_holds, sweep_expired_lots
from shop.services.points.proving import prove_by_night
from shop.services.points.reminding import remind_expiring
from shop.services.points.simulating import run_simulations
from shop.services.points.tender import end_overdue_tenders
from shop.services.points.tier_gifts import give_birthday_gifts, give_monthly_packs
from shop.services.points.tier_terms import (
    follow_earnings,
    follow_the_ladder,
    remind_of_terms,
    review_tiers,
)

OUTBOX_ROUNDS_MAX = 50


@dataclass(frozen=True)
class Job:
    """``run`` takes the moment.  A job is safe to run twice and on two machines.

    ``lease`` is how long a run keeps other workers away: the longest that a sound run takes, so that a killed worker does
    not delay the job for longer.  A ``slow`` one has a thread of its own, so that the others go on meanwhile.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    lease: timedelta = timedelta(minutes=1)
    slow: bool = False


def tell_what_happened(now: datetime) -> None:
    """Work off the outbox until nothing is due, or for long enough that other jobs get their turn."""
    for _round in range(OUTBOX_ROUNDS_MAX):
        if work_off_outbox(now) == 0:
            return


def beat(now: datetime) -> None:
    """The heart beats by being claimed: readiness looks at when it last did."""


SCHEDULE: tuple[Job, ...] = (
    Job("unpaid_orders", timedelta(seconds=15), end_unpaid_orders),
    Job("first_for_a_tier", timedelta(seconds=15), open_to_everybody),
    Job("receive_overdue", timedelta(minutes=10), receive_overdue_orders),
    Job("imports", timedelta(seconds=2), work_on_imports, lease=timedelta(minutes=5)),
    Job("simulations", timedelta(seconds=2), run_simulations, lease=timedelta(minutes=10), slow=True),
    Job("heartbeat", timedelta(seconds=20), beat),
    Job("outbox", timedelta(seconds=1), tell_what_happened),
    Job("chain", timedelta(seconds=5), chain_entries),
    Job("proof", timedelta(seconds=10), prove_by_night, lease=timedelta(minutes=10)),
    Job("retention", timedelta(hours=1), forget_what_is_over),
    Job("stale_imports", timedelta(hours=1), forget_stale_imports),
    Job("expiry", timedelta(minutes=5), sweep_expired_lots),
    Job("holds", timedelta(minutes=5), release_stale_holds),
    Job("redemptions", timedelta(minutes=1), end_overdue_tenders),
    Job("draw_days", timedelta(minutes=1), open_draw_days),
    Job("prizes", timedelta(minutes=10), forfeit_prizes),
    Job("coupons", timedelta(minutes=10), sweep_expired_coupons),
    Job("coupons_on_reaching", timedelta(seconds=15), turn_on_reaching),
    Job("coupons_before_lapse", timedelta(hours=1), turn_before_lapse),
    Job("approvals", timedelta(hours=1), expire_approvals),
    Job("expiry_reminders", timedelta(hours=6), remind_expiring),
    Job("tier_terms", timedelta(minutes=10), review_tiers, lease=timedelta(minutes=10)),
    Job("tier_reminders", timedelta(hours=6), remind_of_terms, lease=timedelta(minutes=10)),
    Job("tier_ladder", timedelta(minutes=1), follow_the_ladder, lease=timedelta(minutes=10)),
    Job("tier_earnings", timedelta(minutes=1), follow_earnings),
    Job("birthdays", timedelta(minutes=10), give_birthday_gifts),
    Job("tier_packs", timedelta(hours=1), give_monthly_packs, lease=timedelta(minutes=10)),
)
