"""The rulebook in the back office: sections as forms, the draft, its publication."""

import pytest

from shop.queries.points.rulebook import rulebook_draft, rulebook_in_force, rulebook_versions
from shop.web.numbers import cents_from, permille_from, plain_permille, plain_yuan
from tests.factories import MONDAY, make_category, make_rulebook

EARNING = {"points": "2", "per_cents": "1", "wait_days": "7"}


@pytest.fixture(autouse=True)
def monday(app, clock):
    clock.stand_at(MONDAY)
    make_rulebook()


def publish(client, key="k1", **values):
    return client.post("/merchant/rulebook/publications", data={"idempotency_key": key, "note": "", **values})


@pytest.mark.parametrize(
    "section",
    [
        "earning",
        "tiers",
        "tier_policy",
        "offset",
        "expiry",
        "signin",
        "caps",
        "returns",
        "orders",
        "shipping",
        "publishing",
    ],
)
def test_a_section_saved_as_it_stands_changes_nothing(as_staff, section):
    client = as_staff("editor")
    page = client.get(f"/merchant/rulebook/sections/{section}")
    assert page.status_code == 200

    answer = client.post(f"/merchant/rulebook/sections/{section}", data=fields_of(page.text))

    assert answer.status_code == 303, answer.text
    assert rulebook_draft().rulebook == rulebook_in_force(MONDAY)


@pytest.mark.parametrize(
    ("section", "name"),
    [
        ("signin", "milestones-0-coupon_code"),
        ("tiers", "tiers-0-name"),
        ("tiers", "tiers-1-monthly_coupon_code"),
    ],
)
@pytest.mark.parametrize("unseen", ["a\0b", "a\u202eb"])
def test_what_nobody_can_see_is_refused_at_its_field(as_staff, section, name, unseen):
    client = as_staff("editor")
    address = f"/merchant/rulebook/sections/{section}"

    answer = client.post(address, data={**fields_of(client.get(address).text), name: unseen})

    assert answer.status_code == 422
    assert f'id="{name}-error"' in answer.text
    assert rulebook_draft() is None


def test_a_section_is_kept_as_draft_and_published_at_once(as_staff):
    client = as_staff("editor")

    assert client.post("/merchant/rulebook/sections/earning", data=EARNING).status_code == 303
    assert rulebook_in_force(MONDAY).earning.points == 1
    draft = client.get("/merchant/rulebook/draft").text
    assert "消费得分：给多少分" in draft
    assert "对会员更好" in draft
    answer = publish(client)

    assert answer.location == "/merchant/rulebook/versions/2"
    assert rulebook_in_force(MONDAY).earning.points == 2
    assert rulebook_draft() is None
    assert publish(client).location == "/merchant/rulebook/versions/2"
    assert publish(client, key="k2").status_code == 303
    assert len(rulebook_versions(MONDAY)) == 2


def test_an_offset_window_is_for_some_tiers_and_goods(as_staff):
    client = as_staff("editor")
    address = "/merchant/rulebook/sections/offset"
    make_category("护肤", "skin")
    make_category("洗护", "hair")
    shown = fields_of(client.get(address).text)
    row = {
        "windows-0-name": "青枝月",
        "windows-0-starts_at": "2026-04-01T00:00",
        "windows-0-ends_at": "2026-05-01T00:00",
        "windows-0-points": "50",
        "windows-0-per_cents": "1",
        "windows-0-tiers": ["branch", "crown"],
        "windows-0-categories": "skin",
    }

    assert client.post(address, data={**shown, **row}).status_code == 303

    window = rulebook_draft().rulebook.offset.windows[0]
    assert (window.tiers, window.categories) == (("branch", "crown"), ("skin",))
    assert client.post(address, data=fields_of(client.get(address).text)).status_code == 303
    assert rulebook_draft().rulebook.offset.windows == (window,)
    shown = client.get(address).text
    assert "洗护" in shown
    strange = {**fields_of(shown), "windows-0-tiers": "emperor"}
    assert client.post(address, data=strange).status_code == 422
    assert "只给青枝、满枝，只在商品都是「护肤」的时候" in client.get("/merchant/rulebook/draft").text


def test_a_moment_is_read_in_the_shops_time(as_staff):
    client = as_staff("owner")
    client.post("/merchant/rulebook/sections/earning", data=EARNING)

    assert publish(client, effective_at="2026-03-02T11:59").status_code == 422  # a minute ago in Shanghai
    assert publish(client, effective_at="2026-03-02T12:01").status_code == 303

    assert rulebook_versions(MONDAY)[0].effective_at.isoformat() == "2026-03-02T04:01:00+00:00"
    assert rulebook_versions(MONDAY)[0].state == "scheduled"


@pytest.mark.parametrize("typed", ["", "-1", "1e3", "１", "1.5", "0x10", "NaN", "9" * 30, "1 000", "\x00"])
def test_what_is_no_whole_number_is_told_at_its_field(as_staff, typed):
    answer = as_staff("editor").post("/merchant/rulebook/sections/earning", data={**EARNING, "points": typed})

    assert answer.status_code == 422
    assert 'id="points-error"' in answer.text
    assert rulebook_draft() is None


