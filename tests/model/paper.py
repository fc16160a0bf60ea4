"""The reference model: one member's points as a shopkeeper would keep them on paper.

Plain dicts and lists, points as whole numbers, moments as they come; nothing of the shop's code is used here.  A lot is
named after what brought it; the order of the dict is the order of arrival.
"""


class Paper:
    """Lots with what is left of them, holds, what was spent from which lot, and what is owed."""

    def __init__(self):
        self.lots = {}  # name -> what is written by credit()
        self.holds = {}  # name -> {lot: points}
        self.spent = {}  # name -> {"from": {lot: points not given back}, "late": given back into a new lot}
        self.owed = 0

    # What is there

    def free(self, name):
        return self.lots[name]["left"] - self.lots[name]["held"]

    def living(self, now):
        """Lots that have not lapsed, the soonest to lapse first, then the oldest."""
        names = [name for name in self.lots if now < self.lots[name]["until"]]
        return sorted(names, key=lambda name: (self.lots[name]["until"], self.lots[name]["at"]))

    def ripe(self, now):
        return [name for name in self.living(now) if self.lots[name]["since"] <= now]

    def available(self, now):
        return max(0, sum(self.free(name) for name in self.ripe(now)) - self.owed)

    def not_given_back(self, name):
        return sum(self.spent[name]["from"].values()) - self.spent[name]["late"]

    # Points come and go

    def credit(self, name, points, *, now, until, since=None, waits=None, rolls=0, renews=(0, 0)):
        """A new lot; what is owed is filled from it first.

        ``waits``: when it could have been spent if earning were not frozen; ``rolls``: days after the last activity;
        ``renews``: how many more days an unused lot lasts, and how often.
        """
        self.lots[name] = {
            "points": points,
            "left": points,
            "held": 0,
            "at": now,
            "since": since or now,
            "until": until,
            "rolls": rolls,
            "renews": renews,
            "waits": waits,
            "told": set(),  # the ends that were announced in time
        }
        self.fill_debt({name: points})

    def fill_debt(self, brought):
        for name, points in brought.items():
            part = min(points, self.owed)
            self.lots[name]["left"] -= part
            self.owed -= part

    def choose(self, points, names):
        """So many points from these lots in their order, as far as they reach."""
        chosen = {}
        for name in names:
            part = min(points - sum(chosen.values()), self.free(name))
            if part > 0:
                chosen[name] = part
        return chosen

    def change(self, parts, *, left=0, held=0):
        for name, points in parts.items():
            self.lots[name]["left"] += left * points
            self.lots[name]["held"] += held * points

    def spend(self, name, points, now):
        parts = self.choose(points, self.ripe(now))
        self.change(parts, left=-1)
        self.spent[name] = {"from": parts, "late": 0}

    def hold(self, name, points, now):
        self.holds[name] = self.choose(points, self.ripe(now))
        self.change(self.holds[name], held=1)

    def void(self, name):
        self.change(self.holds.pop(name), held=-1)

    def capture(self, name):
        """What was held is spent, even if its lot has lapsed meanwhile."""
        parts = self.holds.pop(name)
        self.change(parts, left=-1, held=-1)
        self.spent[name] = {"from": parts, "late": 0}

    def give_back(self, name, points, new_lot, *, now, grace_until):
        """Spent points return to their lots, the last to lapse first; what had lapsed comes as a new lot."""
        taken = self.spent[name]["from"]
        back = {}
        for lot in sorted(taken, key=lambda lot: (self.lots[lot]["until"], self.lots[lot]["at"]))[::-1]:
            if now < self.lots[lot]["until"]:
                back[lot] = min(points - sum(back.values()), taken[lot])
                taken[lot] -= back[lot]
        late = points - sum(back.values())
        self.change(back, left=1)
        if late:
            self.spent[name]["late"] += late
            lapsed = max(self.lots[lot]["until"] for lot in taken if self.lots[lot]["until"] <= now)
            self.credit(new_lot, late, now=now, until=grace_until or lapsed)
        self.fill_debt(back)

    def claw_back(self, points, own, *, now, waive, kept=0):
        """Pending points go first, then the purchase's own, then others; the rest is owed.  Returns what is let go:
        all that is missing (``waive``), or so much of it as was kept from the cash.
        """
        parts = self.choose(points, self.claw_order(own, now))
        self.change(parts, left=-1)
        short = points - sum(parts.values())
        let_go = short if waive else min(short, kept)
        self.owed += short - let_go
        return let_go

    def claw_order(self, own, now):
        living = self.living(now)
        pending = [name for name in living if self.lots[name]["since"] > now]
        rest = [name for name in living if name not in pending]
        return pending + sorted(rest, key=lambda name: name not in own)

    # Ends move; ``after(days, day)`` is the end of points that last so many days after a day, or after today

    def roll(self, now, after):
        for name in self.living(now):
            lot = self.lots[name]
            if lot["rolls"] and lot["left"]:
                lot["until"] = max(lot["until"], after(lot["rolls"]))

    def can_renew(self, lot):
        return lot["renews"][1] > 0 and lot["left"] == lot["points"] and not lot["held"]

    def renew(self, lot, after, last_day):
        days, times = lot["renews"]
        lot["renews"] = (days, times - 1)
        lot["until"] = after(days, last_day(lot["until"]))

    def sweep(self, now, notice_days, after, last_day):
        """What lapsed is gone, but for what renews; what nobody announced in time is put off instead.

        What came back after its end, without grace, had lapsed when it came.
        """
        for lot in self.lots.values():
            while lot["until"] <= now and lot["left"] > lot["held"] and not lot["waits"]:
                if self.can_renew(lot):
                    self.renew(lot, after, last_day)
                elif lot["until"] in lot["told"] or lot["until"] <= lot["at"]:
                    lot["left"] = lot["held"]
                else:
                    lot["until"] = after(notice_days)

    def thaw(self, frozen_at, now, until):
        """What waited arrives, and what ended while the points were frozen, or is about to, lasts a while longer."""
        for lot in self.lots.values():
            if lot["waits"]:
                lot["since"], lot["waits"] = max(lot["waits"], now), None
            if lot["left"] and frozen_at < lot["until"] < until:
                lot["until"] = until
