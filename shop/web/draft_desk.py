"""What stands beside a draft before it is published: its cost, and a made-up order under both rulebooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app

from shop.forms.rulebook.trial import A_USUAL_ORDER, USUAL, CostForm, TrialForm
from shop.queries.catalogue.categories import category_tree
from shop.queries.points.cost import cost_of_order, costs_of_rulebook
from shop.queries.points.trial import Earned, MadeUpOrder, earned_by
from shop.rules.rulebook import Rulebook
from shop.web.rulebook_words.costs import CostInWords, cost_in_words


def desk_of(
    live: Rulebook, draft: Rulebook, arguments: Mapping[str, str], now: datetime
) -> Mapping[str, Any]:
    """Both helpers with their forms, filled from the address of the page."""
    return {**_cost(draft, arguments, now), **_trial(live, draft, arguments, now)}


def _cost(draft: Rulebook, arguments: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    asked = any(name in arguments for name in USUAL)
    form = CostForm(formdata=arguments if asked else None, data=USUAL)
    if asked and not form.validate():
        return {"cost_form": form, "cost": None}
    return {"cost_form": form, "cost": _said(draft, form, now)}


def _said(draft: Rulebook, form: CostForm, now: datetime) -> CostInWords:
    order_cents, used, margin = form.order_cents.data, form.used_percent.data, form.margin_percent.data
    assert order_cents is not None and used is not None and margin is not None  # noqa: PT018 -- validated
    order = cost_of_order(draft, order_cents=order_cents, margin_percent=margin, used_percent=used)
    return cost_in_words(costs_of_rulebook(draft, now, used), order, order_cents)


def _trial(live: Rulebook, draft: Rulebook, arguments: Mapping[str, str], now: datetime) -> Mapping[str, Any]:
    asked = "trial_cents" in arguments
    form = TrialForm(formdata=arguments if asked else None, data={"trial_cents": A_USUAL_ORDER})
    tiers = {tier.code: tier.name for tier in (*live.tiers, *draft.tiers)}
    roots = category_tree()
    categories = [(each.slug, each.name) for root in roots for each in (root, *root.children)]
    form.offer(list(tiers.items()), categories)
    tried: dict[str, Earned] | None = None
    if asked and form.validate():
        assert form.trial_cents.data is not None
        order = MadeUpOrder(
            cents=form.trial_cents.data,
            tier_code=form.trial_tier.data,
            category=form.trial_category.data or None,
            at=form.trial_at.data or now,
            zone=current_app.config["SHOP_ZONE"],
        )
        tried = {"live": earned_by(order, live), "draft": earned_by(order, draft)}
    return {"trial_form": form, "tried": tried}
