"""What a replay knows of each member while time goes on."""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from shop.rules.points.earning import Award
from shop.rules.points.occurrences import CountAsked, MemberFacts, questions_of
from shop.rules.points.simulation.events import Opening
from shop.rules.points.simulation.side import SideAccount, SideLot
from shop.rules.rulebook import Rulebook, SourceClass


@dataclass(slots=True)
class PastPurchase:
    """A purchase as later ones count it: its day, its cash, what of it was not refunded."""

    day: date
    cents: int
    left_cents: int
    is_refunded: bool = False


@dataclass(slots=True)
class Bargain:
    """A purchase whose awards were decided: what was credited of them, asked back in the books, and taken here."""

    awards: tuple[Award, ...]
    cents: int
    past: PastPurchase
    earned: int = 0
    asked: int = 0
    taken: int = 0


@dataclass(slots=True)
class SideMember:
    """A member in the side ledger.  ``days`` holds the points earned by day and class, for caps."""

    account: SideAccount
    growth: int = 0
    birthday: date | None = None
    birthday_known_on: date | None = None
    purchases: list[PastPurchase] = field(default_factory=list)
    days: dict[tuple[date, SourceClass], int] = field(default_factory=dict)

    def facts(self, rulebook: Rulebook, today: date, tier: str, closed: frozenset[str]) -> MemberFacts:
        """What the rules may know of the member now."""
        if not rulebook.rules:
            return MemberFacts(tier_code=tier)
        return MemberFacts(
            tier_code=tier,
            birthday=self.birthday,
            birthday_known_on=self.birthday_known_on,
            purchases_before={asked: self._count(asked, today) for asked in questions_of(rulebook)},
            month_cents=sum(past.left_cents for past in self.purchases if past.day >= today.replace(day=1)),
            closed_rules=closed,
        )

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
        """Remember what was earned; of earlier months nothing counts any more."""
        key = (today, source_class)
        if key not in self.days:
            month = today.replace(day=1)
            self.days = {each: points_then for each, points_then in self.days.items() if each[0] >= month}
        self.days[key] = self.days.get(key, 0) + points

    def _count(self, asked: CountAsked, today: date) -> int:
        first = first_day(asked.span, today)
        return sum(
            1
            for past in self.purchases
            if past.day >= first
            and past.cents >= asked.cents_min
            and (asked.counts_refunded or not past.is_refunded)
        )


def opened(opening: Opening) -> SideMember:
    """A member as the replay begins."""
    lots = [
        SideLot(lot.remaining, lot.available_at, lot.expires_at, lot.credited_at, lot.key, lot.owner)
        for lot in opening.lots
    ]
    return SideMember(
        SideAccount(lots, opening.debt),
        opening.growth,
        opening.birthday,
        opening.birthday_known_on,
        [
            PastPurchase(day, cents, 0 if refunded else cents, refunded)
            for day, cents, refunded in opening.purchases
        ],
        {(day, source_class): points for day, source_class, points in opening.earned},
    )


def first_day(span: str, today: date) -> date:
    """The first day of the span that a day falls into."""
    return {
        "ever": date(1, 1, 1),
        "year": today.replace(month=1, day=1),
        "month": today.replace(day=1),
    }.get(span, today)


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The shop-day of a moment."""
    return moment.astimezone(zone).date()
