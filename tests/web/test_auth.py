"""The pages for logging in and registering, as a browser without script and as htmx ask for them."""

import re

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import Login, LoginCode, Member
from tests.factories import PASSWORD, ensure_rulebook, make_member

PHONE = "13805712046"
GOOD = "a-long-walk-home"
HOSTILE = [
    "a\x00b",
    "\u202e13805712046",
    "😀" * 11,
    "１３８０５７１２０４６",
    "138'; --",
    "",
    "9" * 100_000,
    "1e10",
    "-1",
]


@pytest.fixture(autouse=True)
def rulebook(app, clock):
    ensure_rulebook()


def shown_code(page) -> str:
    return re.search(r'id="code-for-developers">(\d{6})<', page.text).group(1)


def members() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Member))


@pytest.mark.parametrize("path", ["/login", "/login/code", "/register", "/register?way=code"])
def test_the_doors_open(client, path):
    assert client.get(path).status_code == 200
    assert "<html" not in client.fragment(path).text


def test_registering_with_a_password_leads_into_the_member_centre(client):
    answer = client.post("/register", data={"phone": "138 0571 2046", "name": "小满", "password": GOOD})

    assert answer.status_code == 303
    assert "小满" in client.get("/member").text


def test_registering_with_a_code_without_script(client):
    client.post("/register", data={"phone": PHONE, "name": "小满", "send": "first"})
    page = client.get("/register?way=code")

    answer = client.post("/register", data={"phone": PHONE, "name": "小满", "code": shown_code(page)})

    assert answer.status_code == 303
    assert "小满" in client.get("/member").text


def test_a_second_registration_says_so_at_the_phone(client):
    make_member(phone="+86" + PHONE)

    answer = client.post("/register", data={"phone": PHONE, "password": GOOD})

    assert answer.status_code == 409
    assert "已经注册过" in answer.text
    assert members() == 1


@pytest.mark.parametrize(
    ("field", "hostile"),
    [
        *(("phone", hostile) for hostile in HOSTILE),
        *(("name", hostile) for hostile in ("a\x00b", "\u202e小满", "小\u200b满", "x" * 100_000)),
        *(
            ("password", hostile)
            for hostile in ("a long one\x00", "\u202ea-long-walk-home", "", "short", "x" * 100_000)
        ),
    ],
)
def test_hostile_input_registers_nobody(client, field, hostile):
    form = {"phone": PHONE, "name": "小满", "password": GOOD, field: hostile}

    answer = client.post("/register", data=form)

    assert answer.status_code == 422
    assert members() == 0


def test_a_megabyte_is_refused(client):
    answer = client.post("/register", data={"phone": PHONE, "password": "x" * 1_000_000})

    assert answer.status_code in (413, 422)
    assert members() == 0


def test_unknown_fields_are_ignored(client):
    client.post(
        "/register",
        data={"phone": PHONE, "password": GOOD, "growth": "99999", "tier_code": "fruit", "id": "77"},
    )

    member = db.session.scalars(select(Member)).one()
    assert (member.growth, member.tier_code) == (0, "sprout")


def test_a_code_logs_in_and_registers(client):
    assert client.post("/login/code", data={"phone": PHONE}).status_code == 303
    code = shown_code(client.get("/login/code"))

    answer = client.post("/login/code", data={"code": code})

    assert answer.status_code == 303
    assert client.get("/member").status_code == 200
    assert members() == 1


def test_a_code_logs_in_through_htmx(client):
    answer = client.fragment("/login/code", method="POST", data={"phone": PHONE})

    answer = client.fragment("/login/code", method="POST", data={"code": shown_code(answer)})

    assert answer.headers["HX-Redirect"] == "/member"


@pytest.mark.parametrize("code", ["12345", "1234567", "１２３４５６", "12345\x00", "abcdef", ""])
def test_a_malformed_code_costs_no_try(client, code):
    client.post("/login/code", data={"phone": PHONE})

    answer = client.post("/login/code", data={"code": code})

    assert answer.status_code == 422
    assert db.session.scalars(select(LoginCode.tries_left)).one() == 5


