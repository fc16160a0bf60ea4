"""The five members to log in as: one in the middle of everything, one new, one of a high tier, one in debt, one faithful."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shop.demo.diary import Deed
from shop.demo.orders import Course, Wish, order
from shop.demo.people import DEMO_PHONES, GRANT_REASON, give_address, grant, join
from shop.demo.stage import Person, Stage
from shop.queries.points.balance import balance_of
from shop.services.catalogue.watches import watch
from shop.services.engagement.signin import sign_in
from shop.services.members.messages import read_all_messages
from shop.services.orders.cart import add_to_cart
from shop.services.points.adjusting import adjust_points

MIDDLE_POINTS = 2_460
SURVEY_POINTS = 830
STILL_WAITING = Course(fulfil_after=None)
ON_ITS_WAY = Course(receive_after=None)
GONE_BACK = Course(refund_after=timedelta(days=1))


@dataclass(frozen=True)
class Role:
    """A member of the cast; ``joins`` is the day, counted from today."""

    name: str
    avatar: str
    joins: int
    sign_in_percent: int = 0
    appetite: int = 0


ROLES = (
    Role("林小满", "cat", -98),
    Role("周小雨", "seedling", -2),
    Role("沈一帆", "maple", -98),
    Role("阿岚", "butterfly", -60),
    Role("老周", "bear", -98, sign_in_percent=97, appetite=14),
)


def invite_cast(stage: Stage, password_hash: str) -> None:
    """Write the cast's ninety days into the diary."""
    people: dict[int, Person] = {}
    for number, role in enumerate(ROLES):
        joining = partial(_join, stage, number, password_hash, people)
        stage.diary.at(stage.diary.moment(role.joins, 8, 5 + number), joining)
    script = _Script(stage, people)
    _middle(script)
    _new(script)
    _high(script)
    _in_debt(script)
    _faithful(script)


def _join(stage: Stage, number: int, password_hash: str, people: dict[int, Person], now: datetime) -> None:
    role, phone = ROLES[number], DEMO_PHONES[number]
    member_id = join(phone, role.name, role.avatar, now, password_hash=password_hash)
    address_id = give_address(member_id, role.name, phone, stage.rng, now)
    person = Person(member_id, role.name, address_id, role.sign_in_percent, role.appetite)
    people[number] = person
    stage.people.append(person)


class _Script:
    """Lines of the script: who does what on which day and hour."""

    def __init__(self, stage: Stage, people: dict[int, Person]) -> None:
        self.stage, self.people = stage, people

    def grant(self, who: int, days: int, points: int, reason: str = GRANT_REASON) -> None:
        def deed(now: datetime) -> None:
            grant(self.stage, self.people[who].id, points, f"cast-{who}-{days}", now, reason)

        self._at(days, 9, deed)

    def orders(
        self,
        who: int,
        days: int,
        slug: str,
        course: Course | None = None,
        *,
        hour: int = 12,
        quantity: int = 1,
        offset: int = 0,
    ) -> None:
        def deed(now: datetime) -> None:
            wish = Wish(sku=self.stage.good(slug).skus[0], quantity=quantity, offset_percent=offset)
            placed = order(self.stage, self.people[who], wish, course or Course(), now)
            assert placed, f"the script of the demo cannot order {slug} on day {days}"

        self._at(days, hour, deed)

    def signs_in(self, who: int, days: int, hour: int = 8) -> None:
        self._at(days, hour, lambda now: sign_in(self.people[who].id, now))

    def watches(self, who: int, slug: str, kind: str) -> None:
        self._at(-20, 19, lambda now: watch(self.people[who].id, slug, kind, now))

    def does(self, who: int, days: int, hour: int, deed: Callable[[int, datetime], object]) -> None:
        self._at(days, hour, lambda now: deed(self.people[who].id, now))

    def _at(self, days: int, hour: int, deed: Deed) -> None:
        self.stage.diary.at(self.stage.diary.moment(days, hour, 30), deed)


