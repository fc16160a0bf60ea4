"""Through the door of the back office with a browser, with and without script."""

from datetime import timedelta

import pytest

from shop.services.merchant.staff import create_staff, disable_staff
from tests.factories import MONDAY, PASSWORD, make_staff


def log_in(client, email="zhou@shop.test", password=PASSWORD):
    return client.post("/merchant/login", data={"email": email, "password": password})


def test_after_the_login_one_stands_where_one_wanted_to_go(client):
    make_staff("owner", email="zhou@shop.test")
    assert client.get("/merchant/audit?area=staff").location == "/merchant/login"

    answer = log_in(client)

    assert answer.location == "/merchant/audit?area=staff"
    cookie = client.get_cookie("shifen_staff", path="/merchant")
    assert cookie.http_only
    assert client.get_cookie("shifen", path="/") is None
    assert client.get("/merchant/login").location == "/merchant"


def test_a_wrong_password_is_told_at_the_field(client):
    make_staff("owner", email="zhou@shop.test")

    answer = log_in(client, password="wrong")

    assert answer.status_code == 422
    assert "邮箱或密码不对" in answer.text
    assert client.get("/merchant").status_code == 303


@pytest.mark.parametrize(
    "email", ["", "a\x00b@shop.test", "x" * 100_000, "\u202ezhou@shop.test", "😀@shop.test", "' OR 1=1 --"]
)
def test_hostile_emails_are_refused_without_a_fault(client, email):
    assert log_in(client, email).status_code == 422
    assert log_in(client, "zhou@shop.test", "p" * 100_000).status_code == 422


def test_too_many_tries_have_to_wait(client):
    for _ in range(10):
        log_in(client, password="wrong")

    answer = log_in(client)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_login_ends_with_the_logout_in_every_copy_of_the_cookie(app, client):
    make_staff("owner", email="zhou@shop.test")
    log_in(client)
    copied = client.get_cookie("shifen_staff", path="/merchant").value

    assert client.post("/merchant/logout").location == "/merchant/login"

    thief = app.test_client()
    thief.set_cookie("shifen_staff", copied, path="/merchant")
    assert thief.get("/merchant").location == "/merchant/login"
    assert client.get("/merchant/logout").status_code == 405


def test_a_login_ends_after_twelve_hours(client, clock):
    make_staff("owner", email="zhou@shop.test")
    log_in(client)

    clock.move(hours=11, minutes=59)
    assert client.get("/merchant/settings").status_code == 200
    clock.move(minutes=1)

    assert client.get("/merchant/settings").location == "/merchant/login"


def test_somebody_disabled_is_out_at_the_next_click(client):
    owner, cashier = make_staff("owner"), make_staff("cashier", email="lu@shop.test")
    log_in(client, "lu@shop.test")
    assert client.get("/merchant").status_code == 200

    disable_staff(cashier, by_staff_id=owner, now=MONDAY)

    assert client.get("/merchant").location == "/merchant/login"


def test_the_one_time_link_sets_a_password_and_logs_in(client, clock):
    token = create_staff("lu@shop.test", "小陆", "cashier", by_staff_id=None, now=clock.now).token
    link = f"/merchant/invitation/{token}"
    assert "小陆" in client.get(link).text

    assert client.post(link, data={"password": "short"}).status_code == 422
    assert client.post(link, data={"password": "password"}).status_code == 422
    answer = client.post(link, data={"password": "a quiet river"})

    assert (answer.status_code, answer.location) == (303, "/merchant")
    assert client.get("/merchant").status_code == 200
    assert client.get(link).status_code == 404
    assert client.post(link, data={"password": "a quiet river"}).status_code in (303, 404)
    clock.move(hours=12)
    assert client.get(f"/merchant/invitation/{token}x").status_code == 404


def test_an_old_link_leads_nowhere(client, clock):
    token = create_staff("lu@shop.test", "小陆", "cashier", by_staff_id=None, now=clock.now).token
    clock.stand_at(clock.now + timedelta(hours=48))

    assert client.get(f"/merchant/invitation/{token}").status_code == 404


def test_the_command_prints_a_link_that_works(app, client):
    runner = app.test_cli_runner()

    result = runner.invoke(args=["staff", "create", "--email", "zhou@shop.test", "--role", "owner"])

    assert result.exit_code == 0
    path = result.output.strip().removeprefix(app.config["SHOP_URL"])
    assert client.post(path, data={"password": "a quiet river"}).location == "/merchant"
    again = runner.invoke(args=["staff", "create", "--email", "zhou@shop.test", "--role", "owner"])
    assert again.exit_code == 1
    assert "已经在同事里了" in again.output
    assert runner.invoke(args=["staff", "link", "--email", "zhou@shop.test"]).exit_code == 0


def test_demo_logins_are_shown_in_development_only(app, client):
    make_staff("owner", email="owner@demo.test")
    assert "owner@demo.test" in client.get("/merchant/login").text

    app.config["IS_PRODUCTION"] = True
    assert "owner@demo.test" not in client.get("/merchant/login").text
