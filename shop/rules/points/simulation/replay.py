"""The replay: every event in its order, decided by the same functions as in the books."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, tzinfo

from shop.rules.engagement.signin import points_for_day
from shop.rules.points.caps import apply_caps
from shop.rules.points.earning import Award, credited_at, evaluate
from shop.rules.points.expiry import expires_at
from shop.rules.points.occurrences import SIGNED_IN, Occurrence, multiplies_sign_ins
from shop.rules.points.simulation.events import (
    Bought,
    Credited,
    Did,
    Event,
    FellShort,
    Given,
    Opening,
    Restored,
    Returned,
    Signed,
    Spent,
)
from shop.rules.points.simulation.figures import Figures
from shop.rules.points.simulation.members import Bargain, PastPurchase, SideMember, day_of, first_day, opened
from shop.rules.points.simulation.side import SideAccount
from shop.rules.points.tiers import tier_for
from shop.rules.rulebook import Rulebook, SourceClass


class Replay:
    """One rulebook on one history.

    ``version_of`` gives the rulebook that decides an event: for a draft always the draft, for the live replay the version
    that the books used.  ``keeps_tiers``: purchases earn on the tier that is recorded with them; else the tiers are
    replayed as well.
    """

    def __init__(
        self,
        openings: Iterable[Opening],
        version_of: Callable[[datetime, int | None], Rulebook],
        zone: tzinfo,
        *,
        keeps_tiers: bool,
        since: datetime,
    ) -> None:
        self.figures = Figures(zone)
        self._version_of = version_of
        self._zone = zone
        self._keeps_tiers = keeps_tiers
        self._since = since
        self._members = {opening.member_id: opened(opening) for opening in openings}
        self._bought: dict[int, Bargain] = {}
        self._uses: dict[tuple[int, str], list[date]] = {}
        self._budgets: dict[str, int] = {}
        self._steps: dict[type[object], Callable[..., None]] = {
            Bought: self._buy,
            Credited: self._credit,
            Returned: self._return,
            FellShort: self._fall_short,
            Signed: self._sign,
            Did: self._do,
            Given: self._give,
            Spent: self._spend,
            Restored: self._restore,
        }

    def apply(self, event: Event) -> None:
        """Let one event happen; what has lapsed until then lapses first."""
        member = self._members.setdefault(event.member_id, SideMember(SideAccount()))
        self._lapse(member, event.at)
        self._steps[type(event)](member, event)

    def finish(self, at: datetime) -> Figures:
        """Everything that ends until then lapses.  Returns the figures."""
        for member_id, member in self._members.items():
            self._lapse(member, at)
            self.figures.balances[member_id] = member.account.balance
            self.figures.tiers[member_id] = tier_for(member.growth, self._version_of(at, None)).code
        return self.figures

    def _lapse(self, member: SideMember, now: datetime) -> None:
        for moment, points in member.account.lapse(now):
            self.figures.week_of(moment).lapsed += points

    def _buy(self, member: SideMember, event: Bought) -> None:
        rulebook = self._version_of(event.at, event.decided_version)
        today = day_of(event.at, self._zone)
        cents = sum(line.cents for line in event.lines)
        tier = event.tier_code if self._keeps_tiers else tier_for(member.growth, rulebook).code
        occurrence = Occurrence(
            at=event.at,
            placed_at=event.placed_at,
            zone=self._zone,
            lines=event.lines,
            shipping_cents=event.shipping_cents,
            channel=event.channel,
            member=member.facts(rulebook, today, tier, self._closed(event.member_id, rulebook, today)),
        )
        awards = self._decided(event.member_id, occurrence, rulebook, today)
        past = PastPurchase(today, cents, cents)
        member.purchases.append(past)
        self._bought[event.key] = Bargain(awards, cents, past)
        if event.at >= self._since:  # earlier ones are here because their points came later
            self.figures.sales_cents += cents

    def _credit(self, member: SideMember, event: Credited) -> None:
        purchase = self._bought.get(event.key)
        if purchase is None:
            return
        rulebook = self._version_of(event.at, event.version)
        available_at = max(event.at, credited_at(event.waits_from, rulebook.earning))
        for award, points in zip(purchase.awards, self._left(purchase, event), strict=True):
            purchase.earned += self._earn(member, event, award, points, rulebook, available_at, event.key)
        member.growth += purchase.cents // 100

    def _left(self, purchase: Bargain, event: Credited) -> list[int]:
        """What a refund before this moment left of each award: as in the books, or the same share of another award."""
        points = [award.points for award in purchase.awards]
        if event.left_points is None or not sum(event.decided_points):
            return points
        if tuple(points) == event.decided_points:
            return list(event.left_points)
        left, decided = sum(event.left_points), sum(event.decided_points)
        return [number * left // decided for number in points]

    def _return(self, member: SideMember, event: Returned) -> None:
        member.growth -= event.cents // 100
        self.figures.sales_cents -= event.cents
        rulebook = self._version_of(event.at, event.version)
        purchase = self._bought.get(event.key)
        if purchase is None:  # bought before the replay began: what it earned then was decided then
            self._take_back(member, event, event.taken, rulebook)
            return
        purchase.past.left_cents -= event.cents
        purchase.past.is_refunded = event.is_whole or purchase.past.left_cents <= 0
        purchase.asked += event.taken
        target = purchase.earned * purchase.asked // event.earned if event.earned else 0
        points = max(0, target - purchase.taken)
        purchase.taken += points
        self._take_back(member, event, points, rulebook)

    def _fall_short(self, member: SideMember, event: FellShort) -> None:
        """Of a purchase decided here, no more than the same rule gave it here."""
        purchase, points = self._bought.get(event.key), event.points
        if purchase is not None:
            points = min(points, sum(award.points for award in purchase.awards if award.rule == event.rule))
        self._take_back(member, event, points, self._version_of(event.at, event.version))

    def _take_back(
        self, member: SideMember, event: Returned | FellShort, points: int, rulebook: Rulebook
    ) -> None:
        waives = rulebook.returns.shortage == "waive"
        taken, owed = member.account.take_back(points, event.key, event.at, waives=waives)
        self.figures.take_back(event.member_id, taken + owed, event.at)

    def _sign(self, member: SideMember, event: Signed) -> None:
        rulebook = self._version_of(event.at, None)
        rule = rulebook.signin
        base = points_for_day(event.streak, rule)
        self._earn_plain(member, event, base, "interaction", rulebook)
        position = (event.streak - 1) % rule.milestone_cycle_days + 1
        for milestone in rule.milestones:
            then = milestone.days in event.milestones
            anew = milestone.days not in event.known_milestones and milestone.days == position
            if then or anew:
                self._earn_plain(member, event, milestone.points, "interaction", rulebook)
        if multiplies_sign_ins(rulebook):
            self._reward(member, event, SIGNED_IN, None, base, rulebook)

    def _do(self, member: SideMember, event: Did) -> None:
        self._reward(member, event, event.event, event.detail, 0, self._version_of(event.at, None))

    def _reward(
        self,
        member: SideMember,
        event: Signed | Did,
        name: str,
        detail: str | None,
        base: int,
        rulebook: Rulebook,
    ) -> None:
        today = day_of(event.at, self._zone)
        tier = tier_for(member.growth, rulebook).code
        occurrence = Occurrence(
            event=name,
            at=event.at,
            zone=self._zone,
            detail=detail,
            base_points=base,
            member=member.facts(rulebook, today, tier, self._closed(event.member_id, rulebook, today)),
        )
        for award in self._decided(event.member_id, occurrence, rulebook, today):
            self._earn(member, event, award, award.points, rulebook, event.at, None)

    def _give(self, member: SideMember, event: Given) -> None:
        rulebook = self._version_of(event.at, None)
        end = event.expires_at or expires_at(
            rulebook.expiry.policy_for(event.source_class), event.at, self._zone
        )
        if event.counts_as_earned:
            member.count_earned(event.source_class, event.points, day_of(event.at, self._zone))
        member.account.open(
            event.points, now=event.at, available_at=event.available_at or event.at, expires_at=end
        )
        self.figures.issue(event.member_id, event.points, event.at)

    def _spend(self, member: SideMember, event: Spent) -> None:
        spent = member.account.spend(event.points, event.key, event.at)
        self.figures.week_of(event.at).spent += spent
        self.figures.short += event.points - spent

    def _restore(self, member: SideMember, event: Restored) -> None:
        account = member.account
        if event.key in account.takes:
            back = account.give_back(event.points, event.key, event.at, event.grace_days, self._zone)
        else:  # spent before the replay began
            back = event.points
            for points, end in event.parts:
                account.open(points, now=event.at, available_at=event.at, expires_at=end)
        self.figures.week_of(event.at).spent -= back

    def _earn_plain(
        self, member: SideMember, event: Signed, points: int, source_class: SourceClass, rulebook: Rulebook
    ) -> None:
        if points:
            award = Award(points, source_class, ())
            self._earn(member, event, award, points, rulebook, event.at, None)

    def _earn(
        self,
        member: SideMember,
        event: Credited | Signed | Did,
        award: Award,
        points: int,
        rulebook: Rulebook,
        available_at: datetime,
        owner: int | None,
    ) -> int:
        """Credit an award under the caps of its class.  Returns the points."""
        today = day_of(event.at, self._zone)
        earned = member.earned_under_caps(award.source_class, today, rulebook)
        capped = apply_caps(points, award.source_class, earned, rulebook).points
        if capped <= 0:
            return 0
        rule = rulebook.rule(award.rule)
        policy = (rule.expiry if rule else None) or rulebook.expiry.policy_for(award.source_class)
        end = expires_at(policy, event.at, self._zone)
        member.account.open(capped, now=event.at, available_at=available_at, expires_at=end, owner=owner)
        member.count_earned(award.source_class, capped, today)
        self.figures.issue(event.member_id, capped, event.at)
        return capped

    def _decided(
        self, member_id: int, occurrence: Occurrence, rulebook: Rulebook, today: date
    ) -> tuple[Award, ...]:
        awards = evaluate(occurrence, rulebook).awards
        for award in awards:
            rule = rulebook.rule(award.rule)
            if rule is not None and rule.times is not None:
                self._uses.setdefault((member_id, rule.code), []).append(today)
            if rule is not None and rule.budget_points is not None:
                self._budgets[rule.code] = self._budgets.get(rule.code, 0) + award.points
        return awards

    def _closed(self, member_id: int, rulebook: Rulebook, today: date) -> frozenset[str]:
        closed = set()
        for rule in rulebook.rules:
            if rule.budget_points is not None and self._budgets.get(rule.code, 0) >= rule.budget_points:
                closed.add(rule.code)
            if rule.times is not None:
                first = first_day(rule.times.per, today)
                used = sum(1 for day in self._uses.get((member_id, rule.code), ()) if day >= first)
                if used >= rule.times.count:
                    closed.add(rule.code)
        return frozenset(closed)
