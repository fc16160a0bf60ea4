"""Products in the back office: edited by several people, published when ready, counted in a journal."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from shop.errors import (
    EditedMeanwhile,
    InvalidInput,
    KeyReused,
    LastVariant,
    NotFound,
    NotReadyForSale,
    PictureRefused,
    PicturesFull,
    SkuTaken,
    UnitsReserved,
)
from shop.extensions import db
from shop.models import (
    AuditEntry,
    Message,
    OutboxEvent,
    Picture,
    Product,
    StockLevel,
    StockMovement,
    Variant,
    Watch,
)
from shop.reactions.dispatch import work_off_outbox
from shop.services.catalogue.drafts import ProductDraft, VariantDraft
from shop.services.catalogue.pictures import PICTURES_MAX, add_pictures, remove_picture, show_picture_first
from shop.services.catalogue.products import create_product, publish_product, save_product, take_off_product
from shop.services.catalogue.stock import adjust_stock, receive_stock
from shop.services.catalogue.watches import unwatch, watch
from tests.factories import MONDAY, make_category, make_member, make_product, make_rulebook, make_staff
from tests.pictures import picture
from tests.races import errors_of, run_together

TEA = ProductDraft(title="白茶", variants=(VariantDraft(title="50 g", price_points=300, price_cents=990),))


def product(product_id: int) -> Product:
    db.session.rollback()
    return db.session.get_one(Product, product_id)


def variants_of(product_id: int) -> list[Variant]:
    return list(
        db.session.scalars(select(Variant).where(Variant.product_id == product_id).order_by(Variant.position))
    )


@pytest.fixture
def staff_id(app) -> int:
    make_rulebook()
    return make_staff("editor")


def test_lists_show_the_cheapest_active_variant(staff_id):
    product_id = create_product(TEA, staff_id, MONDAY)
    first = variants_of(product_id)[0]
    large = VariantDraft(title="200 g", price_points=900)
    small = VariantDraft(id=first.id, title="50 g", price_points=300, price_cents=990)

    save_product(product_id, 1, replace(TEA, variants=(large, small)), staff_id, MONDAY)
    assert (product(product_id).price_points_from, product(product_id).price_cents_from) == (300, 990)

    save_product(
        product_id,
        2,
        replace(TEA, variants=(replace(small, is_retired=True), VariantDraft(price_points=900))),
        staff_id,
        MONDAY,
    )
    assert (product(product_id).price_points_from, product(product_id).price_cents_from) == (900, 0)


def test_two_editors_at_once_lose_nothing(staff_id):
    product_id = create_product(TEA, staff_id, MONDAY)
    save_product(product_id, 1, replace(TEA, title="老白茶", variants=()), staff_id, MONDAY)

    with pytest.raises(EditedMeanwhile):
        save_product(product_id, 1, replace(TEA, title="新白茶", variants=()), staff_id, MONDAY)

    assert product(product_id).title == "老白茶"


def test_of_two_saves_at_the_same_moment_one_wins(staff_id):
    product_id = create_product(TEA, staff_id, MONDAY)

    def save(title: str) -> int:
        return save_product(product_id, 1, replace(TEA, title=title, variants=()), staff_id, MONDAY)

    outcomes = run_together([lambda name=f"茶 {number}": save(name) for number in range(6)])

    assert [type(error) for error in errors_of(outcomes)] == [EditedMeanwhile] * 5
    assert product(product_id).revision == 2


def test_a_code_belongs_to_one_variant(staff_id):
    named = VariantDraft(sku="TEA-1", price_points=10)
    create_product(replace(TEA, variants=(named,)), staff_id, MONDAY)

    with pytest.raises(SkuTaken):
        create_product(replace(TEA, variants=(named,)), staff_id, MONDAY)

    assert db.session.scalar(select(func.count()).select_from(Product)) == 1


def test_a_variant_of_another_product_cannot_be_taken(staff_id):
    _other, foreign_id = make_product()
    product_id = create_product(TEA, staff_id, MONDAY)

    with pytest.raises(NotFound):
        save_product(
            product_id,
            1,
            replace(TEA, variants=(VariantDraft(id=foreign_id, price_points=1),)),
            staff_id,
            MONDAY,
        )


def test_unknown_tier_or_category_is_refused(staff_id):
    for draft in (replace(TEA, tier_code_min="emperor"), replace(TEA, category_id=99)):
        with pytest.raises(InvalidInput):
            create_product(draft, staff_id, MONDAY)


def test_only_what_is_complete_goes_on_sale(staff_id):
    product_id = create_product(replace(TEA, variants=()), staff_id, MONDAY)

    with pytest.raises(NotReadyForSale) as refusal:
        publish_product(product_id, staff_id, MONDAY)
    assert refusal.value.missing == ("category", "picture", "variant")

    save_product(product_id, 1, replace(TEA, category_id=make_category()), staff_id, MONDAY)
    add_pictures(product_id, [picture()], staff_id, MONDAY)
    publish_product(product_id, staff_id, MONDAY)
    publish_product(product_id, staff_id, MONDAY)
    assert (product(product_id).state, product(product_id).published_at) == ("on_sale", MONDAY)

    take_off_product(product_id, staff_id, MONDAY)
    assert product(product_id).state == "off_sale"


def test_the_last_variant_on_sale_cannot_be_retired(staff_id):
    product_id, variant_id = make_product()
    revision = product(product_id).revision

    retired = VariantDraft(id=variant_id, price_points=680, is_retired=True)

    with pytest.raises(LastVariant):
        save_product(product_id, revision, replace(TEA, variants=(retired,)), staff_id, MONDAY)


def test_every_deed_leaves_an_audit_row(staff_id):
    product_id = create_product(TEA, staff_id, MONDAY)
    save_product(product_id, 1, replace(TEA, title="红茶", variants=()), staff_id, MONDAY)
    receive_stock(variants_of(product_id)[0].id, 5, "", staff_id, "key-000001", MONDAY)

    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [row.action for row in rows] == ["product.create", "product.save", "stock.receive"]
    assert rows[1].before["title"] == "白茶"
    assert rows[1].after["title"] == "红茶"


def test_the_first_picture_leads(staff_id, app):
    product_id, _variant = make_product()
    first, second = add_pictures(product_id, [picture(), picture(300, 300)], staff_id, MONDAY)
    assert product(product_id).picture_key == first
    ids = {row.key: row.id for row in db.session.scalars(select(Picture))}

    show_picture_first(product_id, ids[second], staff_id, MONDAY)
    assert product(product_id).picture_key == second

    remove_picture(product_id, ids[second], staff_id, MONDAY)
    assert product(product_id).picture_key == first
    with pytest.raises(NotFound):
        remove_picture(make_product()[0], ids[first], staff_id, MONDAY)


def test_one_bad_file_refuses_all(staff_id, app):
    product_id, _variant = make_product()
    before = set(app.config["MEDIA_FOLDER"].glob("*"))

    with pytest.raises(PictureRefused):
        add_pictures(product_id, [picture(), b"#!/bin/sh"], staff_id, MONDAY)

    assert set(app.config["MEDIA_FOLDER"].glob("*")) == before
    assert not db.session.scalar(select(func.count()).select_from(Picture))


def test_a_product_has_room_for_so_many_pictures(staff_id):
    product_id, _variant = make_product()

    with pytest.raises(PicturesFull):
        add_pictures(product_id, [picture(40, 40)] * (PICTURES_MAX + 1), staff_id, MONDAY)


def test_a_stock_form_sent_twice_counts_once(staff_id):
    _product, variant_id = make_product(on_hand=0)

    outcomes = run_together(
        [lambda: receive_stock(variant_id, 5, "到货", staff_id, "key-000001", MONDAY) for _tap in range(8)]
    )

    assert not errors_of(outcomes)
    assert db.session.get_one(StockLevel, variant_id).on_hand == 5
    with pytest.raises(KeyReused):
        receive_stock(variant_id, 6, "到货", staff_id, "key-000001", MONDAY)


def test_a_count_never_goes_below_what_is_promised(staff_id):
    _product, variant_id = make_product(on_hand=3)

    with pytest.raises(UnitsReserved) as refusal:
        adjust_stock(variant_id, -4, "盘点", staff_id, "key-000001", MONDAY)
    assert "3" in str(refusal.value)

    adjust_stock(variant_id, -3, "盘点", staff_id, "key-000002", MONDAY)
    assert db.session.get_one(StockLevel, variant_id).on_hand == 0
    reasons = db.session.scalars(select(StockMovement.reason).where(StockMovement.kind == "adjusted")).all()
    assert reasons == ["盘点"]


def test_who_waits_is_told_once_when_it_is_back(staff_id):
    product_id, variant_id = make_product(on_hand=0, title="绵绵小熊")
    slug = product(product_id).slug
    waiting, gone = make_member(), make_member()
    for member_id in (waiting, waiting, gone):
        watch(member_id, slug, "restock", MONDAY)
    watch(gone, slug, "favourite", MONDAY)
    unwatch(gone, slug, "restock")

    receive_stock(variant_id, 40, "", staff_id, "key-000001", MONDAY)
    receive_stock(variant_id, 40, "", staff_id, "key-000002", MONDAY)
    while work_off_outbox(MONDAY):
        pass

    messages = db.session.scalars(select(Message).where(Message.kind == "stock_back")).all()
    assert [(message.member_id, message.params["title"]) for message in messages] == [(waiting, "绵绵小熊")]
    assert db.session.scalars(select(Watch.kind)).all() == ["favourite"]
    kinds = db.session.scalars(select(OutboxEvent.kind).where(OutboxEvent.kind == "stock_back")).all()
    assert len(kinds) == 1
