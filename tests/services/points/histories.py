"""Invented histories: members buy, sign in, spend, set aside, give back and are frozen, and the clock does its work.

A history is the same for the same number, so that one that shows a fault can be told again.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random

from shop.books.points.freezes import Freeze
from shop.errors import ShopError
from shop.rules.rulebook import (
    CapRule,
    ExpiryPolicy,
    MultiplyEffect,
    PointsEffect,
    PurchaseNumberCondition,
    Rule,
    Times,
)
from shop.services.engagement.signin import sign_in
from shop.services.merchant.tiers import grant_tier, withdraw_tier
from shop.services.points.adjusting import adjust_points
from shop.services.points.events import ReportedDeed, record_deed, reverse_deed
from shop.services.points.freezing import freeze_points, thaw_points
from shop.services.points.lapsing import sweep_expired_lots
from shop.services.points.merging import merge_members, undo_merge
from shop.services.points.purchases import (
    ReportedLine,
    ReportedPurchase,
    ReportedRefund,
    record_purchase,
    refund_purchase,
)
from shop.services.points.reminding import remind_expiring
from shop.services.points.tier_terms import follow_earnings, follow_the_ladder, review_tiers
from shop.services.points.tiers import buy_tier
from tests.books.points.shelves import capture, hold, restore, spend, void
from tests.factories import AT_ONCE, MONDAY, give_points, make_member, make_staff
from tests.services.points.tier_stories import ladder, tell_all

ROLLING = ExpiryPolicy(kind="rolling", days=25, periods_after=0)
RENEWING = ExpiryPolicy(kind="renewing", days=20, periods_after=0, times=2)
SHORT = ExpiryPolicy(kind="days", days=30, periods_after=0)
RULES = (
    Rule(
        code="first",
        name="首单双倍",
        effect=MultiplyEffect(multiplier_permille=2000),
        conditions=(PurchaseNumberCondition(number=1),),
    ),
    Rule(
        code="photo",
        name="晒单",
        event="review_published",
        effect=PointsEffect(points=15),
        times=Times(count=3, per="month"),
        budget_points=150,
    ),
)
TIERS = ladder(silver={"price_points": 300, "price_months": 1})
LIVE = replace(
    AT_ONCE,
    rules=RULES,
    tiers=TIERS,
    caps=(CapRule(name="互动", classes=("interaction",), points=120, per="month"),),
    expiry=replace(AT_ONCE.expiry, purchase=SHORT, interaction=RENEWING, grant=ROLLING),
)
LADDER = tuple(
    replace(tier, growth_from=needed, multiplier_permille=permille)
    for tier, needed, permille in zip(TIERS, (0, 300, 900), (1000, 1200, 1500), strict=True)
)


class History:
    """Four members and a shop for so many days.  Each day some of them do something, at the same hours every time."""

    def __init__(self, number, *, members=4):
        self.random = Random(number)
        self.staff_id = make_staff()
        self.members = [make_member(now=MONDAY, tier_code="plain") for _ in range(members)]
        self.count = 0
        self.purchases, self.deeds, self.holds, self.spent = [], [], [], []
        self.merge_id = None

    def tell(self, days, *, first=0, is_punctual=True):
        """Let days go by.  Where the worker is not punctual, it runs on some days only."""
        for day in range(first, first + days):
            morning = MONDAY + timedelta(days=day)
            if is_punctual or self.random.random() < 0.4:
                self.work(morning - timedelta(hours=3))
            for number, member_id in enumerate(self.members):
                if self.random.random() < 0.6:
                    self.do_something(member_id, morning + timedelta(minutes=7 * number))
            tell_all(morning + timedelta(hours=1))
        self.work(MONDAY + timedelta(days=first + days))

    def work(self, now):
        """What the clock does by night."""
        sweep_expired_lots(now)
        remind_expiring(now)
        follow_the_ladder(now)
        tell_all(now)
        follow_earnings(now)
        review_tiers(now)
        tell_all(now)

    def do_something(self, member_id, now):
        """One deed, drawn by lot; what cannot be done now is not done."""
        self.count += 1
        deeds = (
            self.buys, self.buys, self.signs_in, self.signs_in, self.reviews, self.spends, self.holds_points,
            self.ends_hold, self.gives_back, self.gets_back, self.gets_gift, self.is_adjusted, self.is_frozen,
            self.goes_on, self.undoes, self.takes_tier,
        )  # fmt: skip
        try:
            self.random.choice(deeds)(member_id, now)
        except ShopError:
            return

    def buys(self, member_id, now):
        cents = self.random.randrange(500, 30_000)
        lines = (ReportedLine(cents=cents), ReportedLine(cents=cents // 3))
        made_at = now - timedelta(hours=self.random.choice((0, 0, 30)))
        name = f"p{self.count}"
        record_purchase(
            member_id, ReportedPurchase(source="till", external_id=name, at=made_at, lines=lines), now
        )
        self.purchases.append((name, cents))

    def signs_in(self, member_id, now):
        sign_in(member_id, now)

    def reviews(self, member_id, now):
        record_deed(ReportedDeed(member_id=member_id, event="review_published", key=f"r{self.count}"), now)
        self.deeds.append(f"r{self.count}")

    def undoes(self, _member_id, now):
        if self.deeds:
            reverse_deed("review_published", self.deeds.pop(), reason="刷的", now=now)

    def spends(self, member_id, now):
        points = self.random.randrange(5, 80)
        self.spent.append((member_id, spend(member_id, points, f"s{self.count}", now=now), points))

    def holds_points(self, member_id, now):
        hold(member_id, self.random.randrange(5, 60), f"h{self.count}", now=now)
        self.holds.append((member_id, f"h{self.count}"))

    def ends_hold(self, _member_id, now):
        if self.holds:
            _member, reference = self.holds.pop(0)
            (capture if self.random.random() < 0.6 else void)(reference, now=now)

    def gets_back(self, _member_id, now):
        """Some of what a member had spent comes back."""
        if self.spent:
            member_id, entry_id, points = self.spent.pop(self.random.randrange(len(self.spent)))
            part = self.random.randrange(1, points + 1)
            restore(member_id, entry_id, part, f"b{self.count}", now=now, grace_days=7)
            if points > part:
                self.spent.append((member_id, entry_id, points - part))

    def gives_back(self, _member_id, now):
        if self.purchases:
            name, cents = self.random.choice(self.purchases)
            back = ReportedRefund(
                source="till", external_id=name, refund_id=f"{self.count}", cents=cents // 3
            )
            refund_purchase(back, now)

    def gets_gift(self, member_id, now):
        give_points(member_id, self.random.randrange(10, 50), now=now, reference=f"g{self.count}")

    def is_adjusted(self, member_id, now):
        points = self.random.choice((-25, 40))
        adjust_points(
            member_id, points, reason="调整", staff_id=self.staff_id, key=f"adjust-{self.count}", now=now
        )

    def is_frozen(self, member_id, now):
        spending = self.random.random() < 0.6
        earning = not spending or self.random.random() < 0.5
        review_on = now.date() + timedelta(days=20)
        freeze_points(member_id, Freeze(spending, earning, "核实", review_on, self.staff_id), now)

    def goes_on(self, member_id, now):
        thaw_points(member_id, reason="查清了", staff_id=self.staff_id, now=now)

    def takes_tier(self, member_id, now):
        way = self.random.randrange(3)
        if way == 0:
            buy_tier(member_id, "silver", agreed_points=300, key=f"tier-{self.count}", now=now)
        elif way == 1:
            until_on = now.date() + timedelta(days=12)
            grant_tier(
                member_id, "gold", until_on=until_on, reason="老友", staff_id=self.staff_id,
                key=f"grant-{self.count}", now=now,
            )  # fmt: skip
        else:
            withdraw_tier(member_id, reason="误会", staff_id=self.staff_id, now=now)

    def merges(self, now):
        """The last member is the same person as the first."""
        for member_id in (self.members[0], self.members[-1]):
            thaw_points(member_id, reason="查清了", staff_id=self.staff_id, now=now)
        for member_id, reference in list(self.holds):
            if member_id == self.members[-1]:
                void(reference, now=now)
                self.holds.remove((member_id, reference))
        self.merge_id = merge_members(
            self.members[-1], self.members[0], reason="一个人", staff_id=self.staff_id, now=now
        ).merge_id

    def parts(self, now):
        undo_merge(self.merge_id, reason="弄错了", staff_id=self.staff_id, now=now)