def test_a_number_out_of_range_is_kept_in_the_draft_and_told_at_its_field(as_staff):
    client = as_staff("editor")

    answer = client.post("/merchant/rulebook/sections/earning", data={**EARNING, "wait_days": "91"})

    assert answer.status_code == 422
    assert "不能大于 90" in answer.text
    assert "收货几天后到账" in client.get("/merchant/rulebook/draft").text
    assert publish(client).status_code == 422
    assert len(rulebook_versions(MONDAY)) == 1


def test_tiers_that_do_not_rise_are_told_at_the_row(as_staff):
    client = as_staff("editor")
    fields = fields_of(client.get("/merchant/rulebook/sections/tiers").text)

    answer = client.post("/merchant/rulebook/sections/tiers", data={**fields, "tiers-2-growth_from": "400"})

    assert answer.status_code == 422
    assert 'id="tiers-2-growth_from-error"' in answer.text


def test_rows_are_added_and_removed_without_saving_and_without_script(as_staff):
    client = as_staff("editor")
    fields = fields_of(client.get("/merchant/rulebook/sections/tiers").text)

    more = client.post("/merchant/rulebook/sections/tiers", data={**fields, "add_row": "tiers"})
    assert more.status_code == 200
    assert "tiers-4-name" in more.text
    fewer = client.fragment(
        "/merchant/rulebook/sections/tiers", method="POST", data={**fields, "remove_row": "tiers-1"}
    )
    assert fewer.text.lstrip().startswith("<form")
    assert "青枝" not in fewer.text
    odd = client.post(
        "/merchant/rulebook/sections/tiers", data={**fields, "remove_row": "tiers-99", "add_row": "x"}
    )
    assert odd.status_code == 200

    assert rulebook_draft() is None


def test_a_removed_row_is_gone_after_saving(as_staff):
    client = as_staff("editor")
    fields = fields_of(client.get("/merchant/rulebook/sections/tiers").text)
    shorter = client.post("/merchant/rulebook/sections/tiers", data={**fields, "remove_row": "tiers-1"}).text

    client.post("/merchant/rulebook/sections/tiers", data=fields_of(shorter))

    assert [tier.code for tier in rulebook_draft().rulebook.tiers] == ["sprout", "crown", "fruit"]


def test_an_earlier_version_is_published_again_as_the_next(as_staff):
    client = as_staff("owner")
    client.post("/merchant/rulebook/sections/earning", data=EARNING)
    publish(client)

    client.post("/merchant/rulebook/versions/1/copies")
    publish(client, key="k2")

    assert rulebook_in_force(MONDAY).earning.points == 1
    assert len(rulebook_versions(MONDAY)) == 3
    assert "第 1 版" in client.get("/merchant/rulebook").text


def test_a_discarded_draft_leaves_the_rules_alone(as_staff):
    client = as_staff("owner")
    client.post("/merchant/rulebook/sections/earning", data=EARNING)

    assert client.post("/merchant/rulebook/draft/removal").status_code == 303
    assert rulebook_draft() is None


@pytest.mark.parametrize("role", ["cashier", "support"])
def test_others_may_not_touch_the_rulebook(as_staff, role):
    client = as_staff(role)

    assert client.get("/merchant/rulebook").status_code == 403
    assert client.post("/merchant/rulebook/sections/earning", data=EARNING).status_code == 403
    assert publish(client).status_code == 403
    assert rulebook_draft() is None


@pytest.mark.parametrize("path", ["sections/nothing", "versions/99", f"versions/{2**70}"])
def test_what_is_not_there_is_not_found(as_staff, path):
    assert as_staff("owner").get(f"/merchant/rulebook/{path}").status_code == 404


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1", 100), ("0.5", 50), ("1,234.5", 123450), ("19.90", 1990), ("99", 9900), ("0.01", 1)],
)
def test_yuan_are_read_and_written_exactly(text, cents):
    assert cents_from(text) == cents
    assert cents_from(plain_yuan(cents)) == cents


@pytest.mark.parametrize(("text", "permille"), [("1", 1000), ("1.2", 1200), ("1.255", 1255), ("10", 10000)])
def test_multipliers_are_read_and_written_exactly(text, permille):
    assert permille_from(text) == permille
    assert permille_from(plain_permille(permille)) == permille


@pytest.mark.parametrize(
    "text", ["", "1.", ".5", "1.999", "-1", "1e2", "１", "¥1", "1,2.3.4", "19,90", "1,23"]
)
def test_what_is_no_money_is_refused(text):
    with pytest.raises(ValueError):
        cents_from(text)


def fields_of(page, form_id="rulebook-editor") -> dict[str, object]:
    """What a browser would send of the form on a page."""
    from html.parser import HTMLParser

    class Fields(HTMLParser):
        def __init__(self):
            super().__init__()
            self.found, self.select, self.in_editor = {}, "", False

        def handle_starttag(self, tag, attributes):
            values = dict(attributes)
            if tag == "form":
                self.in_editor = values.get("id") == form_id
            if not self.in_editor or (not values.get("name") and tag != "option"):
                return
            if tag == "input" and (values.get("type") not in ("checkbox", "radio") or "checked" in values):
                self.found.setdefault(values["name"], []).append(values.get("value", "y"))
            elif tag == "select":
                self.select = values["name"]
            elif tag == "option" and ("selected" in values or self.select not in self.found):
                self.found[self.select] = [values["value"]]

    parser = Fields()
    parser.feed(page)
    return parser.found
