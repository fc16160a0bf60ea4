"""Setting a new shop up: by the steps without script, and back to each of them later."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import AuditEntry, Category, Product, RulebookVersion, StockLevel
from shop.queries.points.rulebook import rulebook_in_force
from shop.services.merchant.setting_up import save_name
from shop.services.points.publishing import install_default_rulebook
from tests.factories import MONDAY, make_member, make_staff
from tests.pictures import picture
from tests.setting_up import set_up
from tests.walks import Person


@pytest.fixture
def owner(app, clock, as_staff) -> Person:
    """The owner of an empty shop, right after logging in."""
    install_default_rulebook(clock.now)
    return Person(as_staff("owner"))


def count(model) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_an_empty_shop_is_open_after_five_pages(owner, client):
    set_up(owner)

    home = Person(client).open("/")
    assert "街角面包" in home.answer.text
    assert "每天六点出炉" in home.text
    assert "/theme.css?v=75-20" in home.answer.text
    Person(client).open("/products").reads("一个可颂", "100")
    assert rulebook_in_force(MONDAY).offset.per_cents == 1000
    assert count(RulebookVersion) == 2
    assert db.session.scalars(select(StockLevel.on_hand)).one() == 12
    deeds = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert deeds[-4:] == ["shop.save_name", "shop.save_colours", "rulebook.publish", "product.create"]

    owner.press("去后台").reads("概览")


def test_each_step_can_be_skipped_and_taken_up_again(owner):
    owner.open("/merchant").follow("跳过这一步").reads("选两种颜色")
    owner.follow("跳过这一步").follow("跳过这一步").follow("跳过这一步").reads("先开门也行", "还差 4 步")

    owner.press("去后台").reads("概览")
    owner.open("/merchant").reads("概览")

    owner.open("/merchant/settings").follow("打开开店向导").press("就叫这个", name="小店")
    owner.open("/merchant/setup").reads("选两种颜色")


def test_who_puts_it_off_is_not_asked_again(owner):
    owner.open("/merchant").press("先不弄了").reads("概览")

    owner.open("/merchant").reads("概览")


@pytest.mark.parametrize(
    "made", [make_member, lambda: save_name("小店", "", staff_id=make_staff(), now=MONDAY)]
)
def test_a_shop_that_somebody_has_touched_opens_its_overview(owner, made):
    made()

    owner.open("/merchant").reads("概览")


def test_staff_without_the_right_see_the_overview(app, clock, as_staff):
    install_default_rulebook(clock.now)
    cashier = as_staff("cashier")

    assert cashier.get("/merchant").status_code == 200
    assert cashier.get("/merchant/setup/name").status_code == 403
    assert cashier.post("/merchant/setup/name", data={"name": "我的"}).status_code == 403


@pytest.mark.parametrize("name", ["", "x" * 21, "a\u202eb"])
def test_a_name_that_is_none_is_asked_for_again(owner, name):
    owner.open("/merchant/setup/name").press("就叫这个", name=name)

    assert owner.answer.status_code == 422


@pytest.mark.parametrize("hue", ["360", "-1", "1e2", "１", "", "9" * 30])
def test_a_hue_beyond_the_wheel_is_refused(owner, hue):
    owner.open("/merchant/setup/colours").press("就用这两种", brand_hue=hue)

    assert owner.answer.status_code == 422


def test_a_look_stays_on_the_page_and_wears_the_colours(owner):
    page = owner.open("/merchant/setup/colours")
    assert "/theme.css?v=165-41" in page.answer.text

    page.press_value("then", "look")
    owner.open("/merchant/setup/colours")

    assert owner.path == "/merchant/setup/colours"


def test_the_same_step_sent_twice_does_it_once(owner):
    form = {"preset": "simple", "idempotency_key": "a-key-of-the-page"}
    goods = {
        "title": "面包",
        "points": "5",
        "units": "3",
        "find": "cake",
        "idempotency_key": "another-key-of-it",
    }
    for _time in range(2):
        assert owner.client.post("/merchant/setup/rules", data=form).status_code == 303
        assert owner.client.post("/merchant/setup/product", data=goods).status_code == 303

    assert count(RulebookVersion) == 2
    assert count(Product) == 1


def test_a_photo_of_ones_own_goes_first(owner):
    owner.open("/merchant/setup/product")
    owner.press("放上货架", title="面包", points=5, units=3, picture=(BytesIO(picture()), "bread.png"))

    assert db.session.scalars(select(Product.state)).one() == "on_sale"
    assert count(Category) == 1

    owner.open("/merchant/setup/product")
    owner.press("放上货架", title="面包", points=5, units=3, picture=(BytesIO(b"no picture"), "bread.png"))
    assert owner.answer.status_code == 422
    assert count(Product) == 1


def test_an_unknown_policy_is_refused(owner):
    owner.open("/merchant/setup/rules").press("用这一套", preset="nothing").reads("选一套规则")

    assert count(RulebookVersion) == 1


# The face on every page


def test_the_stylesheet_of_two_hues_is_kept_for_ever(client):
    answer = client.get("/theme.css?v=75-20")

    assert answer.mimetype == "text/css"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "--brand-h:75;--spark-h:20" in answer.text
    assert client.get("/theme.css").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("asked", ["", "360-1", "1", "1-2-3", "１-2", "-1-2", "}body{"])
def test_no_other_stylesheet_can_be_asked_for(client, asked):
    assert client.get("/theme.css", query_string={"v": asked}).status_code == 404


def test_a_phone_is_told_the_name(owner, client: FlaskClient):
    save_name("街角面包", "每天六点出炉", staff_id=make_staff(), now=MONDAY)

    answer = client.get("/manifest.webmanifest")

    assert answer.mimetype == "application/manifest+json"
    assert answer.json["name"] == "街角面包"
    assert answer.json["icons"]


def test_a_kept_page_shows_the_new_name_at_once(app, owner, client):
    reloading, app.jinja_env.auto_reload = app.jinja_env.auto_reload, False
    assert "街角面包" not in client.get("/").text

    save_name("街角面包", "", staff_id=make_staff(), now=MONDAY)

    assert "街角面包" in client.get("/").text
    app.jinja_env.auto_reload = reloading


def test_another_process_hears_of_the_new_name(app, owner, make_app):
    other = make_app()
    assert "街角面包" not in other.test_client().get("/").text

    save_name("街角面包", "", staff_id=make_staff(), now=MONDAY)

    assert "街角面包" in other.test_client().get("/").text
