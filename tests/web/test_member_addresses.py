"""The address book in a browser."""

import pytest

from shop.queries.members.addresses import addresses_of
from tests.factories import make_member

FORM = {
    "name": "林小满",
    "phone": "138 0571 2046",
    "region": "浙江省 杭州市 拱墅区",
    "street": "小河路 12 号 3 幢 501",
}
HOSTILE = ["a\x00b", "\u202eabcdefgh", "abcd\ue000efgh", "", "x" * 100_000]


@pytest.fixture(autouse=True)
def monday(app, clock):
    return clock


def test_an_address_is_added_changed_and_deleted_without_script(as_member):
    member_id = make_member()
    client = as_member(member_id)

    assert client.post("/member/addresses", data=FORM).location == "/member/addresses"
    address = addresses_of(member_id)[0]
    assert address.phone == "+8613805712046"
    assert FORM["street"] in client.get("/member/addresses").text

    client.post(f"/member/addresses/{address.id}", data={**FORM, "street": "文三路 8 号 2 楼"})
    assert addresses_of(member_id)[0].street == "文三路 8 号 2 楼"

    client.post(f"/member/addresses/{address.id}/deletion")
    assert addresses_of(member_id) == []


def test_the_default_moves_through_htmx(as_member):
    member_id = make_member()
    client = as_member(member_id)
    client.post("/member/addresses", data=FORM)
    client.post("/member/addresses", data={**FORM, "street": "文三路 8 号 2 楼"})
    other = addresses_of(member_id)[1]

    answer = client.fragment(f"/member/addresses/{other.id}/default", method="POST")

    assert answer.text.lstrip().startswith("<section")
    assert addresses_of(member_id)[0].id == other.id


@pytest.mark.parametrize("field", FORM)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_input_is_refused_at_its_field(as_member, field, hostile):
    member_id = make_member()

    answer = as_member(member_id).post("/member/addresses", data={**FORM, field: hostile})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert addresses_of(member_id) == []


def test_a_phone_that_is_too_short_says_by_how_much(as_member):
    answer = as_member(make_member()).fragment(
        "/member/addresses", method="POST", data={**FORM, "phone": "1380571204", "street": ""}
    )

    assert "现在少了 1 位" in answer.text
    assert "有 2 处要改一下" in answer.text


@pytest.mark.parametrize("deed", ["", "/default", "/deletion"])
def test_an_address_of_someone_else_is_404(as_member, deed):
    owner = make_member()
    as_member(owner).post("/member/addresses", data=FORM)
    address = addresses_of(owner)[0]
    stranger = as_member(make_member())

    assert stranger.get(f"/member/addresses/{address.id}").status_code == 404
    assert stranger.post(f"/member/addresses/{address.id}{deed}", data=FORM).status_code == 404
    assert addresses_of(owner) == [address]


def test_a_new_address_leads_back_to_the_checkout_that_asked(as_member):
    member_id = make_member()
    client = as_member(member_id)
    checkout = "/checkout?sku=SKU-1&qty=2"
    client.get("/member/addresses/new", headers={"Referer": f"http://localhost{checkout}"})

    first = client.post("/member/addresses", data=FORM)
    second = client.post("/member/addresses", data=FORM)

    oldest = min(address.id for address in addresses_of(member_id))
    assert first.location == f"{checkout}&address_id={oldest}"
    assert second.location == "/member/addresses"


def test_it_never_leads_to_another_site(as_member):
    client = as_member(make_member())
    client.get("/member/addresses/new", headers={"Referer": "https://evil.example/checkout"})

    assert client.post("/member/addresses", data=FORM).location == "/member/addresses"
