"""The demo's story: a shop opens a hundred days ago, and everything happens that happens in a shop, until now."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from random import Random

from flask import current_app

from shop.demo.cast import invite_cast
from shop.demo.coupons import plan_coupons
from shop.demo.crowd import DRAW_FIRST_DAY, plan_day
from shop.demo.diary import Diary
from shop.demo.draw import SLUG, open_draw
from shop.demo.people import demo_password_hash, hire_staff, invite_everybody
from shop.demo.presents import plan_presents
from shop.demo.shelf import fill_shelf, open_stores
from shop.demo.stage import Stage
from shop.jobs.worker import run_due
from shop.queries.points.ledger import check_everything
from shop.reactions.dispatch import work_off_outbox
from shop.rules.rulebook import DEFAULT_RULEBOOK, ExpiryPolicy, rulebook_document
from shop.services.points.publishing import publish_rulebook

SEED = 20260101
OPENING_DAY = -100
FIRST_DAY = -98
SOON_OVER = ExpiryPolicy(kind="month_end", days=0, periods_after=1)
RULEBOOK = replace(
    DEFAULT_RULEBOOK,
    earning=replace(DEFAULT_RULEBOOK.earning, points=5),  # for each yuan: enough to see points move
    expiry=replace(DEFAULT_RULEBOOK.expiry, interaction=SOON_OVER),  # so that something lapses in ninety days
)


@dataclass(frozen=True)
class Told:
    """What was told: how many deeds, how many rows the books were checked on."""

    deeds: int
    rows_checked: int


def tell(present: datetime) -> Told:
    """Play the whole story up to ``present`` (UTC) in the database of the current application, which must be empty.

    Raises AssertionError when the books do not balance at the end.
    """
    stage = _open_shop(Diary(present, current_app.config["SHOP_ZONE"]))
    invite_cast(stage, demo_password_hash())
    invite_everybody(stage)
    stage.diary.at(stage.diary.moment(DRAW_FIRST_DAY, 10), partial(open_draw, stage))
    plan_coupons(stage)
    plan_presents(stage)
    for days in range(FIRST_DAY, 1):
        plan_day(stage, days, SLUG)
        stage.diary.at(stage.diary.moment(days, 0), run_due)
    deeds = stage.diary.play(between_hours=work_off_everything)
    run_due(present)
    work_off_everything(present)
    return Told(deeds, _prove())


def work_off_everything(now: datetime) -> None:
    """Let everything follow from what has happened so far."""
    while work_off_outbox(now):
        pass


def _open_shop(diary: Diary) -> Stage:
    opening = diary.moment(OPENING_DAY, 9)
    publish_rulebook(
        rulebook_document(RULEBOOK),
        effective_at=None,
        staff_id=None,
        note="开业",
        now=opening,
        key="demo",
    )
    staff = hire_staff(opening)
    stores = open_stores(staff["owner"], opening)
    goods = fill_shelf(staff["editor"], opening)
    return Stage(Random(SEED), diary, staff, goods, stores)  # noqa: S311 -- the same story each time, nothing secret


def _prove() -> int:
    findings = check_everything()
    broken = [f"{finding.name}: {row}" for finding in findings for row in finding.offenders]
    assert not broken, "the demo's books do not balance:\n" + "\n".join(broken)
    return sum(finding.rows_checked for finding in findings)
