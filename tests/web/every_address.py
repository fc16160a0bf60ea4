"""A shop in which everything is there once, and every address of it that leads to a page that exists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from shop.extensions import db
from shop.models import Login, Message, Order, Picture, PointsEntry, Product
from shop.queries.points.rulebook import document_of
from shop.rules.rulebook import PointsEffect
from shop.rules.rulebook import Rule as RuleOfEarning
from shop.rules.rulebook.sections.people import ProfileRule
from shop.services.catalogue.pictures import add_pictures
from shop.services.catalogue.watches import watch
from shop.services.engagement.draws import Try, attempt
from shop.services.members.addresses import add_address
from shop.services.members.messages import tell_member
from shop.services.merchant.api_keys import KeyWish, create_key
from shop.services.merchant.staff import create_staff
from shop.services.merchant.tiers import grant_tier
from shop.services.orders.cart import add_to_cart
from shop.services.orders.payments import start_payment
from shop.services.points.publishing import save_draft
from shop.services.points.purchases import ReportedLine, ReportedPurchase, record_purchase
from shop.services.points.simulating import request_simulation
from tests.coupons import one_of_each
from tests.draws import SURE, draw_once, make_draw
from tests.factories import (
    AT_ONCE,
    MONDAY,
    PASSWORD,
    make_category,
    make_member,
    make_product,
    make_rulebook,
    make_staff,
    make_store,
)
from tests.gifts import make_gift
from tests.imports import checked, csv_file, loaded, uploaded
from tests.pictures import picture
from tests.services.orders.stories import HOME, buy, place, ship, sku_of
from tests.walks import PageForm, read_page
from tests.web.colleagues import ask_each_other
from tests.web.comers import come_in
from tests.web.lives import live_on

PARAMETER = re.compile(r"<(?:[a-z]+:)?([a-z_]+)>")
PHONE = "+8613805712046"
DRAW_PAGES = ("show", "create", "result", "claim", "fairness")
OWNER = "owner@shop.test"


@dataclass
class Everything:
    """What is there.  ``values`` fills the parameters of addresses; an endpoint's own value comes before the common one."""

    app: Flask
    member_id: int
    values: dict[str, str]
    own: dict[str, dict[str, str]] = field(default_factory=dict)
    more_pages: list[str] = field(default_factory=list)

    def member(self) -> FlaskClient:
        return self._browser("/login", phone=PHONE, password=PASSWORD)

    def owner(self) -> FlaskClient:
        return self._browser("/merchant/login", email=OWNER, password=PASSWORD)

    def _browser(self, path: str, **credentials: str) -> FlaskClient:
        client = self.app.test_client()
        assert client.post(path, data=credentials).status_code == 303
        return client

    def address(self, rule: Rule, **odd: str) -> str:
        """The address of a rule with parameters that exist, but for those that are said."""
        values = {**self.values, **self.own.get(rule.endpoint, {}), **odd}
        return PARAMETER.sub(lambda found: values[found[1]], rule.rule)

    def rules(self, method: str) -> Iterator[Rule]:
        """Every rule for people that answers to a method, in a fixed order; tests/api has those for programs."""
        for rule in sorted(self.app.url_map.iter_rules(), key=lambda each: each.rule):
            if method in (rule.methods or ()) and rule.endpoint != "static" and not is_for_programs(rule):
                yield rule

    def forms(self, client: FlaskClient) -> dict[str, tuple[str, PageForm]]:
        """The forms that post, as they stand on all pages that somebody may see: endpoint -> (address, form)."""
        found: dict[str, tuple[str, PageForm]] = {}
        for path in [*(self.address(rule) for rule in self.rules("GET")), *self.more_pages]:
            answer = client.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                for address, form in posting(read_page(answer.text).forms, path):
                    found.setdefault(self.endpoint_of(address), (address, form))
            answer.close()
        return found

    def endpoint_of(self, address: str) -> str:
        """The endpoint to which a form posts."""
        endpoint, _values = self.app.url_map.bind("").match(address.partition("?")[0], method="POST")
        return str(endpoint)


def is_for_programs(rule: Rule) -> bool:
    """Whether a rule belongs to the JSON interface; its docs page is for people."""
    return rule.endpoint.startswith("api.") and rule.endpoint not in ("api.docs", "api.openapi")


