"""Templates as the book sees them: their terms, and the guarded counters of what was issued."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from shop.books.rulebooks import Occasion
from shop.errors import CouponLimitReached, CouponNotOffered, CouponSoldOut
from shop.extensions import db
from shop.models import CouponCount, CouponTemplate
from shop.rules.campaigns.coupons import CouponTerms, Validity, valid_for_days

QUIET = {"synchronize_session": False}
COLUMNS = (
    CouponTemplate.id, CouponTemplate.code, CouponTemplate.name, CouponTemplate.state, CouponTemplate.kind,
    CouponTemplate.off_cents, CouponTemplate.off_percent, CouponTemplate.off_cents_max, CouponTemplate.spend_cents_min,
    CouponTemplate.scope, CouponTemplate.scope_ids, CouponTemplate.price_points, CouponTemplate.valid_days,
    CouponTemplate.valid_from_at, CouponTemplate.valid_until_at, CouponTemplate.total_limit,
    CouponTemplate.limit_per_member, CouponTemplate.is_refundable, CouponTemplate.is_automatic, CouponTemplate.issued,
)  # fmt: skip
BY_CODE = select(*COLUMNS).where(CouponTemplate.code == bindparam("code"))
BY_ID = select(*COLUMNS).where(CouponTemplate.id == bindparam("template_id"))
TAKE = (
    update(CouponTemplate)
    .where(
        CouponTemplate.id == bindparam("of_template"),
        CouponTemplate.state == "on",
        or_(CouponTemplate.total_limit.is_(None), CouponTemplate.issued < CouponTemplate.total_limit),
    )
    .values(issued=CouponTemplate.issued + 1)
)
PUT_BACK = (
    update(CouponTemplate)
    .where(CouponTemplate.id == bindparam("of_template"))
    .values(issued=CouponTemplate.issued - 1)
)
MINE = (CouponCount.member_id == bindparam("of_member")) & (
    CouponCount.template_id == bindparam("of_template")
)
COUNT_IN = update(CouponCount).where(MINE).values(units=CouponCount.units + 1)
COUNT_OUT = update(CouponCount).where(MINE).values(units=CouponCount.units - 1)


@dataclass(frozen=True)
class Template:
    """What is offered at this moment.  ``terms`` are what each coupon copies."""

    id: int
    code: str
    state: str
    terms: CouponTerms
    price_points: int | None
    valid_days: int | None
    valid_from_at: datetime | None
    valid_until_at: datetime | None
    total_limit: int | None
    limit_per_member: int | None
    is_refundable: bool
    is_automatic: bool
    issued: int

    @property
    def name(self) -> str:
        return self.terms.name

    def refuse_if_closed(self, now: datetime) -> None:
        """A first look that locks nothing.  Raises CouponNotOffered and CouponSoldOut."""
        if self.state != "on" or (self.valid_until_at and self.valid_until_at <= now):
            raise CouponNotOffered
        if self.total_limit is not None and self.issued >= self.total_limit:
            raise CouponSoldOut(self.name)

    def validity(self, occasion: Occasion) -> Validity:
        """When a coupon that is issued now can be used."""
        if self.valid_days is not None:
            return valid_for_days(self.valid_days, occasion.now, occasion.zone)
        assert self.valid_from_at is not None, "a template has days or a window"
        assert self.valid_until_at is not None, "a template has days or a window"
        return Validity(self.valid_from_at, self.valid_until_at)


def by_code(code: str) -> Template | None:
    """The template of a code, if there is one."""
    row = db.session.execute(BY_CODE, {"code": code}).one_or_none()
    return template_of(row) if row else None


def by_id(template_id: int) -> Template:
    """A template that exists."""
    return template_of(db.session.execute(BY_ID, {"template_id": template_id}).one())


def template_of(row: Any) -> Template:
    """A template from its row, whatever else the row holds."""
    terms = CouponTerms(
        name=row.name,
        kind=row.kind,
        off_cents=row.off_cents,
        off_percent=row.off_percent,
        off_cents_max=row.off_cents_max,
        spend_cents_min=row.spend_cents_min,
        scope=row.scope,
        scope_ids=tuple(row.scope_ids),
    )
    return Template(
        id=row.id,
        code=row.code,
        state=row.state,
        terms=terms,
        price_points=row.price_points,
        valid_days=row.valid_days,
        valid_from_at=row.valid_from_at,
        valid_until_at=row.valid_until_at,
        total_limit=row.total_limit,
        limit_per_member=row.limit_per_member,
        is_refundable=row.is_refundable,
        is_automatic=row.is_automatic,
        issued=row.issued,
    )


def count_in(member_id: int, template: Template) -> None:
    """One more for this member.  Raises CouponLimitReached; the guard holds under parallel requests."""
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    row = {"member_id": member_id, "template_id": template.id, "units": 0}
    db.session.execute(dialect.insert(CouponCount).values(row).on_conflict_do_nothing())
    statement = COUNT_IN
    if template.limit_per_member is not None:
        statement = statement.where(CouponCount.units < template.limit_per_member)
    values = {"of_member": member_id, "of_template": template.id}
    if not _changed(statement, values):
        raise CouponLimitReached(template.name, template.limit_per_member or 0)


def count_out(member_id: int, template_id: int) -> None:
    """One fewer for this member: it was given back."""
    _changed(COUNT_OUT, {"of_member": member_id, "of_template": template_id})


def take(template: Template) -> None:
    """One more is issued.  Everybody's row: call it last.  Raises CouponSoldOut."""
    if not _changed(TAKE, {"of_template": template.id}):
        raise CouponSoldOut(template.name)


def put_back(template_id: int) -> None:
    """One fewer is issued.  Everybody's row: call it last."""
    _changed(PUT_BACK, {"of_template": template_id})


def _changed(statement: Any, values: dict[str, int]) -> bool:
    result = db.session.execute(statement, values, execution_options=QUIET)
    return bool(result.rowcount)  # type: ignore[attr-defined]
