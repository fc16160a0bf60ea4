"""Coupon templates as the back office sees them: the list with its figures, and one to edit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select

from shop.books.coupons.templates import COLUMNS, template_of
from shop.extensions import db
from shop.models import Coupon, CouponTemplate, CouponWish, Order, Variant
from shop.rules.campaigns.coupons import CouponTerms

SHOWN_MAX = 200
is_used = Coupon.state == "used"
FIGURES = (
    select(
        Coupon.template_id,
        func.sum(case((is_used, 1), else_=0)).label("used"),
        func.sum(case((is_used, Order.total_cents), else_=0)).label("sales_cents"),
        func.sum(case((is_used, Order.coupon_cents), else_=0)).label("cost_cents"),
        func.sum(Coupon.points).label("points"),
    )
    .outerjoin(Order, Order.id == Coupon.order_id)
    .where(Coupon.state != "given_back")
    .group_by(Coupon.template_id)
).subquery()
WISHES = (
    select(func.count())
    .where(
        CouponWish.template_id == CouponTemplate.id,
        (CouponWish.on_reaching.is_(True)) | (CouponWish.before_lapse.is_(True)),
    )
    .correlate(CouponTemplate)
    .scalar_subquery()
)
LIST: Select[*tuple[Any, ...]] = (
    select(
        *COLUMNS,
        CouponTemplate.revision,
        func.coalesce(FIGURES.c.used, 0).label("used"),
        func.coalesce(FIGURES.c.sales_cents, 0).label("sales_cents"),
        func.coalesce(FIGURES.c.cost_cents, 0).label("cost_cents"),
        func.coalesce(FIGURES.c.points, 0).label("points"),
        WISHES.label("wishes"),
    )
    .outerjoin(FIGURES, FIGURES.c.template_id == CouponTemplate.id)
    .order_by(CouponTemplate.id.desc())
    .limit(SHOWN_MAX)
)
ONE = LIST.where(CouponTemplate.id == bindparam("template_id"))
SKUS = (
    select(func.min(Variant.sku))
    .where(Variant.product_id.in_(bindparam("ids", expanding=True)))
    .group_by(Variant.product_id)
    .order_by(func.min(Variant.sku))
)
NAMES = select(CouponTemplate.code, CouponTemplate.name).order_by(CouponTemplate.id.desc()).limit(SHOWN_MAX)
LAST = select(func.max(CouponTemplate.id))


@dataclass(frozen=True)
class TemplateLine:
    """A template with its figures: cash of orders that used it, what it took off them, points paid for it."""

    id: int
    code: str
    terms: CouponTerms
    state: str
    price_points: int | None
    valid_days: int | None
    valid_from_at: datetime | None
    valid_until_at: datetime | None
    total_limit: int | None
    limit_per_member: int | None
    is_refundable: bool
    is_automatic: bool
    revision: int
    issued: int
    used: int
    sales_cents: int
    cost_cents: int
    points: int
    wishes: int

    @property
    def used_percent(self) -> int:
        return self.used * 100 // self.issued if self.issued else 0


@dataclass(frozen=True)
class TemplateEditor:
    """One template to edit; ``skus`` name the products of its scope."""

    line: TemplateLine
    skus: tuple[str, ...]


def template_lines() -> tuple[TemplateLine, ...]:
    """All templates, the newest first."""
    return tuple(_line(row) for row in db.session.execute(LIST))


def template_editor(template_id: int) -> TemplateEditor | None:
    """One template; None when there is none."""
    row = db.session.execute(ONE, {"template_id": template_id}).one_or_none()
    if row is None:
        return None
    line = _line(row)
    ids = list(line.terms.scope_ids) if line.terms.scope == "products" else []
    skus = tuple(db.session.scalars(SKUS, {"ids": ids})) if ids else ()
    return TemplateEditor(line, skus)


def template_names() -> dict[str, str]:
    """The name of each template by its code, the newest first."""
    return {row.code: row.name for row in db.session.execute(NAMES)}


def next_code() -> str:
    """A code that no template has yet, to begin with."""
    return f"coupon-{(db.session.scalar(LAST) or 0) + 1}"


def _line(row: Any) -> TemplateLine:
    template = template_of(row)
    return TemplateLine(
        id=row.id,
        code=row.code,
        terms=template.terms,
        state=row.state,
        price_points=row.price_points,
        valid_days=row.valid_days,
        valid_from_at=row.valid_from_at,
        valid_until_at=row.valid_until_at,
        total_limit=row.total_limit,
        limit_per_member=row.limit_per_member,
        is_refundable=row.is_refundable,
        is_automatic=row.is_automatic,
        revision=row.revision,
        issued=row.issued,
        used=int(row.used),
        sales_cents=int(row.sales_cents),
        cost_cents=int(row.cost_cents),
        points=int(row.points),
        wishes=row.wishes,
    )
