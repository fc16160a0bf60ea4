"""The demo's presents: an ice cream with a redeemed coffee, and printed cards that are worth points."""

from datetime import datetime, timedelta
from functools import partial
from random import Random

from shop.clock import shop_day
from shop.demo.stage import Stage
from shop.services.campaigns.gifts import GiftEdit, create_gift, start_gift
from shop.services.points.codes import BatchWish, create_batch, hand_out_codes, redeem_code

GIFT_DAY = -20
CARDS_DAY = -14
CARDS_LAST_DAYS = 60
CARDS_USED = 9


def plan_presents(stage: Stage) -> None:
    """Write into the diary when the gift starts, when the cards are printed, and who scratches one."""
    diary = stage.diary
    diary.at(diary.moment(GIFT_DAY, 9), partial(_start_gift, stage))
    diary.at(diary.moment(CARDS_DAY, 10), partial(_print_cards, stage))


def _start_gift(stage: Stage, now: datetime) -> None:
    edit = GiftEdit(
        name="喝手冲，送甜筒",
        sku=stage.good("hand-drip-coffee").skus[0],
        category_id=None,
        quantity_min=1,
        gift_sku=stage.good("soft-serve").skus[0],
        quantity=1,
        order_max=1,
        member_max=2,
        starts_at=now,
        ends_at=None,
    )
    start_gift(create_gift(edit, stage.staff["editor"], now), stage.staff["editor"], now)


def _print_cards(stage: Stage, now: datetime) -> None:
    """Forty cards for the market stall; some find their way into the shop."""
    rng = Random(CARDS_DAY)  # noqa: S311 -- the same story each time, nothing secret
    wish = BatchWish(
        name="集市刮刮卡",
        points=50,
        pieces=40,
        length=12,
        source_class="grant",
        last_on=shop_day(now) + timedelta(days=CARDS_LAST_DAYS),
    )
    batch_id = create_batch(wish, key="demo-cards", staff_id=stage.staff["editor"], now=now)
    codes = hand_out_codes(batch_id, staff_id=stage.staff["owner"], now=now)
    people = [person for person in stage.people if person.appetite]
    for code, person in zip(codes, rng.sample(people, CARDS_USED), strict=False):
        at = now + timedelta(days=rng.randrange(1, -CARDS_DAY), minutes=rng.randrange(600))
        stage.diary.at(at, partial(_scratch, person.id, code))


def _scratch(member_id: int, code: str, now: datetime) -> None:
    redeem_code(member_id, code, key=f"demo-card-{member_id}", place="203.0.113.7", now=now)
