"""What a replay knows of each member while time goes on."""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from shop.rules.points.earning import Award
from shop.rules.points.occurrences import CountAsked, MemberFacts
from shop.rules.points.simulation.openings import Opening, Parts
from shop.rules.points.simulation.questions import Questions
from shop.rules.points.simulation.side import SideAccount, SideLot
from shop.rules.points.spans import ALL_TIME, Span
from shop.rules.points.tiers import Held, growth_from_paid_cents
from shop.rules.rulebook import Rulebook, SourceClass, TierMeasure


@dataclass(slots=True, eq=False)
class PastPurchase:
    """A purchase as later ones count it: its day, its cash, what of it was not refunded, and when it was received."""

    day: date
    cents: int
    left_cents: int
    counted_at: datetime | None = None

    @property
    def is_refunded(self) -> bool:
        """Whether nothing is left of it."""
        return self.left_cents <= 0


@dataclass(slots=True, eq=False)
class Bargain:
    """A purchase or deed whose awards were decided: what was credited of them, asked back in the books, and taken here."""

    awards: tuple[Award, ...]
    past: PastPurchase | None = None
    earned: int = 0
    asked: int = 0
    taken: int = 0


@dataclass(slots=True, eq=False)
class SideTier:
    """How a member holds the tier, under which rulebook it was decided, and what is held below gifts."""

    held: Held
    joined: str
    looked_at: datetime
    under: Rulebook | None = None
    earned: tuple[Held, Rulebook] | None = None
    gifts: list[Held] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class SideMember:
    """A member in the side ledger.  ``days`` holds the points earned by day and class, for caps.

    ``growth`` is what no purchase tells, ``uses`` the days on which rules with limited times applied.
    """

    account: SideAccount
    tier: SideTier
    growth: int = 0
    birthday: date | None = None
    birthday_known_on: date | None = None
    purchases: dict[int, PastPurchase] = field(default_factory=dict)
    points_orders: list[datetime] = field(default_factory=list)
    days: dict[tuple[date, SourceClass], int] = field(default_factory=dict)
    uses: dict[str, list[date]] = field(default_factory=dict)
    points_by_day: dict[date, int] = field(default_factory=dict)
    merged_into: int | None = None
    month: tuple[int, int] = (0, 0)

    def facts(self, questions: Questions, today: date, tier: str, closed: frozenset[str]) -> MemberFacts:
        """What the rules may know of the member now."""
        if not questions.rulebook.rules:
            return MemberFacts(tier_code=tier)
        return MemberFacts(
            tier_code=tier,
            birthday=self.birthday,
            birthday_known_on=self.birthday_known_on,
            purchases_before={asked: self._count(asked, today) for asked in questions.counts},
            month_cents=self._month_cents(today) if questions.asks_for_month else 0,
            closed_rules=closed,
        )

    def amount(self, measure: TierMeasure, span: Span, zone: tzinfo) -> int:
        """How much of a tier's measure the member has in a span, net of refunds."""
        if measure == "points":
            return sum(
                points
                for day, points in self.points_by_day.items()
                if (span.from_at is None or day >= day_of(span.from_at, zone))
                and (span.until_at is None or day < day_of(span.until_at, zone))
            )
        has_bounds = span != ALL_TIME
        counted = [
            past.left_cents
            for past in self.purchases.values()
            if past.counted_at is not None and not (has_bounds and not span.holds(past.counted_at))
        ]
        if measure == "spend":
            return sum(counted)
        if measure == "orders":
            return sum(1 for cents in counted if cents > 0) + sum(map(span.holds, self.points_orders))
        brought = self.growth if span.from_at is None else 0
        return brought + sum(map(growth_from_paid_cents, counted))

    def earned_under_caps(self, source_class: SourceClass, today: date, rulebook: Rulebook) -> dict[str, int]:
        """What was earned in the running day or month of each cap of this class."""
        sums = {}
        for cap in rulebook.caps:
            if source_class not in cap.classes:
                continue
            first = today if cap.per == "day" else today.replace(day=1)
            sums[cap.name] = sum(
                points
                for (day, earned_class), points in self.days.items()
                if earned_class in cap.classes and first <= day <= today
            )
        return sums

    def count_earned(self, source_class: SourceClass, points: int, today: date) -> None:
        """Remember what was earned; for caps nothing of earlier months counts any more."""
        self.points_by_day[today] = self.points_by_day.get(today, 0) + points
        if (today.year, today.month) != self.month:
            self.month, first = (today.year, today.month), today.replace(day=1)
            self.days = {each: points_then for each, points_then in self.days.items() if each[0] >= first}
        key = (today, source_class)
        self.days[key] = self.days.get(key, 0) + points

    def _month_cents(self, today: date) -> int:
        year, month = today.year, today.month
        return sum(
            past.left_cents
            for past in self.purchases.values()
            if past.day.month == month and past.day.year == year
        )

    def _count(self, asked: CountAsked, today: date) -> int:
        first = first_day(asked.span, today)
        return sum(
            1
            for past in self.purchases.values()
            if past.day >= first
            and past.cents >= asked.cents_min
            and (asked.counts_refunded or not past.is_refunded)
        )


def opened(opening: Opening, first_tier: str, since: datetime) -> SideMember:
    """A member as the replay begins."""
    lots = {
        lot.key: SideLot(
            lot.remaining,
            lot.available_at,
            lot.expires_at,
            lot.credited_at,
            lot.key,
            lot.owner,
            lot.points or lot.remaining,
            lot.extension,
            lot.extension_days,
            lot.extensions_left,
            lot.thaws_at,
            lot.place,
        )
        for lot in opening.lots
    }
    account = SideAccount(debt=opening.debt)
    for lot in lots.values():
        if lot.remaining:
            account.put(lot)
    for key, parts in opening.holds:
        account.holds[key] = _parts(parts, lots)
        for lot, points in account.holds[key]:
            lot.held += points
    account.takes = {key: _parts(parts, lots) for key, parts in opening.takes}
    if opening.freeze is not None:
        account.freeze(
            opening.freeze.frozen_at, spending=opening.freeze.spending, earning=opening.freeze.earning
        )
    member = SideMember(
        account,
        _tier_of(opening, first_tier, since),
        opening.growth,
        opening.birthday,
        opening.birthday_known_on,
        merged_into=opening.merged_into,
    )
    for each in opening.purchases:
        left = each.cents - each.refunded_cents
        member.purchases[each.key] = PastPurchase(each.day, each.cents, left, each.counted_at)
    member.points_orders = list(opening.points_orders)
    member.days = {(day, source_class): points for day, source_class, points in opening.earned}
    member.points_by_day = dict(opening.points_by_day)
    for code, day in opening.uses:
        member.uses.setdefault(code, []).append(day)
    return member


def first_day(span: str, today: date) -> date:
    """The first day of the span that a day falls into."""
    if span == "ever":
        return date.min
    if span == "year":
        return today.replace(month=1, day=1)
    return today.replace(day=1) if span == "month" else today


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The shop-day of a moment."""
    return moment.astimezone(zone).date()


def _parts(parts: Parts, lots: dict[int, SideLot]) -> list[tuple[SideLot, int]]:
    return [(lots[key], points) for key, points in parts]


def _tier_of(opening: Opening, first_tier: str, since: datetime) -> SideTier:
    tier = opening.tier
    if tier is None:
        return SideTier(Held(code=first_tier), first_tier, since)
    return SideTier(tier.held, tier.joined, since, tier.under, tier.earned, list(tier.gifts))
