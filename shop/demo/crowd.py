"""What the crowd does on an ordinary day: signs in, orders, draws, looks at goods, reads messages."""

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import select

from shop.demo.draw import PRICE_POINTS
from shop.demo.orders import Course, Wish, after_payment, any_course, order
from shop.demo.stage import Good, Person, Stage
from shop.errors import InsufficientPoints, MakeUpRefused, NoChancesLeft, SoldOut
from shop.extensions import db
from shop.models import DrawAttempt, Prize, Product, StockLevel, Variant
from shop.rules.orders.ways import ways_for
from shop.services.catalogue.stock import receive_stock
from shop.services.catalogue.watches import watch
from shop.services.engagement.draws import Try, attempt
from shop.services.engagement.prizes import ClaimWish, claim_prize
from shop.services.engagement.signin import make_up, sign_in
from shop.services.members.messages import read_all_messages
from shop.services.orders.cart import add_to_cart

ORDERS_A_DAY = 6
DRAWS_A_DAY = 8
DRAW_FIRST_DAY = -60
CHOICES_MAX = 4
RESTOCK_BELOW_PERCENT = 30


def plan_day(stage: Stage, days: int, draw_slug: str) -> None:
    """Write an ordinary day into the diary, at its first minute: by then everybody who is a member is there."""
    stage.diary.at(stage.diary.moment(days, 0, 1), partial(_plan, stage, days, draw_slug))
    if days % 7 == 0:
        stage.diary.at(stage.diary.moment(days, 9, 40), partial(_restock, stage))


def _plan(stage: Stage, days: int, draw_slug: str, _now: datetime) -> None:
    rng, diary = stage.rng, stage.diary
    for person in stage.people:
        if rng.randrange(100) < person.sign_in_percent:
            diary.at(_any_time(stage, days, 6), partial(_come, stage, person))
    hungry = [person.appetite for person in stage.people]
    if not any(hungry):
        return
    for person in rng.choices(stage.people, hungry, k=rng.randint(ORDERS_A_DAY - 3, ORDERS_A_DAY + 3)):
        diary.at(_any_time(stage, days, 8), partial(_shop, stage, person))
    if days > DRAW_FIRST_DAY:
        for person in rng.choices(stage.people, hungry, k=rng.randint(DRAWS_A_DAY - 5, DRAWS_A_DAY + 5)):
            diary.at(_any_time(stage, days, 8), partial(_draw, stage, person, draw_slug))


def _any_time(stage: Stage, days: int, first_hour: int) -> datetime:
    moment = stage.diary.moment(days, stage.rng.randint(first_hour, 22), stage.rng.randint(0, 59))
    return moment + timedelta(seconds=stage.rng.randint(0, 59))


def _come(stage: Stage, person: Person, now: datetime) -> None:
    """Sign in; now and then also make up a missed day, read the messages, or mark a favourite."""
    rng = stage.rng
    sign_in(person.id, now)
    dice = rng.randrange(100)
    if dice < 2:
        _make_up(person, stage.diary.day_of(now) - timedelta(days=rng.randint(1, 5)), now)
    elif dice < 22:
        read_all_messages(person.id, now)
    elif dice < 27:
        watch(person.id, rng.choice(stage.goods).slug, "favourite", now)


def _make_up(person: Person, day: date, now: datetime) -> None:
    try:
        make_up(person.id, day, now)
    except (MakeUpRefused, InsufficientPoints):
        return  # that day cannot be made up: they leave it


def _shop(stage: Stage, person: Person, now: datetime) -> None:
    """Look at a few goods and order the first one that can be had."""
    for good in stage.rng.choices(stage.goods, [good.appeal for good in stage.goods], k=CHOICES_MAX):
        wish = _wish(stage, person, good, now)
        if order(stage, person, wish, any_course(stage.rng), now):
            return


def _wish(stage: Stage, person: Person, good: Good, now: datetime) -> Wish:
    rng = stage.rng
    sku: str | None = rng.choice(good.skus)
    if rng.random() < 0.1:
        second = rng.choice([other for other in stage.goods if other.appeal])
        for each in (sku, second.skus[0]):
            add_to_cart(person.id, each or "", 1, now)
        sku = None
    quantity = 2 if rng.random() < 0.08 else 1
    at_store = rng.choice(stage.store_ids) if rng.random() < 0.2 else None
    offset = rng.choice((0, 0, 0, 40, 100))
    return Wish(sku=sku, quantity=quantity, at_store=at_store, offset_percent=offset)


def _draw(stage: Stage, person: Person, slug: str, now: datetime) -> None:
    """Draw for free, and sometimes once more for points; a prize that can be touched is claimed later."""
    for number in range(stage.rng.choice((1, 1, 1, 2))):
        try:
            moment = now + timedelta(seconds=30 * number)
            asked = Try(text="", agreed_points=PRICE_POINTS)
            attempt_id = attempt(slug, person.id, asked, f"demo-{stage.rng.getrandbits(64):016x}", moment)
        except (NoChancesLeft, InsufficientPoints):
            return
        if stage.rng.random() < 0.7:
            later = now + timedelta(hours=stage.rng.randint(1, 60))
            stage.diary.at(later, partial(_claim, stage, person, attempt_id))


def _claim(stage: Stage, person: Person, attempt_id: int, now: datetime) -> None:
    statement = (
        select(DrawAttempt.claim_state, Prize.variant_id)
        .join(Prize, Prize.id == DrawAttempt.prize_id)
        .where(DrawAttempt.id == attempt_id)
    )
    won = db.session.execute(statement).one()
    if won.claim_state != "waiting":
        return
    way = ways_for([_kind_of(won.variant_id)])[0]
    wish = ClaimWish(way, person.address_id if way == "shipping" else None, None)
    try:
        number = claim_prize(attempt_id, person.id, wish, now)
    except SoldOut:
        return  # it stays waiting until there is one again
    after_payment(stage, person.id, number, Course(), now)


def _kind_of(variant_id: int) -> str:
    statement = (
        select(Product.kind).join(Variant, Variant.product_id == Product.id).where(Variant.id == variant_id)
    )
    return str(db.session.scalar(statement))


def _restock(stage: Stage, now: datetime) -> None:
    """Once a week what sells well is filled up again; what was rare from the start stays rare."""
    available = {
        row.variant_id: row.on_hand - row.reserved
        for row in db.session.execute(select(StockLevel.variant_id, StockLevel.on_hand, StockLevel.reserved))
    }
    for good in stage.goods:
        share = good.stock // len(good.variant_ids)
        for variant_id in good.variant_ids:
            if share > 12 and available[variant_id] * 100 < share * RESTOCK_BELOW_PERCENT:
                key = f"demo-{variant_id}-{now.date()}"
                receive_stock(variant_id, share, "每周补货", stage.staff["editor"], key, now)
