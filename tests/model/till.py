"""At the till and in the back office: points by hand, spent, held, given back; the calendar; what runs by the clock.

A deed that needs an earlier one (what is given back must have been spent) does that one first when it has to: examples
in which Hypothesis leaves some deeds out stay busy.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from shop.services.engagement.signin import sign_in
from shop.services.orders.unpaid import end_unpaid_orders
from shop.services.points.adjusting import adjust_points
from shop.services.points.lapsing import release_stale_holds, sweep_expired_lots
from shop.services.points.reminding import remind_expiring
from tests.model import deeds
from tests.model.machine import AMOUNT, ONE_DAY, WHICH, PointsMachine
from tests.model.terms import SOURCES, cut_by_caps, midnight, points_for_signing_in, table_that_pays

HOLD_MINUTES = 15
GRACE_OF_STALE_HOLDS = timedelta(minutes=10)
RENEWED_DAYS_AHEAD = 2


class Till(PointsMachine):
    """Everything but purchases."""

    def __init__(self, renew):
        super().__init__(renew)
        self.spendings = []  # names of what was spent at the till
        self.held_until = {}  # name of a hold at the till -> when its time is over
        self.earned = []  # (day, source, points): what counts under the caps
        self.signed = {}  # day -> (streak, the terms whose table paid it, days of the run before these counted)

    # By hand and at the till

    @rule(points=st.sampled_from((9, 30, 100, 400)), source=st.sampled_from(SOURCES))
    def give(self, points, source):
        name = self.new_name("adjust")
        self._adjust(name, points, source)
        self.credit(name, points, source, self.terms)

    @rule(amount=AMOUNT, by_hand=st.booleans())
    def spend(self, amount, by_hand):
        self._spend(amount, by_hand)

    def _spend(self, amount, by_hand):
        """At the till, or taken off by a merchant's hand: that is no activity of the member's."""
        points, name = self.points_of(amount), self.new_name("adjust" if by_hand else "till")

        def send():
            if by_hand:
                self._adjust(name, -points, "grant")
            else:
                deeds.spend(self.stage.member_id, points, name, self.now)

        if self.affords(points, send, by_hand=by_hand):
            self.paper.spend(name, points, self.now)
            self.spendings.append(name)
            if not by_hand:
                self.paper.roll(self.now, self.after)

    @rule(which=WHICH, parts=st.integers(1, 3), grace_days=st.sampled_from((0, 7)))
    def give_back(self, which, parts, grace_days):
        if not self._spent_so_far():
            self._spend("all", by_hand=False)
        spendings = self._spent_so_far()
        if not spendings:
            return
        spending = spendings[which % len(spendings)]
        points = -(-self.paper.not_given_back(spending) // parts)
        name = self.new_name("back")
        deeds.give_back(self.stage.member_id, spending, points, name, grace_days, self.now)
        self.paper.give_back(spending, points, name, now=self.now, grace_until=self.grace_until(grace_days))

    def _spent_so_far(self):
        return [name for name in self.spendings if self.paper.not_given_back(name)]

    @rule(amount=AMOUNT)
    def hold(self, amount):
        self._hold(amount)

    def _hold(self, amount):
        points, name = self.points_of(amount), self.new_name("hold")
        until = self.now + timedelta(minutes=HOLD_MINUTES)
        if self.affords(points, lambda: deeds.hold(self.stage.member_id, points, name, until, self.now)):
            self.paper.hold(name, points, self.now)
            self.held_until[name] = until

    @rule(which=WHICH, is_capture=st.booleans())
    def end_a_hold(self, which, is_capture):
        if not self.held_until:
            self._hold("all")
        if not self.held_until:
            return
        name = list(self.held_until)[which % len(self.held_until)]
        del self.held_until[name]
        if is_capture:
            assert deeds.capture(name, self.now) is not None
            self.paper.capture(name)
            self.paper.roll(self.now, self.after)
            self.spendings.append(name)
        else:
            assert deeds.void(name, self.now)
            self.paper.void(name)
        assert deeds.capture(name, self.now) is None, "a hold ends once"
        assert not deeds.void(name, self.now), "a hold ends once"

    def _adjust(self, name, points, source):
        def send():
            adjust_points(
                self.stage.member_id,
                points,
                reason="对账",
                staff_id=self.stage.staff_id,
                key=name.removeprefix("adjust:"),
                now=self.now,
                source_class=source,
            )

        send()
        self.again = send

    @rule(what=st.sampled_from((("spending",), ("earning",), ("spending", "earning"))))
    def freeze_or_thaw(self, what):
        if self.frozen is None:
            deeds.freeze(self.stage, what, self.today + ONE_DAY, self.now)
            self.frozen = {"what": what, "at": self.now}
            return
        assert deeds.thaw(self.stage, self.now)
        assert not deeds.thaw(self.stage, self.now), "a freeze ends once"
        self.paper.thaw(self.frozen["at"], self.now, self.after(self.terms["notice_days"]))
        self.frozen, self.not_before = None, self.now

    # The calendar

    @rule()
    def sign_in(self):
        member_id, now = self.stage.member_id, self.now
        signed = sign_in(member_id, now)
        self.again = lambda: sign_in(member_id, now)
        if self.today in self.signed:
            assert signed.is_repeat
            return
        last = max((day for day in self.signed if day < self.today), default=None)
        before = self.signed[last] if last == self.today - ONE_DAY else None
        streak = before[0] + 1 if before else 1
        table, uncounted = table_that_pays(before, self.terms)
        self.signed[self.today] = (streak, table, uncounted)
        points, milestones = points_for_signing_in(table, streak, streak - uncounted)
        paid = self.earn(f"signin:{member_id}:{self.today}", points, "interaction", self.terms)
        for days, more in milestones.items():
            name = f"signin-milestone:{member_id}:{self.today}:{days}"
            paid += self.earn(name, more, "interaction", self.terms)
        assert (signed.streak, signed.points) == (streak, paid)

    def earn(self, name, points, source, terms, wait=timedelta(0)):
        """Write down what the caps leave of points earned by the rules, and return it."""
        points = cut_by_caps(terms, source, points, self.today, self.earned)
        if points:
            self.credit(name, points, source, terms, wait, by_rule=True)
            self.earned.append((self.today, source, points))
        return points

    # What runs by the clock

    @rule()
    def jobs_run(self):
        """That they ran may take nothing away of what can be spent."""
        before, self.not_before = self.available, self.now
        release_stale_holds(self.now)
        for name, until in list(self.held_until.items()):
            if until <= self.now - GRACE_OF_STALE_HOLDS:
                del self.held_until[name]
                self.paper.void(name)
        end_unpaid_orders(self.now)
        self.orders_time_out()
        sweep_expired_lots(self.now)
        if not self.is_frozen("spending"):
            self.paper.sweep(self.now, self.terms["notice_days"], self.after, self.last_day)
        assert self.available >= before

    @rule()
    def members_are_reminded(self):
        """Unused lots are renewed, what cannot be announced in time is put off, the rest is announced."""
        remind_expiring(self.now)
        self.not_before = self.now
        if self.is_frozen("spending"):
            return
        lots = [self.paper.lots[name] for name in self.paper.living(self.now)]
        lots = [lot for lot in lots if lot["left"] and not lot["waits"]]
        for lot in lots:
            if self.paper.can_renew(lot) and lot["until"] <= self.after(RENEWED_DAYS_AHEAD - 1):
                self.paper.renew(lot, self.after, self.last_day)
        for lot in lots:
            is_new = lot["at"] >= midnight(self.today - ONE_DAY, self.zone)
            is_too_soon = lot["until"] <= self.after(self.terms["notice_days"] - 1)
            is_told = lot["until"] in lot["told"] or self.paper.can_renew(lot)
            if is_too_soon and not is_new and not is_told:
                lot["until"] = self.after(self.terms["notice_days"])
        self._write_down_what_was_told()

    def _write_down_what_was_told(self):
        """Who is told on which day has tests of its own; here counts whether it was in time for the points to lapse."""
        for name, end in deeds.told_at(self.now):
            lot = self.paper.lots[name]
            days_left = (self.last_day(end) - self.today).days
            days_old = (self.today - lot["at"].astimezone(self.zone).date()).days
            if days_left >= self.terms["notice_days"] or days_old <= 1:
                lot["told"].add(end)

    def orders_time_out(self):
        """Nothing here; the orders add theirs."""

    def grace_until(self, grace_days):
        return self.after(grace_days) if grace_days else None
