"""Everything that a replay knows while time goes on, and the two things that all its steps do: decide, and credit."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from shop.rules.orders.splitting import largest_remainder
from shop.rules.points.caps import apply_caps
from shop.rules.points.earning import Award, evaluate
from shop.rules.points.expiry import EXTENSIONS, end_of_lot
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.points.occurrences import PURCHASE, MemberFacts, Occurrence
from shop.rules.points.simulation.events import Event
from shop.rules.points.simulation.figures import Figures
from shop.rules.points.simulation.members import Bargain, SideMember, day_of, first_day
from shop.rules.points.simulation.questions import Questions, questions_for
from shop.rules.points.simulation.side import LotName, SideLot
from shop.rules.points.simulation.standings import Standings
from shop.rules.rulebook import ExpiryPolicy, Rulebook

VersionOf = Callable[[datetime, int | None], Rulebook]


@dataclass(slots=True)
class World:
    """One rulebook on one history.  ``put_offs`` are members' lots whose ends are still to be moved as in the books.

    ``budgets`` are the points that each rule with a budget has promised to all members together.
    """

    figures: Figures
    version_of: VersionOf
    zone: tzinfo
    since: datetime
    keeps_tiers: bool
    standings: Standings
    members: dict[int, SideMember]
    budgets: dict[str, int]
    put_offs: set[tuple[int, LotName]]
    bargains: dict[int, Bargain] = field(default_factory=dict)
    moved: dict[int, list[tuple[SideLot, SideLot]]] = field(default_factory=dict)
    _questions: dict[int, Questions] = field(default_factory=dict)
    _ends: dict[tuple[int, date, date], datetime] = field(default_factory=dict)

    def day(self, moment: datetime) -> date:
        """The shop-day of a moment."""
        return day_of(moment, self.zone)

    def questions(self, rulebook: Rulebook) -> Questions:
        """What this rulebook asks; a replay keeps its rulebooks, so an identity stands for one."""
        found = self._questions.get(id(rulebook))
        if found is None:
            found = self._questions[id(rulebook)] = questions_for(rulebook)
        return found

    def facts(
        self, member: SideMember, rulebook: Rulebook, today: date, tier: str, event: str = PURCHASE
    ) -> MemberFacts:
        """What the rules may know of a member at an event."""
        questions = self.questions(rulebook)
        return member.facts(questions, today, tier, self._closed(member, questions, today, event))

    def decide(
        self, member: SideMember, occurrence: Occurrence, rulebook: Rulebook, today: date
    ) -> tuple[Award, ...]:
        """What an occurrence earns: budgets are taken from, uses are counted."""
        decided = []
        for award in evaluate(occurrence, rulebook).awards:
            rule = rulebook.rule(award.rule) if award.rule else None
            if rule is not None and rule.budget_points is not None:
                award = self._within_budget(award, rule.code, rule.budget_points)  # noqa: PLW2901
            if award.points == 0:
                continue
            if rule is not None and rule.times is not None:
                member.uses.setdefault(rule.code, []).append(today)
            decided.append(award)
        return tuple(decided)

    def earn(
        self,
        member: SideMember,
        event: Event,
        award: Award,
        points: int,
        rulebook: Rulebook,
        *,
        available_at: datetime | None = None,
        owner: int | None = None,
    ) -> int:
        """Credit an award under the caps of its class.  Returns the points.

        A further kind of points is an account of its own, which no draft is weighed by: it is left out.
        """
        if award.points_kind != MAIN_KIND:
            return 0
        today = self.day(event.at)
        if award.source_class in self.questions(rulebook).capped:
            earned = member.earned_under_caps(award.source_class, today, rulebook)
            points = apply_caps(points, award.source_class, earned, rulebook).points
        if points <= 0:
            return 0
        rule = rulebook.rule(award.rule) if award.rule else None
        policy = (rule.expiry if rule else None) or rulebook.expiry.policy_for(award.source_class)
        lot = self.lot_under(policy, points, event.at, available_at or event.at)
        lot.owner = owner
        member.account.open(member.account.waiting(lot))
        member.account.roll(today, event.at, self.zone)
        member.count_earned(award.source_class, points, today)
        self.figures.issue(event.member_id, points, event.at)
        return points

    def lot_under(self, policy: ExpiryPolicy, points: int, at: datetime, available_at: datetime) -> SideLot:
        """A lot with the end of its policy, and how that end may move."""
        extension = EXTENSIONS.get(policy.kind)
        key = (id(policy), self.day(at), self.day(available_at))
        end = self._ends.get(key)
        if end is None:  # the same for everything of a day
            end = self._ends[key] = end_of_lot(policy, at, available_at, self.zone)
        return SideLot(
            points,
            available_at,
            end,
            at,
            extension=extension,
            extension_days=policy.days if extension else 0,
            extensions_left=policy.times,
        )

    def _within_budget(self, award: Award, code: str, budget: int) -> Award:
        used = self.budgets.get(code, 0)
        left = min(award.points, max(0, budget - used))
        self.budgets[code] = used + left
        if left == award.points:
            return award
        shares = largest_remainder(left, award.shares) if award.shares else ()
        return replace(award, points=left, shares=shares)

    def _closed(self, member: SideMember, questions: Questions, today: date, event: str) -> frozenset[str]:
        closed = set()
        for rule in questions.limited.get(event, ()):
            if rule.budget_points is not None and self.budgets.get(rule.code, 0) >= rule.budget_points:
                closed.add(rule.code)
            if rule.times is not None:
                first = first_day(rule.times.per, today)
                if sum(1 for day in member.uses.get(rule.code, ()) if day >= first) >= rule.times.count:
                    closed.add(rule.code)
        return frozenset(closed)
