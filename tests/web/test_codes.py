"""The page on which a member uses a printed code."""

from shop.queries.points.balance import balance_of
from tests.factories import MONDAY, make_member
from tests.printed_codes import printed_batch
from tests.walks import Person


def test_a_printed_square_leads_to_its_points(app, clock, client, as_member):
    member = make_member()
    _batch, codes = printed_batch()
    person = Person(as_member(member)).open(f"/codes?code={codes[0]}")

    person.press("换成积分")

    assert "拾到 50 积分" in person.text
    assert "秋日礼卡" in person.text
    assert balance_of(member, MONDAY).available == 50


def test_a_guest_comes_back_with_the_code_after_the_login(app, clock, client):
    answer = client.get("/codes?code=ABCDEFGHJKMN")

    assert answer.status_code == 303
    with client.session_transaction() as session:
        assert session["next"] == "/codes?code=ABCDEFGHJKMN"


def test_a_bad_code_is_said_at_the_field_and_kept(app, clock, as_member):
    client = as_member(make_member())

    answer = client.fragment(
        "/codes", method="POST", data={"code": "ABCD-EFGH-JKMN", "idempotency_key": "key-of-the-page"}
    )

    assert answer.status_code == 409
    assert "这张码现在用不了" in answer.text
    assert "ABCD-EFGH-JKMN" in answer.text


def test_a_code_used_before_says_so(app, clock, as_member):
    member = make_member()
    _batch, codes = printed_batch()
    client = as_member(member)
    first = client.fragment("/codes", method="POST", data={"code": codes[0], "idempotency_key": "key-of-one"})
    second = client.fragment(
        "/codes", method="POST", data={"code": codes[0], "idempotency_key": "key-of-two"}
    )

    assert "拾到 50 积分" in first.text
    assert second.status_code == 409
    assert "你已经用过了" in second.text


def test_nobody_sees_what_anothers_code_brought(app, clock, as_member):
    _batch, codes = printed_batch()
    owner = as_member(make_member())
    led_to = owner.post("/codes", data={"code": codes[0], "idempotency_key": "key-of-one"}).location

    assert "拾到" in owner.get(led_to).text
    assert "拾到" not in as_member(make_member()).get(led_to).text
