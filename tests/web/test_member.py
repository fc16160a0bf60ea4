"""The member centre, the box and the settings."""

import pytest
from sqlalchemy import event

from shop.clock import now
from shop.extensions import db
from shop.queries.members.logins import devices_of
from shop.queries.members.messages import messages_of, unread_count
from shop.queries.members.profile import profile_of
from shop.services.members.messages import tell_member
from tests.factories import PASSWORD, give_points, make_member

PAGES = ["/member", "/member/addresses", "/member/addresses/new", "/member/notifications", "/member/settings"]
HOSTILE = ["a\x00b", "\u202eabc", "\u200d", "", "x" * 10_000]


@pytest.fixture(autouse=True)
def monday(app, clock):
    return clock


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_member_are_for_members_and_kept_by_no_cache(client, as_member, path):
    assert client.get(path).location == "/login"
    assert client.fragment(path).headers["HX-Redirect"] == "/login"

    page = as_member(make_member()).get(path)

    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"


def test_the_centre_tells_who_one_is(as_member):
    member_id = make_member(points=2460, growth=620, tier_code="branch")

    page = as_member(member_id).get("/member").text

    for words in ("林小满", "2,460", "青枝", "1,380", "满枝"):
        assert words in page


@pytest.mark.parametrize(
    "path", ["/member", "/member/notifications", "/member/settings", "/member/addresses"]
)
def test_a_page_asks_the_database_as_often_however_much_there_is(as_member, path):
    member_id = make_member()
    client = as_member(member_id)
    client.get(path)
    few = count_statements(client, path)
    for number in range(15):
        tell_member(member_id, "welcome", f"w:{number}", {}, None, now())
        give_points(member_id, 10)
        as_member(member_id)

    assert count_statements(client, path) == few
    assert few <= 9


def count_statements(client, path) -> int:
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    client.get(path)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([statement for statement in statements if statement.startswith("SELECT")])


def test_the_box_shows_opens_and_marks(as_member):
    member_id = make_member()
    tell_member(member_id, "welcome", "w:1", {}, "/rules", now())
    client = as_member(member_id)
    assert "欢迎来坐坐" in client.get("/member/notifications").text

    answer = client.post(f"/member/notifications/{messages_of(member_id).messages[0].id}")

    assert answer.location == "/rules"
    assert unread_count(member_id) == 0


def test_a_message_of_someone_else_is_404(as_member):
    owner = make_member()
    tell_member(owner, "welcome", "w:1", {}, None, now())

    answer = as_member(make_member()).post(f"/member/notifications/{messages_of(owner).messages[0].id}")

    assert answer.status_code == 404


def test_a_message_of_an_unknown_kind_still_opens(as_member):
    member_id = make_member()
    tell_member(member_id, "forgotten", "f:1", {"points": 5}, None, now())
    tell_member(member_id, "order_shipped", "f:2", {}, None, now())

    assert as_member(member_id).get("/member/notifications").text.count("店里的消息") == 2


@pytest.mark.parametrize("before", ["abc", "-1", "9" * 40, "1e3", "\x00"])
def test_a_strange_place_in_the_box_is_no_error(as_member, before):
    client = as_member(make_member())

    assert client.get("/member/notifications", query_string={"before": before}).status_code == 200


def test_the_rest_of_the_box_comes_as_a_fragment(as_member):
    member_id = make_member()
    for number in range(25):
        tell_member(member_id, "welcome", f"w:{number}", {}, None, now())
    client = as_member(member_id)
    page = messages_of(member_id)

    more = client.fragment(f"/member/notifications?before={page.next_before}")

    assert "<html" not in more.text
    assert more.text.count("<li>") == 5


def test_name_and_picture_change(as_member):
    member_id = make_member()
    client = as_member(member_id)

    answer = client.post("/member/settings/profile", data={"name": " 小  满 ", "avatar": "bear"})

    assert answer.status_code == 303
    profile = profile_of(member_id)
    assert (profile.name, profile.avatar) == ("小 满", "bear")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_change_nothing(as_member, name):
    member_id = make_member()

    answer = as_member(member_id).post("/member/settings/profile", data={"name": name, "avatar": "bear"})

    assert answer.status_code == 422
    assert profile_of(member_id).name == "林小满"


@pytest.mark.parametrize("avatar", ["../../etc/passwd", "", "dragon", "cat\x00"])
def test_only_pictures_that_are_offered(as_member, avatar):
    answer = as_member(make_member()).post(
        "/member/settings/profile", data={"name": "小满", "avatar": avatar}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize("day", ["2026-03-03", "1899-12-31", "yesterday", "", "9999-99-99", "2026-02-30"])
def test_days_on_which_nobody_was_born(as_member, day):
    member_id = make_member()

    answer = as_member(member_id).post("/member/settings/birthday", data={"birthday": day})

    assert answer.status_code == 422
    assert profile_of(member_id).birthday is None


def test_a_second_birthday_within_the_year_says_when(as_member):
    client = as_member(make_member())
    client.post("/member/settings/birthday", data={"birthday": "1996-11-28"})

    answer = client.post("/member/settings/birthday", data={"birthday": "1996-11-29"})

    assert answer.status_code == 409
    assert "2027-03-02" in answer.text


def test_language_and_colours_are_kept_with_the_member(as_member):
    member_id = make_member()
    client = as_member(member_id)

    client.post("/member/settings/language", data={"locale": "en"})
    client.post("/member/settings/theme", data={"theme": "dark"})

    other_device = as_member(member_id).get("/member").text
    assert '<html lang="en" data-theme="dark"' in other_device
    assert client.fragment("/member/settings/theme", method="POST", data={"theme": "pink"}).status_code == 422


def test_a_new_password_ends_the_other_devices(as_member):
    member_id = make_member()
    here, there = as_member(member_id), as_member(member_id)

    answer = here.post("/member/settings/password", data={"old": PASSWORD, "new": "a-long-walk-home"})

    assert answer.status_code == 303
    assert here.get("/member").status_code == 200
    assert there.get("/member").location == "/login"


@pytest.mark.parametrize(
    "form",
    [
        {"old": "wrong", "new": "a-long-walk-home"},
        {"old": PASSWORD, "new": "short"},
        {"old": PASSWORD, "new": "12345678"},
    ],
)
def test_a_password_is_refused_at_its_field(as_member, form):
    answer = as_member(make_member()).fragment("/member/settings/password", method="POST", data=form)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_logging_out_everywhere_else_ends_the_other_cookie(as_member):
    member_id = make_member()
    here, there = as_member(member_id), as_member(member_id)

    here.post("/member/settings/devices/ending")

    assert here.get("/member").status_code == 200
    assert there.get("/member").location == "/login"


def test_one_device_can_be_ended_but_not_a_stranger_s(as_member):
    member_id = make_member()
    here, there = as_member(member_id), as_member(member_id)
    newest = max(device.login_id for device in devices_of(member_id, now()))
    stranger = as_member(make_member())

    assert stranger.post(f"/member/settings/devices/{newest}/ending").status_code == 404
    assert there.get("/member").status_code == 200
    assert here.post(f"/member/settings/devices/{newest}/ending").status_code == 303
    assert there.get("/member").location == "/login"


def test_the_list_of_devices_knows_when_something_was_last_done(as_member, clock):
    member_id = make_member()
    client = as_member(member_id)
    started = clock.now
    later = clock.move(hours=3)

    client.get("/member")
    assert devices_of(member_id, later)[0].last_seen_at == started
    client.post("/member/notifications/reading")

    assert devices_of(member_id, later)[0].last_seen_at == later
