"""The state machine: people, the till and the clock do what they like with one member's points, in any order.

After every step the shop's books are compared with the paper, at the end of every example all books are checked.  To
teach it a new deed, add a rule that does it to the shop (``deeds``) and writes it on the paper, both with ``self.now``.
"""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import current_app
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shop.books.checking import run
from shop.books.orders_check import CHECKS as ORDER_CHECKS
from shop.books.points.check import CHECKS as POINTS_CHECKS
from shop.books.points.life_check import CHECKS as LIFE_CHECKS
from shop.errors import InsufficientPoints, PointsFrozen, ShopError
from shop.extensions import db
from shop.queries.points.balance import balance_of
from tests.factories import LONG_AGO
from tests.model import deeds
from tests.model.paper import Paper
from tests.model.terms import FROZEN, TERMS, life_of, midnight
from tests.proof import assert_ledger_is_right

OPENINGS = tuple(
    datetime(*parts, tzinfo=UTC)
    for parts in ((2026, 3, 2, 4), (2026, 12, 30, 15, 59, 59), (2028, 2, 27, 16), (2026, 10, 24, 23, 30))
)
ZONES = tuple(
    ZoneInfo(name)
    for name in ("Asia/Shanghai", "America/Santiago", "Australia/Lord_Howe", "America/New_York")
)
WAITS = {  # what makes the clock move, and by how much; moments at which something turns have names
    "a second": timedelta(seconds=1),
    "a quarter": timedelta(minutes=16),
    "a day": timedelta(days=1),
    "a week": timedelta(days=8),
    "a month": timedelta(days=32),
    "a second back": timedelta(seconds=-1),
    "20 minutes back": timedelta(minutes=-20),
}
PROVEN_IN_FULL = 8
CHECKS = (*POINTS_CHECKS, *LIFE_CHECKS, *ORDER_CHECKS)
LAST_YEAR = 2090  # 2100 has no leap day
A_SECOND = timedelta(seconds=1)
A_MOMENT = timedelta(microseconds=1)
ONE_DAY = timedelta(days=1)
WHICH = st.integers(0, 7)
AMOUNT = st.sampled_from(("all", "one too many", 3, 17, 40, 120))