def test_a_wrong_code_says_how_many_tries_are_left(client):
    client.post("/login/code", data={"phone": PHONE})
    code = shown_code(client.get("/login/code"))

    answer = client.post("/login/code", data={"code": f"{(int(code) + 1) % 1_000_000:06d}"})

    assert answer.status_code == 422
    assert "还可以试 4 次" in answer.text


def test_a_code_without_a_phone_starts_again(client):
    assert client.post("/login/code", data={"code": "123456"}).location == "/login/code"


def test_a_second_code_within_the_minute_is_refused_with_the_wait(client, clock):
    clock.move(seconds=10)
    client.post("/login/code", data={"phone": PHONE})

    answer = client.post("/login/code", data={"phone": PHONE})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "50"


def test_production_shows_no_code_and_no_demo_logins(app, client):
    make_member(phone="+8613800000001")
    assert "13800000001" in client.get("/login").text.replace("\xa0", "")
    client.post("/login/code", data={"phone": PHONE})
    app.config["IS_PRODUCTION"] = True

    assert "code-for-developers" not in client.get("/login/code").text
    assert "0001" not in client.get("/login").text


def test_the_right_password_opens_and_a_wrong_one_stays_here(client):
    make_member(phone="+86" + PHONE)

    wrong = client.post("/login", data={"phone": PHONE, "password": "wrong"})
    right = client.post("/login", data={"phone": PHONE, "password": PASSWORD})

    assert wrong.status_code == 422
    assert "手机号或密码不对" in wrong.text
    assert right.status_code == 303


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_phones_log_nobody_in(client, hostile):
    answer = client.post("/login", data={"phone": hostile, "password": PASSWORD})

    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Login)) == 0


def test_too_many_wrong_passwords_have_to_wait(client):
    for _ in range(30):
        client.post("/login", data={"phone": PHONE, "password": "wrong"})

    answer = client.post("/login", data={"phone": PHONE, "password": "wrong"})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_a_suspended_member_stays_out_and_an_open_login_ends(client, as_member):
    member_id = make_member(phone="+86" + PHONE)
    open_before = as_member(member_id)
    suspend(member_id)

    answer = client.post("/login", data={"phone": PHONE, "password": PASSWORD})

    assert answer.status_code == 403
    assert open_before.get("/member").location == "/login"


def suspend(member_id: int) -> None:
    from shop.transaction import transaction

    with transaction() as session:
        session.get_one(Member, member_id).state = "suspended"


def test_login_gives_a_new_session_and_keeps_the_language(client):
    make_member(phone="+86" + PHONE)
    client.post("/language", data={"locale": "en"})
    with client.session_transaction() as before:
        before["left_over"] = "from a visitor"

    client.post("/login", data={"phone": PHONE, "password": PASSWORD})

    with client.session_transaction() as after:
        assert "left_over" not in after
        assert after["locale"] == "en"


def test_login_leads_to_the_page_that_asked_for_it_and_never_elsewhere(client):
    make_member(phone="+86" + PHONE)
    assert client.get("/member/addresses").location == "/login"

    answer = client.post(
        "/login?next=https://evil.example/",
        data={"phone": PHONE, "password": PASSWORD, "next": "//evil.example"},
    )

    assert answer.location == "/member/addresses"


def test_logging_out_really_ends_the_login(as_member):
    client = as_member(make_member())
    cookie = client.get_cookie("shifen").value

    assert client.get("/logout").status_code == 405
    assert client.post("/logout").status_code == 303

    client.set_cookie("shifen", cookie)
    assert client.get("/member").location == "/login"


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant", "en"])
def test_a_visitor_chooses_a_language(client, locale):
    assert client.post("/language", data={"locale": locale}).status_code == 303

    tags = {"zh_Hans": "zh-CN", "zh_Hant": "zh-Hant", "en": "en"}
    assert f'<html lang="{tags[locale]}"' in client.get("/login").text


def test_an_unknown_language_is_refused(client):
    answer = client.fragment("/language", method="POST", data={"locale": "tlh\x00"})

    assert answer.status_code == 422
