"""The back office's hand on coupons: saving a template, offering it and stopping it, each with its audit row."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from shop.books import audit
from shop.errors import (
    CouponCodeTaken,
    CouponLimitTooLow,
    CouponTargetUnknown,
    EditedMeanwhile,
    NotFound,
)
from shop.extensions import db
from shop.models import Category, CouponTemplate, Variant
from shop.models.columns import JsonObject
from shop.rules.campaigns.coupons import CouponKind, CouponScope
from shop.transaction import transaction

QUIET = {"synchronize_session": False}
ACTIONS = {"on": "coupon.start", "off": "coupon.stop"}


@dataclass(frozen=True, kw_only=True)
class CouponEdit:
    """A template as typed.  ``skus`` or ``category_ids`` say what it is for, as the scope asks."""

    code: str
    name: str
    kind: CouponKind
    off_cents: int
    off_percent: int
    off_cents_max: int | None
    spend_cents_min: int
    scope: CouponScope
    category_ids: tuple[int, ...]
    skus: tuple[str, ...]
    price_points: int | None
    valid_days: int | None
    valid_from_at: datetime | None
    valid_until_at: datetime | None
    total_limit: int | None
    limit_per_member: int | None
    is_refundable: bool
    is_automatic: bool


def create_template(edit: CouponEdit, staff_id: int, now: datetime) -> int:
    """Begin a new template as a draft.  Returns its id.  Raises CouponCodeTaken and CouponTargetUnknown."""
    with transaction() as session:
        _refuse_taken_code(edit.code, None)
        values = {**_values(edit), "state": "draft", "created_at": now, "updated_at": now}
        statement = insert(CouponTemplate).values(values).returning(CouponTemplate.id)
        template_id = int(session.execute(statement).scalar_one())
        _audit("coupon.create", template_id, staff_id, now, None, _told(edit))
        return template_id


def save_template(
    template_id: int, edit: CouponEdit, seen_revision: int, staff_id: int, now: datetime
) -> None:
    """Change a template.  Coupons that were issued before keep their own terms.

    Raises NotFound, EditedMeanwhile, CouponCodeTaken, CouponTargetUnknown, and CouponLimitTooLow when more were issued
    than the new limit allows.
    """
    with transaction() as session:
        template = _locked(template_id)
        if template.revision != seen_revision:
            raise EditedMeanwhile
        _refuse_taken_code(edit.code, template_id)
        if edit.total_limit is not None and edit.total_limit < template.issued:
            raise CouponLimitTooLow(template.issued)
        values = _values(edit)
        before = {name: getattr(template, name) for name in values}
        values |= {"revision": seen_revision + 1, "updated_at": now}
        session.execute(
            update(CouponTemplate).where(CouponTemplate.id == template_id).values(values),
            execution_options=QUIET,
        )
        changed = {name: value for name, value in before.items() if values[name] != value}
        _audit(
            "coupon.save",
            template_id,
            staff_id,
            now,
            _plain(changed),
            _plain({name: values[name] for name in changed}),
        )


def offer_template(template_id: int, staff_id: int, now: datetime) -> None:
    """Let it be had, for the first time or again.  A repeat changes nothing.  Raises NotFound."""
    _set_state(template_id, "on", staff_id, now)


def stop_template(template_id: int, staff_id: int, now: datetime) -> None:
    """Let nobody have another one; those that were issued stay good.  A repeat changes nothing.  Raises NotFound."""
    _set_state(template_id, "off", staff_id, now)


def _set_state(template_id: int, state: str, staff_id: int, now: datetime) -> None:
    with transaction() as session:
        before = _locked(template_id).state
        if before == state or (before == "draft" and state == "off"):
            return
        session.execute(
            update(CouponTemplate)
            .where(CouponTemplate.id == template_id)
            .values(state=state, updated_at=now, revision=CouponTemplate.revision + 1),
            execution_options=QUIET,
        )
        _audit(ACTIONS[state], template_id, staff_id, now, {"state": before}, {"state": state})


def _locked(template_id: int) -> Any:
    row = db.session.execute(
        select(CouponTemplate.__table__).where(CouponTemplate.id == template_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _refuse_taken_code(code: str, but_id: int | None) -> None:
    taken = db.session.scalar(select(CouponTemplate.id).where(CouponTemplate.code == code))
    if taken not in (None, but_id):
        raise CouponCodeTaken


def _values(edit: CouponEdit) -> dict[str, Any]:
    """The template's own columns: what the other kind of coupon, scope or time would say is left out."""
    values = asdict(edit)
    del values["category_ids"], values["skus"]
    is_share = edit.kind == "percent_off"
    return {
        **values,
        "off_cents": 0 if is_share else edit.off_cents,
        "off_percent": edit.off_percent if is_share else 0,
        "off_cents_max": edit.off_cents_max if is_share else None,
        "scope_ids": _targets(edit),
        "is_automatic": edit.is_automatic and edit.price_points is not None,
    }


def _targets(edit: CouponEdit) -> list[int]:
    """The products or categories by id.  Raises CouponTargetUnknown."""
    if edit.scope == "all":
        return []
    if edit.scope == "categories":
        return _known(
            select(Category.id, Category.id.label("target")).where(Category.id.in_(edit.category_ids)),
            edit.category_ids,
        )
    return _known(select(Variant.sku, Variant.product_id).where(Variant.sku.in_(edit.skus)), edit.skus)


def _known(statement: Any, wanted: tuple[Any, ...]) -> list[int]:
    found = {row[0]: row[1] for row in db.session.execute(statement)}
    for each in wanted:
        if each not in found:
            raise CouponTargetUnknown(str(each))
    return sorted(set(found.values()))


def _told(edit: CouponEdit) -> JsonObject:
    return _plain(_values(edit))


def _plain(values: dict[str, Any]) -> JsonObject:
    """Moments as texts, so that the audit row can keep them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }


def _audit(
    action: str,
    template_id: int,
    staff_id: int,
    now: datetime,
    before: JsonObject | None,
    after: JsonObject,
) -> None:
    audit.record(
        staff_id=staff_id,
        action=action,
        subject=f"coupon:{template_id}",
        now=now,
        before=before,
        after=after,
    )
