"""What stands beside a draft before it is published: its cost, and a made-up order under both rulebooks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from shop.forms.rulebook.trial import A_USUAL_ORDER, USUAL, CostForm, TrialForm
from shop.queries.catalogue.categories import category_tree
from shop.queries.points.cost import cost_of_order, costs_of_rulebook
from shop.queries.points.trial import MadeUpOrder, RealOrder, earned_by, real_order
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
    tried: dict[str, Any] | None = None
    if asked and form.validate() and (order := _order_of(form, now)):
        tried = {"order": order, "live": earned_by(order, live), "draft": earned_by(order, draft)}
    return {"trial_form": form, "tried": tried}


def _order_of(form: TrialForm, now: datetime) -> MadeUpOrder | RealOrder | None:
    """The order that is asked about; None, and an error at its field, when there is no such order."""
    if form.trial_order.data:
        order = real_order(form.trial_order.data)
        if order is None:
            form.trial_order.errors = [_("没有付过款的这个订单，核对一下单号。")]
        return order
    assert form.trial_cents.data is not None
    return MadeUpOrder(
        cents=form.trial_cents.data,
        tier_code=form.trial_tier.data,
        category=form.trial_category.data or None,
        at=form.trial_at.data or now,
        zone=current_app.config["SHOP_ZONE"],
    )