def posting(forms: list[PageForm], path: str) -> Iterator[tuple[str, PageForm]]:
    """Each address to which the forms of a page post."""
    for form in forms:
        for button in form.buttons:
            if (button.method or form.method) == "post":
                yield button.action or form.action or path, form


def make_everything(app: Flask) -> Everything:
    """One of each: products, draws, a member with orders in every state, colleagues.  The clock stands at MONDAY."""
    member_id = make_member(phone=PHONE, points=50_000, joined_at=MONDAY - timedelta(days=9))
    known = {"member_id": str(member_id), "category_id": str(make_category()), "store_id": str(make_store())}
    everything = Everything(app, member_id, {**known, "name": "nothing.webp", "provider": "sandbox"})
    owner_id = make_staff("owner", email=OWNER)
    variant_id = _fill_the_shelf(everything, owner_id)
    _draw(everything, variant_id)
    everything.values |= one_of_each(everything.member_id)
    everything.more_pages.append("/merchant/coupons/2")
    everything.values["gift_id"] = str(make_gift(variant_id, quantity_min=50, state="draft"))
    everything.more_pages.append(f"/merchant/gifts/{make_gift(variant_id, quantity_min=50)}")
    _order(everything, variant_id)
    _live_here(everything)
    _work_here(everything, owner_id)
    ask_each_other(everything, owner_id)
    come_in(everything)
    _bring_along(everything)
    live_on(everything, owner_id)
    _stand_on_a_tier(everything, owner_id)
    everything.member()
    everything.values["purchase_id"] = str(_buy_at_the_counter(everything, owner_id))
    everything.more_pages.append(f"/merchant/purchases/new?member={member_id}&amount=1")
    everything.values["login_id"] = str(db.session.scalars(select(Login.id).order_by(Login.id)).first())
    db.session.remove()
    return everything


def _buy_at_the_counter(everything: Everything, owner_id: int) -> int:
    """A purchase that somebody wrote down at a till."""
    reported = ReportedPurchase(
        source="store",
        external_id=f"{everything.values['store_id']}:2026-03-02:T1",
        at=MONDAY,
        lines=(ReportedLine(cents=500),),
        channel="store",
        store_id=int(everything.values["store_id"]),
        staff_id=owner_id,
    )
    return record_purchase(everything.member_id, reported, MONDAY).purchase_id


def _fill_the_shelf(everything: Everything, owner_id: int) -> int:
    """Goods on sale, sold out and not yet on sale.  Returns the variant on sale."""
    product_id, variant_id = make_product(points=100, cents=1990, on_hand=100)
    gone_id, gone_variant = make_product(title="没有了的茶", on_hand=0)
    draft_id, _variant = make_product(title="还没上架的", state="draft")
    add_pictures(product_id, [picture(), picture(700, 700)], owner_id, MONDAY)
    slug = db.session.get_one(Product, product_id).slug
    tap_id, _variant = make_product(points=100, title="只用积分的")
    one_tap = {"slug": db.session.get_one(Product, tap_id).slug}
    everything.own |= {"one_tap.show": one_tap, "one_tap.create": one_tap}
    watch(everything.member_id, slug, "favourite", MONDAY)
    for each in (variant_id, gone_variant):
        add_to_cart(everything.member_id, sku_of(each), 1, MONDAY)
    picture_id = db.session.scalars(select(Picture.id).order_by(Picture.id)).first()
    everything.values |= {
        "product_id": str(product_id),
        "slug": slug,
        "sku": sku_of(variant_id),
        "kind": "favourite",
        "picture_id": str(picture_id),
    }
    everything.more_pages += [
        f"/products/{db.session.get_one(Product, gone_id).slug}",
        f"/merchant/products/{draft_id}",
    ]
    return variant_id


def _draw(everything: Everything, variant_id: int) -> None:
    """An open draw with an attempt, one whose prize waits to be fetched, and a draft."""
    draw_id = make_draw(SURE)
    attempt_id = draw_once(everything.member_id, "key-of-the-attempt")
    make_draw([{**SURE[0], "kind": "product", "variant_id": variant_id, "stock": 5}], slug="goods")
    goods_id = attempt("goods", everything.member_id, Try("", 50), "key-of-the-goods", MONDAY)
    draft_id = make_draw(slug="draft", state="draft")
    everything.values |= {"draw_id": str(draw_id), "attempt_id": str(attempt_id)}
    everything.own |= {f"draws.{name}": {"slug": "weekend"} for name in DRAW_PAGES}
    everything.more_pages += [f"/draws/goods/attempts/{goods_id}", f"/merchant/draws/{draft_id}"]


