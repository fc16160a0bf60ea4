"""The demo's coupons: four templates, and people who redeem them and use them with their next order."""

from contextlib import suppress
from datetime import datetime
from functools import partial
from random import Random

from sqlalchemy import select

from shop.books.coupons import grant
from shop.books.rulebooks import occasion_at
from shop.demo.stage import Stage
from shop.errors import ShopError
from shop.extensions import db
from shop.models import Category
from shop.services.campaigns.coupon_templates import CouponEdit, create_template, offer_template
from shop.services.campaigns.coupons import redeem_coupon
from shop.transaction import transaction

FIRST_DAY = -60
EVERY_DAYS = 3
PEOPLE_AT_ONCE = 4
TEN_OFF, AUTUMN, TWELVE_PERCENT, NEWCOMER = "ten-off", "autumn", "twelve-percent", "newcomer"
WARM = ("wear", "home")


def plan_coupons(stage: Stage) -> None:
    """Write into the diary when the coupons are offered, and who redeems them."""
    rng = Random(FIRST_DAY)  # noqa: S311 -- the same story each time, nothing secret
    diary = stage.diary
    diary.at(diary.moment(FIRST_DAY, 9), partial(_offer_all, stage))
    for days in range(FIRST_DAY + 1, 0, EVERY_DAYS):
        diary.at(diary.moment(days, 19), partial(_some_redeem, stage, rng))
    for days, code in ((-9, TEN_OFF), (-1, TEN_OFF), (-1, AUTUMN), (-1, NEWCOMER)):
        diary.at(diary.moment(days, 22), partial(_give_to_first, stage, code))


def _offer_all(stage: Stage, now: datetime) -> None:
    warm = tuple(db.session.scalars(select(Category.id).where(Category.slug.in_(WARM))))
    db.session.rollback()
    for edit in (
        _edit(TEN_OFF, "10 元券", off_cents=1_000, price_points=800, total_limit=2_000, is_refundable=True),
        _edit(
            AUTUMN,
            "添衣满减",
            off_cents=3_000,
            spend_cents_min=19_900,
            price_points=1_500,
            scope="categories",
            category_ids=warm,
        ),
        _edit(
            TWELVE_PERCENT,
            "老友券",
            kind="percent_off",
            off_percent=12,
            off_cents_max=6_000,
            price_points=1_200,
            limit_per_member=3,
            is_automatic=True,
        ),
        _edit(NEWCOMER, "新客礼", off_cents=500, valid_days=14, limit_per_member=1),
    ):
        template_id = create_template(edit, stage.staff["editor"], now)
        offer_template(template_id, stage.staff["editor"], now)


def _some_redeem(stage: Stage, rng: Random, now: datetime) -> None:
    """Of those who live their own days; the cast keeps to its script."""
    people = [person for person in stage.people if person.appetite]
    for person in rng.sample(people, min(PEOPLE_AT_ONCE, len(people))):
        code = rng.choice((TEN_OFF, TEN_OFF, TWELVE_PERCENT, AUTUMN))
        with suppress(ShopError):  # not enough points, or as many as allowed: then not today
            redeem_coupon(person.id, code, f"demo-{code}-{now:%Y%m%d%H%M}", now)


def _give_to_first(stage: Stage, code: str, now: datetime) -> None:
    """The first member of the cast finds something in every tab."""
    with transaction():
        grant(stage.people[0].id, code, f"demo:{code}:{now:%Y%m%d}", occasion_at(now))


def _edit(code: str, name: str, **values: object) -> CouponEdit:
    usual: dict[str, object] = {
        "kind": "cents_off",
        "off_cents": 0,
        "off_percent": 0,
        "off_cents_max": None,
        "spend_cents_min": 0,
        "scope": "all",
        "category_ids": (),
        "skus": (),
        "price_points": None,
        "valid_days": 30,
        "valid_from_at": None,
        "valid_until_at": None,
        "total_limit": None,
        "limit_per_member": None,
        "is_refundable": False,
        "is_automatic": False,
    }
    return CouponEdit(code=code, name=name, **{**usual, **values})  # type: ignore[arg-type]
