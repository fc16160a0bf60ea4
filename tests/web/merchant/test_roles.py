"""Every address of the back office, asked for by everybody: nothing is allowed that no guard names."""

import ast
import re
from pathlib import Path

import pytest

from shop.web.audit_actions import ACTIONS
from shop.web.audit_actions import AREAS as AUDIT_AREAS
from shop.web.guards import EVERYONE, PUBLIC_MERCHANT
from shop.web.staff_roles import AREAS, abilities
from tests.factories import PASSWORD, ensure_rulebook, make_member, make_staff

SAMPLE = {"int": "999999", "default": "no-such-thing", "string": "no-such-thing", "path": "no-such-thing"}
PARAMETER = re.compile(r"<(?:(?P<converter>[a-z]+)(?:\([^)]*\))?:)?[a-z_]+>")
LEAVES = "merchant_login.log_out"


def guarded_addresses(app):
    """(method, address, endpoint) of every page and action behind the login."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/merchant") and rule.endpoint not in PUBLIC_MERCHANT:
            address = PARAMETER.sub(lambda found: SAMPLE[found["converter"] or "default"], rule.rule)
            for method in sorted(rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                yield method, address, rule.endpoint


def test_a_guest_is_sent_to_the_login_from_everywhere(app, client):
    wrong = []
    for method, address, endpoint in guarded_addresses(app):
        answer = client.open(address, method=method)
        if answer.status_code != 303 or answer.location != "/merchant/login":
            wrong.append((method, address, endpoint, answer.status))

    assert not wrong


def test_htmx_without_a_login_gets_a_redirect_of_the_whole_page(app, client):
    answer = client.fragment("/merchant/members")

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/merchant/login"


@pytest.mark.parametrize("role", EVERYONE)
def test_each_role_gets_what_its_guard_says_and_nothing_else(app, as_staff, role):
    ensure_rulebook()
    client, wrong = as_staff(role), []
    for method, address, endpoint in guarded_addresses(app):
        allowed = role in getattr(app.view_functions[endpoint], "allowed_roles", ())
        if endpoint == LEAVES and allowed:
            continue
        status = client.open(address, method=method).status_code
        if status >= 500 or status == 401 or (status == 403) is allowed:
            wrong.append((method, address, endpoint, status))

    assert not wrong


def test_every_view_of_the_back_office_names_its_roles(app):
    silent = [
        endpoint
        for _method, _address, endpoint in guarded_addresses(app)
        if not hasattr(app.view_functions[endpoint], "allowed_roles")
    ]

    assert not silent


def test_a_view_that_names_no_roles_is_for_nobody(app, make_app):
    other = make_app()
    other.config["WTF_CSRF_ENABLED"] = False
    other.add_url_rule("/merchant/forgotten", "merchant_x.forgotten", lambda: "secret")
    make_staff("owner", email="zhou@shop.test")
    client = other.test_client()
    client.post("/merchant/login", data={"email": "zhou@shop.test", "password": PASSWORD})

    answer = client.get("/merchant/forgotten")

    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_a_members_cookie_opens_no_back_office_and_a_staff_cookie_no_member_page(app, as_member, as_staff):
    member = as_member(make_member())
    staff = as_staff("owner")

    assert member.get("/merchant").location == "/merchant/login"
    assert staff.get("/member").status_code in (302, 303)
    assert "/login" in staff.get("/member").location

    for client, other, path in ((member, "shifen_staff", "/merchant"), (staff, "shifen", "/")):
        value = client.get_cookie("shifen", path="/") or client.get_cookie("shifen_staff", path="/merchant")
        client.set_cookie(other, value.value, path=path)
    assert member.get("/merchant").location == "/merchant/login"
    assert "/login" in staff.get("/member").location


def test_the_table_of_roles_says_what_the_guards_do(app, as_staff):
    with app.test_request_context("/merchant/staff"):
        told = {ability.label: ability.by_role for ability in abilities()}

    assert told["看操作记录"] == {"owner": "all", "editor": "none", "support": "none", "cashier": "none"}
    assert told["调整会员积分"] == {"owner": "all", "editor": "none", "support": "all", "cashier": "none"}
    assert told["看经营数字"]["cashier"] == "none"
    page = as_staff("owner").get("/merchant/staff").text
    assert all(label in page for label in told)


def test_every_area_of_the_back_office_has_a_name(app):
    blueprints = {endpoint.partition(".")[0] for _method, _address, endpoint in guarded_addresses(app)}

    assert blueprints - set(AREAS) <= {"merchant_login"}


def test_every_recorded_action_has_words():
    """Actions are written as ``noun.verb``; the modules that record any hold no other words of that form."""
    modules = [path for path in Path("shop/services").rglob("*.py") if "audit.record" in path.read_text()]
    words = {
        node.value
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    actions = {word for word in words if re.fullmatch(r"[a-z]+\.[a-z_]+", word)}

    assert actions
    assert actions <= set(ACTIONS), f"no words in shop/web/audit_actions.py: {sorted(actions - set(ACTIONS))}"
    assert {action.partition(".")[0] for action in ACTIONS} <= set(AUDIT_AREAS)