def _order(everything: Everything, variant_id: int) -> None:
    """Orders that are paid, sent, waiting to be fetched and waiting to be paid."""
    member_id = everything.member_id
    _voucher, voucher_variant = make_product(title="到店券", kind="voucher")
    paid = buy(member_id, variant_id, key="a-key-that-is-paid")
    sent = buy(member_id, variant_id, key="a-key-that-is-sent")
    ship(sent, MONDAY + timedelta(minutes=2))
    ticket = buy(member_id, voucher_variant, way="none", key="a-key-that-is-a-voucher")
    unpaid = place(member_id, variant_id, key="a-key-that-is-unpaid")
    started = start_payment(str(unpaid.payment_token), member_id, "sandbox", MONDAY)
    everything.values |= {"number": paid.number, "token": str(unpaid.payment_token)}
    everything.own["orders.receive"] = {"number": sent.number}
    code = db.session.get_one(Order, ticket.order_id).pickup_code
    everything.more_pages += [f"/orders/{sent.number}", f"/merchant/verify?code={code}", started.url]


def _live_here(everything: Everything) -> None:
    """What a member has beside orders: addresses, messages, a history, a day to make up."""
    address_id = add_address(everything.member_id, HOME, is_default=True, now=MONDAY)
    add_address(everything.member_id, replace(HOME, name="妈妈"), is_default=False, now=MONDAY)
    tell_member(everything.member_id, "welcome", "a-message", {}, "/signin", MONDAY)
    everything.values |= {
        "address_id": str(address_id),
        "message_id": str(db.session.scalars(select(Message.id)).first()),
        "entry_id": str(db.session.scalars(select(PointsEntry.id)).first()),
    }
    everything.more_pages.append("/signin?makeup=2026-03-01")


def _work_here(everything: Everything, owner_id: int) -> None:
    """A colleague who was invited, a key for a till, and a rulebook with a draft."""
    wish = KeyWish(name="收银台", scopes=("members:read",), store_id=None, points_per_month=None)
    key = create_key(wish, staff_id=owner_id, now=MONDAY)
    colleague = create_staff("lin@shop.test", "林", "cashier", by_staff_id=owner_id, now=MONDAY)
    make_rulebook()
    rules = tuple(
        RuleOfEarning(code=code, name=code, effect=PointsEffect(points=5)) for code in ("mug", "bag")
    )
    save_draft(document_of(replace(AT_ONCE, rules=rules)), staff_id=owner_id, now=MONDAY)
    everything.values["code"] = rules[0].code
    everything.values["simulation_id"] = str(request_simulation(30, staff_id=owner_id, now=MONDAY))
    everything.values |= {"staff_id": str(colleague.staff_id), "key_id": str(key.id), "section": "signin"}
    everything.own |= {
        "merchant_login.invitation": {"token": colleague.token},
        "merchant_login.set_password": {"token": colleague.token},
        "merchant_rulebook.version": {"number": "1"},
        "merchant_rulebook.copy": {"number": "1"},
    }
    everything.more_pages.append("/merchant/rulebook/versions/2")


def _stand_on_a_tier(everything: Everything, owner_id: int) -> None:
    """A tier that was given by hand, and one above it that points can buy."""
    *lower, highest = AT_ONCE.tiers
    tiers = (*lower, replace(highest, price_points=2000))
    make_rulebook(replace(AT_ONCE, tiers=tiers, profile=ProfileRule(fields=("name", "gender"))))
    until_on = MONDAY.date() + timedelta(days=90)
    grant_tier(
        everything.member_id,
        "branch",
        until_on=until_on,
        reason="老朋友",
        staff_id=owner_id,
        key="tier",
        now=MONDAY,
    )
    everything.more_pages.append(f"/member/tier?buy={highest.code}")


def _bring_along(everything: Everything) -> None:
    """A file at each step of its way: columns to name, a report with a bad row, one that is booked."""
    raw = csv_file(("phone", "points"), [["13805712047", 5], ["1380", 5]])
    everything.values["import_id"] = str(checked(raw, kind="members"))
    mapping_id, loaded_id = uploaded(raw), loaded(csv_file(("phone", "points"), [["13805712048", 5]]))
    everything.own["merchant_imports.columns"] = {"import_id": str(mapping_id)}
    everything.more_pages.append(f"/merchant/imports/{loaded_id}")