class PointsMachine(RuleBasedStateMachine):
    """What every part of the machine needs: the clock, the terms in force, and the comparison."""

    def __init__(self, renew):
        super().__init__()
        self.stage = renew()
        self.paper = Paper()
        self.versions = []  # (effective_at, number, terms)
        self.names = 0
        self.not_before = LONG_AGO  # the proofs tell by the clock which end was there first
        self.frozen = None  # {"what", "at"} while points are frozen
        self.again = None  # the last request that carried a key: what a nervous finger sends twice

    @initialize(opening=st.sampled_from(OPENINGS), zone=st.sampled_from(ZONES), terms=TERMS)
    def open(self, opening, zone, terms):
        self.now, self.zone = LONG_AGO, zone
        current_app.config["SHOP_ZONE"] = zone
        self._publish(terms, LONG_AGO)
        self.now = opening

    def teardown(self):
        """Prove the books that these stories write; after some stories, all books and every derived value."""
        if self.names % PROVEN_IN_FULL == 0:
            assert_ledger_is_right()
        broken = [f"{finding.name}: {row}" for finding in run(CHECKS) for row in finding.offenders]
        db.session.remove()
        assert not broken, "the books are wrong:\n" + "\n".join(broken)

    # What the parts share

    @property
    def today(self):
        return self.now.astimezone(self.zone).date()

    @property
    def terms(self):
        return self.terms_at(self.now)

    def terms_at(self, moment):
        """The terms in force then: of the version that took effect last."""
        in_force = (version for version in self.versions if version[0] <= moment)
        return max(in_force, key=lambda version: version[:2])[2]

    @property
    def available(self):
        return self.paper.available(self.now)

    def new_name(self, what):
        self.names += 1
        return f"{what}:{self.names}"

    def points_of(self, amount):
        """An amount in points; "all" that is there, or one more."""
        if amount == "all":
            return max(1, self.available)
        return self.available + 1 if amount == "one too many" else amount

    def is_frozen(self, what):
        return self.frozen is not None and what in self.frozen["what"]

    def affords(self, points, deed, *, by_hand=False):
        """Whether the shop did it; it must refuse exactly what the paper cannot pay, and what is frozen but to staff."""
        is_affordable = points <= self.available
        try:
            deed()
        except PointsFrozen:
            assert self.is_frozen("spending")
            assert not by_hand
            return False
        except InsufficientPoints:
            assert not is_affordable, f"{points} points were refused, {self.available} are there"
            return False
        assert is_affordable, f"{points} points were spent, only {self.available} are there"
        assert by_hand or not self.is_frozen("spending"), "frozen points were spent"
        return True

    def after(self, days, day=None):
        """The end of points that last so many days after a day, or after today."""
        return midnight((day or self.today) + timedelta(days=days + 1), self.zone)

    def last_day(self, end):
        return (end - A_MOMENT).astimezone(self.zone).date()

    def credit(self, name, points, source, terms, wait=timedelta(0), *, by_rule=False):
        """Write down points that came by an earning or a hand; what rules give waits while earning is frozen."""
        since, waits = self.now + wait, None
        life = life_of(terms, source, self.now, self.zone)
        if life["until"] <= since:  # nobody could ever spend them
            life = life_of(terms, source, since, self.zone)
        if by_rule and self.is_frozen("earning"):
            since, waits = FROZEN, since
        self.paper.credit(name, points, now=self.now, since=since, waits=waits, **life)
        self.paper.roll(self.now, self.after)

    def _publish(self, terms, effective_at):
        deeds.publish(terms, effective_at, self.now)
        self.versions.append((effective_at, len(self.versions), terms))

    # The merchant and the clock

    @rule(terms=TERMS, later=st.sampled_from((timedelta(0), timedelta(days=7))))
    def publish(self, terms, later):
        self._publish(terms, self.now + later)

    @rule(how=st.sampled_from((*WAITS, "midnight", "just before midnight")))
    def wait(self, how):
        if how in WAITS:
            self.now = max(self.now + WAITS[how], self.not_before)
            return
        self.now = midnight(self.today + timedelta(days=1), self.zone)
        self.now -= timedelta(0) if how == "midnight" else A_SECOND

    @rule(back=st.sampled_from((timedelta(0), A_SECOND)))
    def wait_for_a_turn(self, back):
        """Until the next moment at which a lot begins or ends, or a second before."""
        turns = [lot[edge] - back for lot in self.paper.lots.values() for edge in ("since", "until")]
        self.now = min((turn for turn in turns if self.now < turn < FROZEN - back), default=self.now)

    @precondition(lambda self: self.today.year < LAST_YEAR)
    @rule()
    def wait_for_leap_day(self):
        year = self.today.year + 1
        while year % 4:
            year += 1
        self.now = datetime(year, 2, 29, 12, tzinfo=self.zone).astimezone(UTC)

    @precondition(lambda self: self.again)
    @rule()
    def repeat_the_last_request(self):
        """The same key again, perhaps later: nothing may change, whatever the answer is."""
        with suppress(ShopError):
            self.again()

    # The comparison

    @invariant()
    def books_and_paper_agree(self):
        lots = self.paper.lots.values()
        left, held = sum(lot["left"] for lot in lots), sum(lot["held"] for lot in lots)
        account, of_the_shop = deeds.books_of(self.stage.member_id)
        sums = (left, held, self.paper.owed)
        assert account == sums, f"balance, held and owed are {account}, on paper {sums}"
        on_paper = {
            name: (lot["left"], lot["held"], lot["since"], lot["until"])
            for name, lot in self.paper.lots.items()
        }
        assert of_the_shop == on_paper, differences(of_the_shop, on_paper)
        shown = balance_of(self.stage.member_id, self.now)
        assert (shown.available, shown.held, shown.owed) == (self.available, held, self.paper.owed)


def differences(of_the_shop, on_paper):
    """The lots that are not the same, in the shop and on paper: left, held, since, until."""
    names = [name for name in {**of_the_shop, **on_paper} if of_the_shop.get(name) != on_paper.get(name)]
    return {name: (of_the_shop.get(name), on_paper.get(name)) for name in names}
