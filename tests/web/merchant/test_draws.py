"""Draws and sign-in in the back office, over HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.extensions import db
from shop.models import AuditEntry, Draw, Prize
from shop.services.engagement.signin import sign_in
from tests.draws import draw_once, make_draw
from tests.factories import MONDAY, ensure_rulebook, make_member

A_DAY = timedelta(days=1)
DRAW = {
    "title": "秋天抽一抽",
    "slug": "autumn",
    "starts_at": "2026-03-02T10:00",
    "ends_at": "2026-03-09T10:00",
    "price_points": "50",
    "free_per_day": "1",
    "attempts_per_day": "10",
    "budget_points_per_day": "",
    "claim_days": "14",
    "revision": "1",
    "consolation": "1",
    "prizes-0-title": "20 积分",
    "prizes-0-kind": "points",
    "prizes-0-picture": "star",
    "prizes-0-points": "20",
    "prizes-0-weight_ppm": "32.4",
    "prizes-1-title": "谢谢路过",
    "prizes-1-kind": "nothing",
    "prizes-1-picture": "feather",
    "prizes-1-weight_ppm": "67.6000",
} | {
    f"prizes-{place}-{name}": value
    for place in range(2, 8)
    for name, value in (("kind", "nothing"), ("picture", "gift"))
}


@pytest.fixture
def editor(as_staff, clock):
    clock.stand_at(MONDAY)
    ensure_rulebook()
    return as_staff("editor")


def only_draw():
    db.session.rollback()
    return db.session.execute(select(Draw)).scalar_one()


def draws_made():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Draw))


def test_draw_is_made_changed_opened_and_closed(editor):
    made = editor.post("/merchant/draws", data=DRAW)
    url = made.headers["Location"]
    changed = editor.post(url, data={**DRAW, "title": "秋天"})
    opened = editor.post(f"{url}/publication")

    assert [made.status_code, changed.status_code, opened.status_code] == [303, 303, 303]
    assert (only_draw().title, only_draw().state) == ("秋天", "open")
    assert only_draw().starts_at.isoformat() == "2026-03-02T02:00:00+00:00"
    weights = list(db.session.scalars(select(Prize.weight_ppm).order_by(Prize.position)))
    assert weights == [324_000, 676_000]
    assert "32.40%" in editor.get("/draws/autumn").text
    assert editor.post(f"{url}/closing").status_code == 303
    assert only_draw().state == "closed"
    actions = list(db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("draw."))))
    assert actions == ["draw.create", "draw.save", "draw.publish", "draw.close"]


def test_editor_shows_what_was_saved(editor):
    url = editor.post("/merchant/draws", data=DRAW).headers["Location"]

    page = editor.get(url).text

    assert 'value="32.40"' in page
    assert 'value="2026-03-02T10:00"' in page
    assert "100.00%" in page


def test_draw_that_does_not_sum_up_is_not_opened(editor):
    url = editor.post("/merchant/draws", data={**DRAW, "prizes-0-weight_ppm": "32.39"}).headers["Location"]

    answer = editor.post(f"{url}/publication")

    assert answer.status_code == 422
    assert "99.99%" in answer.text
    assert only_draw().state == "draft"


def test_expectation_is_worked_out_and_writes_nothing(editor):
    answer = editor.fragment("/merchant/draws/expectation", method="POST", data=DRAW)

    assert "100.00%" in answer.text
    assert "¥0.064" in answer.text  # 32.4 % of 20 points at one cent
    assert "<html" not in answer.text
    assert draws_made() == 0


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 41},
        {"title": "\0"},
        {"slug": "../etc"},
        {"slug": "Ä"},
        {"ends_at": "2026-03-01T10:00"},
        {"starts_at": "x"},
        {"price_points": "-1"},
        {"price_points": "1e3"},
        {"price_points": "１"},
        {"price_points": str(2**63)},
        {"attempts_per_day": "0"},
        {"prizes-0-weight_ppm": "32.45678"},
        {"prizes-0-weight_ppm": "101"},
        {"prizes-0-weight_ppm": "NaN"},
        {"prizes-0-points": ""},
        {"prizes-0-kind": "car"},
        {"prizes-0-picture": "../../secret"},
        {"prizes-0-market_price_cents": "50000.01"},
        {"prizes-1-kind": "product"},
        {"prizes-0-stock": "2.5"},
    ],
    ids=str,
)
def test_wrong_draw_is_shown_again_and_not_kept(editor, values):
    answer = editor.post("/merchant/draws", data={**DRAW, **values})

    assert answer.status_code == 422
    assert draws_made() == 0


def test_goods_that_nobody_knows_are_named(editor):
    bear = {"prizes-0-kind": "product", "prizes-0-sku": "NO-SUCH", "prizes-0-stock": "3"}

    answer = editor.post("/merchant/draws", data={**DRAW, **bear})

    assert answer.status_code == 422
    assert "NO-SUCH" in answer.text
    assert draws_made() == 0


@pytest.mark.parametrize("role", ["cashier", "support"])
def test_other_roles_stay_outside(as_staff, clock, role):
    clock.stand_at(MONDAY)
    ensure_rulebook()
    draw_id = make_draw()
    client = as_staff(role)

    for path in ("/merchant/draws", "/merchant/draws/new", f"/merchant/draws/{draw_id}", "/merchant/signin"):
        assert client.get(path).status_code == 403
    for path in ("/merchant/draws", f"/merchant/draws/{draw_id}", f"/merchant/draws/{draw_id}/closing"):
        assert client.post(path, data=DRAW).status_code == 403
    assert only_draw().state == "open"


def test_draw_that_is_none_is_not_found(editor):
    assert editor.get("/merchant/draws/999").status_code == 404
    assert editor.post("/merchant/draws/999/publication").status_code == 404


def test_list_tells_the_figures(editor):
    make_draw(free_per_day=0)
    draw_once(make_member(points=100), "attempt-1")

    page = editor.get("/merchant/draws").text

    assert "周末抽一抽" in page
    assert ">50<" in page


def test_sign_in_board_tells_the_rule_and_its_use(as_staff, clock):
    member_id = make_member()
    for offset in range(4):
        sign_in(member_id, MONDAY + offset * A_DAY)
    clock.stand_at(MONDAY + 3 * A_DAY)

    page = as_staff("editor").get("/merchant/signin").text

    assert ">50<" in page  # four days and the milestone of three
    assert "¥0.50" in page
    assert ">720<" in page  # 7 × 10 + 23 × 20 + 190 of milestones
