"""Purchases made elsewhere, and what all purchases have in common: awards credited once and taken back in parts."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model import deeds
from tests.model.machine import WHICH
from tests.model.terms import awards_for, split
from tests.model.till import Till

RECEIPTS = ((700,), (1990,), (130, 4_570), (1,))


def new_purchase(reference, terms, cents):
    return {
        "reference": reference,
        "terms": terms,  # those in force when it was made decide for good
        "cents": cents,
        "back_cents": 0,
        "awards": awards_for(terms, cents),
        "credited": None,  # for each award: points the caps left of it
        "clawed": None,  # for each award: points taken back
        "waived": 0,
    }


class Purchases(Till):
    """The till, and purchases that it reports."""

    def __init__(self, renew):
        super().__init__(renew)
        self.reports = []

    @rule(cents=st.sampled_from(RECEIPTS), ago=st.sampled_from((timedelta(0), timedelta(days=3))))
    def report_a_purchase(self, cents, ago):
        self._report(cents, ago)

    def _report(self, cents, ago):
        number, at = self.new_name("receipt"), self.now - ago

        def send():
            return deeds.report(self.stage.member_id, number, cents, at, self.now)

        purchase_id = send()
        self.again = send
        purchase = new_purchase(f"purchase:{purchase_id}", self.terms_at(at), sum(cents))
        purchase["number"] = number
        self.reports.append(purchase)
        self.credit_awards(purchase, since=at)

    @rule(which=WHICH, cents=st.sampled_from((1, 350, 1990)), bought=st.sampled_from(RECEIPTS))
    def report_a_refund(self, which, cents, bought):
        if not any(purchase["back_cents"] < purchase["cents"] for purchase in self.reports):
            self._report(bought, timedelta(0))
        open_ones = [purchase for purchase in self.reports if purchase["back_cents"] < purchase["cents"]]
        purchase = open_ones[which % len(open_ones)]
        cents = min(cents, purchase["cents"] - purchase["back_cents"])
        refund = self.new_name("refund")

        def send():
            return deeds.report_refund(purchase["number"], refund, cents, self.now)

        owed, waived = self.paper.owed, purchase["waived"]
        told = send()
        self.again = send
        taken = self.take_awards_back(purchase, cents)
        owed, waived = self.paper.owed - owed, purchase["waived"] - waived
        assert told == (taken - owed - waived, owed, waived)

    def credit_awards(self, purchase, since):
        """Once: what refunds so far have left of each award, within the caps, after the waiting days."""
        if purchase["credited"] is not None:
            return
        terms = purchase["terms"]
        wait = max(timedelta(0), since + timedelta(days=terms["wait_days"]) - self.now)
        left = [points - void for points, void in zip(purchase["awards"], self._void(purchase), strict=True)]
        purchase["clawed"] = [0] * len(left)
        purchase["credited"] = [
            self.earn(f"{purchase['reference']}:award:{number}", points, "purchase", terms, wait)
            for number, points in enumerate(left, start=1)
        ]

    def take_awards_back(self, purchase, cents):
        """Earned points go by all cash that went back so far.  Returns what was to be taken."""
        purchase["back_cents"] += cents
        if purchase["credited"] is None:
            return 0
        promised, void = purchase["awards"], self._void(purchase)
        parts = zip(promised, void, purchase["credited"], purchase["clawed"], strict=True)
        over = [max(0, credited - (points - gone)) - clawed for points, gone, credited, clawed in parts]
        taken = split(max(0, sum(over) - purchase["waived"]), [max(0, points) for points in over])
        waive = purchase["terms"]["shortage"] == "waive"
        own = [f"{purchase['reference']}:award:{number}" for number in range(1, len(promised) + 1)]
        kept = self.kept_from_cash(purchase, sum(taken), own, cents)
        for place, points in enumerate(taken):
            let_go = self.paper.claw_back(points, own, now=self.now, waive=waive, kept=kept)
            kept = max(0, kept - let_go)
            purchase["clawed"][place] += points - let_go
            purchase["waived"] += let_go
        return sum(taken)

    def kept_from_cash(self, purchase, points, own, cents):
        """Points that a till's refund settles in cash: none, the till gives back what it likes."""
        return 0

    def _void(self, purchase):
        """The part of each award's promise that belongs to the cash that went back."""
        promised = purchase["awards"]
        if not promised:
            return []
        return split(sum(promised) * purchase["back_cents"] // purchase["cents"], promised)