def _middle(script: _Script) -> None:
    """林小满: something of everything: orders in each state, points that lapse soon, a streak of fourteen days."""
    who = 0
    script.grant(who, -97, 900)
    for days in (*range(-96, -60, 2), *range(-44, -20), *range(-14, 0)):
        script.signs_in(who, days)
    script.orders(who, -92, "running-shoes")
    script.orders(who, -80, "birthday-cake")
    script.orders(who, -70, "frying-pan")
    script.orders(who, -60, "mooncake-box")
    script.orders(who, -55, "pet-care")
    script.orders(who, -47, "afternoon-tea", Course(payment="abandon"))
    script.orders(who, -41, "cinema-ticket")
    script.orders(who, -38, "retro-speaker", hour=13)
    last_month = -script.stage.diary.today.day - 3
    script.does(who, last_month, 18, partial(_thank_for_survey, script.stage))
    script.orders(who, -33, "sun-cap", Course(cancel_after=timedelta(minutes=20)))
    script.orders(who, -28, "cotton-tee", GONE_BACK, quantity=2)
    script.orders(who, -25, "donut-box", offset=10)
    script.orders(who, -3, "sun-cap", ON_ITS_WAY)
    script.orders(who, -1, "hand-drip-coffee", STILL_WAITING, hour=15)
    script.orders(who, -1, "craft-chocolate", STILL_WAITING, hour=20)
    for slug in ("over-ear-headphones", "camping-tent", "watercolor-set"):
        script.watches(who, slug, "favourite")
    script.watches(who, "teddy-bear", "restock")
    script.does(who, -3, 22, read_all_messages)
    script.does(who, -1, 21, partial(_settle_at, script.stage, MIDDLE_POINTS))
    script.does(who, -1, 22, lambda member_id, now: add_to_cart(member_id, "ACACIA-HONEY-1", 1, now))


def _thank_for_survey(stage: Stage, member_id: int, now: datetime) -> None:
    """Points of the class that lapses at the end of next month: a few of them will be left, and lapse soon."""
    adjust_points(
        member_id,
        SURVEY_POINTS,
        reason="顾客访谈答谢",
        staff_id=stage.staff["support"],
        key="demo:survey",
        now=now,
        source_class="interaction",
    )


def _settle_at(stage: Stage, points: int, member_id: int, now: datetime) -> None:
    """Bring the balance to what the pictures of the shop show."""
    missing = points - balance_of(member_id, now).available
    if missing:
        grant(stage, member_id, missing, "settle", now, "门店活动积分补发" if missing > 0 else "重复发放更正")


def _new(script: _Script) -> None:
    """周小雨: came the day before yesterday, a few points, one welcome message."""
    script.signs_in(1, -2, 12)
    script.signs_in(1, -1, 12)


def _high(script: _Script) -> None:
    """沈一帆: a crown member who orders what others only look at."""
    who = 2
    script.grant(who, -97, 66_000)
    for days in range(-90, 0, 3):
        script.signs_in(who, days)
    script.orders(who, -95, "running-shoes", quantity=1)
    for days in (-92, -61, -30):
        script.orders(who, days, "birthday-cake", hour=11)
        script.orders(who, days - 1, "pet-care", hour=16)
        script.orders(who, days - 1, "haircut", hour=18)
    script.orders(who, -88, "over-ear-headphones")
    script.orders(who, -84, "mooncake-box", quantity=2)
    script.orders(who, -79, "frying-pan")
    script.orders(who, -74, "yearly-books")
    script.orders(who, -60, "cabin-suitcase")
    script.orders(who, -26, "cotton-tee", quantity=3)
    script.orders(who, -15, "electric-guitar", hour=13)
    script.orders(who, -4, "camping-tent", ON_ITS_WAY)


def _in_debt(script: _Script) -> None:
    """阿岚: spent the points of a purchase and then gave the purchase back."""
    who = 3
    script.signs_in(who, -21)
    gives_back = Course(
        receive_after=timedelta(days=1), refund_after=timedelta(days=16), refund_everything=True
    )
    script.orders(who, -22, "running-shoes", gives_back, hour=9)
    for days, slug in ((-10, "cinema-ticket"), (-9, "butter-croissants"), (-8, "hand-drip-coffee")):
        script.orders(who, days, slug)
    script.orders(who, -7, "sparkling-drink", hour=10)


def _faithful(script: _Script) -> None:
    """老周: a long history, mostly of the crowd's ordinary days."""
    who = 4
    script.grant(who, -97, 15_000)
    script.watches(who, "kick-scooter", "restock")
    script.does(who, -1, 10, read_all_messages)
