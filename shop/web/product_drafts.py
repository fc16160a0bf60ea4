"""Between a product and its editor: the form of what is stored, and the values that a form says."""

from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from shop.forms.merchant.products import VARIANTS_MAX, ProductForm, VariantForm
from shop.queries.catalogue.categories import CategoryEntry
from shop.queries.catalogue.desk import DeskProduct
from shop.rules.points.kinds import MAIN_KIND
from shop.rules.rulebook import KindRule, TierRule
from shop.web.category_choices import category_choices


def offer_choices(
    form: ProductForm,
    categories: tuple[CategoryEntry, ...],
    tiers: tuple[TierRule, ...],
    kept_tier: str | None,
    kinds: tuple[KindRule, ...] = (),
) -> None:
    """Fill the lists to choose from.  A tier that the rulebook no longer knows stays while the product keeps it."""
    form.category.choices = [SelectChoice("", _("先不分类")), *category_choices(categories)]
    form.points_kind.choices = [
        SelectChoice(MAIN_KIND, _("积分")),
        *(SelectChoice(kind.code, kind.name) for kind in kinds),
    ]
    form.tier.choices = [SelectChoice("", _("不限")), *(SelectChoice(tier.code, tier.name) for tier in tiers)]
    if kept_tier and kept_tier not in {tier.code for tier in tiers}:
        form.tier.choices.append(SelectChoice(kept_tier, kept_tier))


def stored_values(stored: DeskProduct) -> dict[str, Any]:
    """The stored product in the words of its form."""
    product = stored.product
    return {
        "revision": str(product.revision),
        "title": product.title,
        "subtitle": product.subtitle,
        "description": product.description,
        "kind": product.kind,
        "points_kind": product.points_kind,
        "category": str(product.category_id or ""),
        "tags": product.tags,
        "position": product.position,
        "market_price": product.market_price_cents,
        "tier": product.tier_code_min or "",
        "tier_until": product.tier_until,
        "limit_per_member": product.limit_per_member,
        "limit_period": product.limit_period,
        "limit_per_order": product.limit_per_order,
        "variants": [
            {
                "id": str(variant.id),
                "sku": variant.sku,
                "title": variant.title,
                "points": variant.price_points,
                "cents": variant.price_cents,
                "offset_allowed": variant.offset_allowed,
                "is_retired": variant.state == "retired",
            }
            for variant in stored.variants
        ],
    }


def add_empty_row(form: ProductForm) -> None:
    """One row below for a new variant: there is always a next one, also without script."""
    has_empty = any(entry.form.is_empty for entry in form.variants)
    if not has_empty and len(form.variants) < VARIANTS_MAX:
        form.variants.append_entry({"offset_allowed": True, "points": None, "cents": None})


def product_values(form: ProductForm) -> dict[str, Any]:
    """What a valid form says, in the words of the service."""
    return {
        "title": form.title.data,
        "subtitle": form.subtitle.data or "",
        "description": form.description.data or "",
        "kind": form.kind.data,
        "points_kind": form.points_kind.data or MAIN_KIND,
        "category_id": int(form.category.data) if form.category.data else None,
        "tags": form.tags.data or "",
        "position": form.position.data or 0,
        "market_price_cents": form.market_price.data,
        "tier_code_min": form.tier.data or None,
        "tier_until": form.tier_until.data,
        "limit_per_member": form.limit_per_member.data,
        "limit_per_order": form.limit_per_order.data,
        "limit_period": form.limit_period.data,
    }


def variant_values(row: VariantForm) -> dict[str, Any]:
    """What a valid row says.  An id that is no number belongs to no variant."""
    written = row.id.data or ""
    return {
        "id": (int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0)
        if written
        else None,
        "sku": row.sku.data or "",
        "title": row.title.data or "",
        "price_points": row.points.data or 0,
        "price_cents": row.cents.data or 0,
        "offset_allowed": row.offset_allowed.data,
        "is_retired": row.is_retired.data,
    }
